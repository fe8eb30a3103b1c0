#include "operator/dev/pod_logs.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/route.h"

namespace coreflow::dev {

namespace {

using apiserver::BadRequest;
using apiserver::Failure;
using apiserver::Outcome;
using apiserver::Route;

constexpr Duration kLookAgain = std::chrono::milliseconds(100);

std::string ReadFrom(const std::string& path, size_t from) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Where the last `lines` lines begin.
size_t TailAt(const std::string& text, int64_t lines) {
  size_t at = text.size();
  if (at > 0 && text[at - 1] == '\n') --at;
  while (lines > 0 && at > 0) {
    const size_t newline = text.rfind('\n', at - 1);
    if (newline == std::string::npos) return 0;
    if (--lines == 0) return newline + 1;
    at = newline;
  }
  return lines > 0 ? 0 : text.size();
}

// A log that is sent while it grows.
struct Follower : std::enable_shared_from_this<Follower> {
  Loop& loop;
  const runner::LocalNode& node;
  std::shared_ptr<http::Reply> reply;
  json::Value pod;
  std::string container;
  size_t sent = 0;
  size_t left = SIZE_MAX;  // to be sent at most
  bool gone = false;

  Follower(Loop& the_loop, const runner::LocalNode& the_node) : loop(the_loop), node(the_node) {}

  void Look() {
    if (gone) return;
    const runner::LocalNode::Log log = node.LogOf(pod, container);  // before the text: what comes later is read later
    std::string text = ReadFrom(log.path, sent);
    sent += text.size();
    text.resize(std::min(text.size(), left));
    left -= text.size();
    if (!text.empty()) reply->Write(std::move(text));
    if (!log.live || left == 0) return reply->End();
    loop.After(kLookAgain, [self = shared_from_this()] { self->Look(); });
  }
};

Outcome<std::string> ContainerOf(const json::Value& pod, const std::string& wanted) {
  const std::string name = apiserver::NameOf(pod);
  std::string all;
  for (const char* list : {"initContainers", "containers"}) {
    for (const json::Value& container : pod["spec"][list].Elements()) {
      const std::string one = container["name"].StringOr("");
      if (one == wanted) return one;
      all += (all.empty() ? "" : " ") + one;
    }
  }
  if (!wanted.empty()) return BadRequest("container " + wanted + " is not valid for pod " + name);
  const auto& main = pod["spec"]["containers"].Elements();
  if (main.size() == 1) return main.front()["name"].StringOr("");
  return BadRequest("a container name must be specified for pod " + name + ", choose one of: [" + all + "]");
}

// "…/pods/NAME/log" as the route of the pod; nullopt for any other path.
std::optional<Outcome<Route>> PodRoute(const http::Request& request) {
  const size_t mark = std::min(request.target.find('?'), request.target.size());
  std::string path = request.target.substr(0, mark);
  if (request.method != "GET" || !path.ends_with("/log")) return std::nullopt;
  path.resize(path.size() - 4);
  auto route = apiserver::ParseRoute(path + request.target.substr(mark));
  if (route && (route->resource != &apiserver::Pods() || route->name.empty())) return std::nullopt;
  return route;
}

}  // namespace

bool PodLogs::Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  const auto route = PodRoute(request);
  if (!route) return false;
  auto refuse = [&](const Failure& failure) {
    reply->Send(apiserver::FailureResponse(failure));
    return true;
  };
  if (!*route) return refuse(route->failure());
  for (const char* option : {"previous", "sinceSeconds", "sinceTime", "timestamps"}) {
    const std::string value = (*route)->Get(option);
    if (!value.empty() && value != "false") return refuse(apiserver::NotImplemented(std::string(option) + " of logs"));
  }
  const auto found = store_.Get(apiserver::Pods(), (*route)->name_space + "/" + (*route)->name);
  if (!found) return refuse(apiserver::NotFound(apiserver::Pods(), (*route)->name));
  const auto container = ContainerOf(found->object(), (*route)->Get("container"));
  if (!container) return refuse(container.failure());
  const runner::LocalNode::Log log = node_.LogOf(found->object(), *container);
  if (log.path.empty()) {
    return refuse(BadRequest("container \"" + *container + "\" in pod \"" + (*route)->name +
                             "\" is waiting to start: ContainerCreating"));
  }
  std::string text = ReadFrom(log.path, 0);
  const size_t size = text.size();
  if (const int64_t lines = apiserver::ParseDecimal((*route)->Get("tailLines")); lines >= 0) {
    text.erase(0, TailAt(text, lines));
  }
  const int64_t most = apiserver::ParseDecimal((*route)->Get("limitBytes"));
  const bool full = most >= 0 && text.size() >= static_cast<size_t>(most);
  if (full) text.resize(static_cast<size_t>(most));
  if (full || !(*route)->Is("follow")) {
    reply->Send(apiserver::PlainResponse(200, std::move(text)));
    return true;
  }
  auto follower = std::make_shared<Follower>(loop_, node_);
  follower->reply = reply;
  follower->pod = found->object();
  follower->container = *container;
  follower->sent = size;
  if (most >= 0) follower->left = static_cast<size_t>(most) - text.size();
  reply->Begin({.status = 200, .headers = {{"content-type", "text/plain"}}});
  reply->Write(std::move(text));
  reply->OnGone([&loop = loop_, weak = std::weak_ptr<Follower>(follower)] {
    loop.Post([weak] {
      if (auto open = weak.lock()) open->gone = true;
    });
  });
  follower->Look();
  return true;
}

}  // namespace coreflow::dev
