#include "tests/conformance/session.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::conformance {

namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(15);
constexpr std::chrono::milliseconds kIdle = std::chrono::minutes(5);
// A busy server takes its time for what its controllers do, such as emptying a namespace.
constexpr std::chrono::minutes kSlowest{2};

}  // namespace

std::string Answer::Said() const {
  if (status == 0) return "no answer: " + error;
  std::string said = std::to_string(status);
  if (body["kind"].StringOr("") == "Status" && body["status"].StringOr("") == "Failure") {
    said += " " + body["reason"].StringOr("");
  }
  return said;
}

void PrintTo(const Answer& answer, std::ostream* out) { *out << answer.Said() << " " << json::Write(answer.body); }

std::string Frame::Said() const {
  return type + " " + (type == "ERROR" ? json::Write(object["code"]) : object["metadata"]["name"].StringOr("?"));
}

// Filled by the stream's sink, read by the test; Server::Await keeps the two apart.
struct WatchLog::State : http::Sink {
  void OnHeaders(const http::Response& head) override { status = head.status; }
  void OnBytes(std::string_view bytes) override {
    rest += bytes;
    for (size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      const auto frame = json::Parse(std::string_view(rest).substr(0, end));
      rest.erase(0, end + 1);
      if (!frame) {
        frames.push_back({"UNREADABLE", {}});
      } else if ((*frame)["type"].StringOr("") == "BOOKMARK") {
        bookmarks.push_back({"BOOKMARK", (*frame)["object"]});
      } else {
        frames.push_back({(*frame)["type"].StringOr(""), (*frame)["object"]});
      }
    }
  }

  int status = 0;
  std::string rest;
  std::vector<Frame> frames;
  std::vector<Frame> bookmarks;
  std::string end;
};

std::vector<Frame> WatchLog::Await(size_t count) {
  server_->Await([this, count] { return state_->frames.size() >= count || !state_->end.empty(); }, kPatience);
  return state_->frames;
}

std::optional<Frame> WatchLog::AwaitBookmark() {
  server_->Await([this] { return !state_->bookmarks.empty() || !state_->end.empty(); }, kPatience);
  if (state_->bookmarks.empty()) return std::nullopt;
  return state_->bookmarks.front();
}

std::string WatchLog::AwaitEnd() {
  server_->Await([this] { return !state_->end.empty(); }, kPatience);
  return state_->end;
}

int WatchLog::status() const { return state_->status; }

Session::Session(Server& server) : server_(server), name_space_("conformance-" + server.Unique()) {
  const json::Value name_space = json::Object{{"metadata", json::Object{{"name", name_space_}}}};
  const Answer made = Post("/api/v1/namespaces", name_space);
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  // Where no controller makes it, pods are refused without it.
  Post("/api/v1/namespaces/" + name_space_ + "/serviceaccounts",
       json::Object{{"apiVersion", "v1"}, {"kind", "ServiceAccount"}, {"metadata", json::Object{{"name", "default"}}}});
}

Session::~Session() {
  for (const auto& watch : watches_) watch->Now();
  Delete("/api/v1/namespaces/" + name_space_);
}

std::string Session::Pods() const { return "/api/v1/namespaces/" + name_space_ + "/pods"; }
std::string Session::Leases() const { return "/apis/coordination.k8s.io/v1/namespaces/" + name_space_ + "/leases"; }
std::string Session::Workflows() const {
  return "/apis/coreflow.dev/v1alpha1/namespaces/" + name_space_ + "/workflows";
}

std::string Session::Collection(const std::string& group_version, const std::string& plural) const {
  const std::string root = group_version == "v1" ? "/api/" : "/apis/";
  return root + group_version + "/namespaces/" + name_space_ + "/" + plural;
}
std::string Session::Fences() { return "/apis/coreflow.dev/v1alpha1/namespaces/kube-system/fences"; }

bool Session::Until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + kSlowest;
  do {
    if (done()) return true;
  } while (std::chrono::steady_clock::now() < deadline);
  return false;
}

Answer Session::Send(http::Request request) {
  auto answer = std::make_shared<std::optional<Answer>>();
  server_.transport().Send(std::move(request), kPatience, [answer](Result<http::Response> result) {
    if (!result) {
      *answer = Answer{.error = CodeName(result.error().code) + (": " + result.error().message)};
      return;
    }
    auto body = json::Parse(result->body);
    const auto warning = result->headers.find("warning");
    *answer = Answer{.status = result->status,
                     .body = body ? *body : json::Value(result->body),
                     .warning = warning == result->headers.end() ? "" : warning->second};
  });
  if (!server_.Await([&answer] { return answer->has_value(); }, kPatience * 2)) return {.error = "nothing came back"};
  return **answer;
}

Answer Session::Get(const std::string& target, const std::string& accept) {
  return Send({.method = "GET", .target = target, .headers = {{"Accept", accept}}});
}

Answer Session::Post(const std::string& target, const json::Value& body, const std::string& type) {
  return Send({.method = "POST", .target = target, .headers = {{"Content-Type", type}}, .body = json::Write(body)});
}

Answer Session::Raw(const std::string& method, const std::string& target, const std::string& type, std::string body) {
  return Send({.method = method, .target = target, .headers = {{"Content-Type", type}}, .body = std::move(body)});
}

Answer Session::Put(const std::string& target, const json::Value& body) {
  return Send({.method = "PUT",
               .target = target,
               .headers = {{"Content-Type", "application/json"}},
               .body = json::Write(body)});
}

Answer Session::Patch(const std::string& target, const std::string& type, const json::Value& patch) {
  return Send({.method = "PATCH", .target = target, .headers = {{"Content-Type", type}}, .body = json::Write(patch)});
}

Answer Session::MergePatch(const std::string& target, const json::Value& patch) {
  return Patch(target, "application/merge-patch+json", patch);
}

Answer Session::JsonPatch(const std::string& target, const json::Value& patch) {
  return Patch(target, "application/json-patch+json", patch);
}

Answer Session::Delete(const std::string& target, const json::Value& options) {
  http::Request request{.method = "DELETE", .target = target};
  if (!options.IsNull()) {
    json::Object body = options.Members();
    body["kind"] = "DeleteOptions";
    body["apiVersion"] = "v1";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::Write(body);
  }
  return Send(std::move(request));
}

WatchLog Session::Watch(const std::string& target, const std::string& accept) {
  WatchLog log;
  log.server_ = &server_;
  log.state_ = std::make_shared<WatchLog::State>();
  const std::string full = target + (target.find('?') == std::string::npos ? "?" : "&") + "watch=true";
  watches_.push_back(server_.transport().Stream({.method = "GET", .target = full, .headers = {{"Accept", accept}}},
                                                kIdle, log.state_, [state = log.state_](const Result<void>& result) {
                                                  state->end = result ? "ok" : CodeName(result.error().code);
                                                }));
  server_.Await([&log] { return log.state_->status != 0 || !log.state_->end.empty(); }, kPatience);
  return log;
}

json::Value LeaseBody(const std::string& name, const json::Object& labels) {
  json::Object metadata{{"name", name}};
  if (!labels.empty()) metadata["labels"] = labels;
  return json::Object{{"apiVersion", "coordination.k8s.io/v1"},
                      {"kind", "Lease"},
                      {"metadata", std::move(metadata)},
                      {"spec", json::Object{{"holderIdentity", "nobody"}}}};
}

json::Value PodBody(const std::string& name, const json::Object& metadata, const std::string& node) {
  json::Object meta = metadata;
  meta["name"] = name;
  json::Object spec{{"containers", json::Array{json::Object{{"name", "main"}, {"image", "busybox:1.36"}}}},
                    {"restartPolicy", "Never"},
                    {"automountServiceAccountToken", false}};
  if (node.empty()) {
    spec["nodeSelector"] = json::Object{{"coreflow.dev/no-such-node", "true"}};
  } else {
    spec["nodeName"] = node;
  }
  return json::Object{{"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", std::move(meta)}, {"spec", std::move(spec)}};
}

json::Value WorkflowBody(const std::string& name, const json::Object& metadata) {
  json::Object meta = metadata;
  meta["name"] = name;
  json::Object step{{"name", "a"}, {"image", "busybox:1.36"}, {"command", json::Array{"true"}}};
  return json::Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                      {"kind", "Workflow"},
                      {"metadata", std::move(meta)},
                      {"spec", json::Object{{"steps", json::Array{std::move(step)}}}}};
}

json::Value Session::MakeLease(const std::string& name, const json::Object& labels) {
  const Answer made = Post(Leases(), LeaseBody(name, labels));
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  return made.body;
}

json::Value Session::MakePod(const std::string& name, const json::Object& metadata, const std::string& node) {
  const Answer made = Post(Pods(), PodBody(name, metadata, node));
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  return made.body;
}

json::Value Session::MakeWorkflow(const std::string& name, const json::Object& metadata) {
  const Answer made = Post(Workflows(), WorkflowBody(name, metadata));
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  return made.body;
}

json::Value Session::MakeJob(const std::string& name) {
  const json::Value job = json::Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                                       {"kind", "Job"},
                                       {"metadata", json::Object{{"name", name}}},
                                       {"spec", json::Object{{"template", json::Object{{"image", "busybox:1.36"}}}}}};
  const Answer made = Post(Collection("coreflow.dev/v1alpha1", "jobs"), job);
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  return made.body;
}

json::Value ConfigMapBody(const std::string& name, const json::Object& data) {
  return json::Object{
      {"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", json::Object{{"name", name}}}, {"data", data}};
}

json::Value Session::MakeConfigMap(const std::string& name, const json::Object& data, const std::string& query) {
  const Answer made = Post(Collection("v1", "configmaps") + query, ConfigMapBody(name, data));
  EXPECT_EQ(made.Said(), "201") << testing::PrintToString(made);
  return made.body;
}

std::string Managers(const json::Value& object) {
  std::string managers;
  for (const json::Value& entry : object["metadata"]["managedFields"].Elements()) {
    if (!managers.empty()) managers += ", ";
    managers += entry["manager"].StringOr("?") + " " + entry["operation"].StringOr("?");
    if (const std::string sub = entry["subresource"].StringOr(""); !sub.empty()) managers += " " + sub;
  }
  return managers;
}

std::string Names(const json::Value& list) {
  std::string names;
  for (const json::Value& item : list["items"].Elements()) {
    if (!names.empty()) names += " ";
    names += item["metadata"]["name"].StringOr("?");
  }
  return names;
}

std::string Said(const std::vector<Frame>& frames) {
  std::string said;
  for (const Frame& frame : frames) {
    if (!said.empty()) said += ", ";
    said += frame.Said();
  }
  return said;
}

std::string VersionOf(const json::Value& object) { return object["metadata"]["resourceVersion"].StringOr(""); }

bool Later(const std::string& version, const std::string& than) {
  return version.size() != than.size() ? version.size() > than.size() : version > than;
}

}  // namespace coreflow::conformance
