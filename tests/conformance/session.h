#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/json/value.h"
#include "tests/conformance/server.h"

namespace coreflow::conformance {

struct Answer {
  int status = 0;  // 0: no answer came
  json::Value body = {};
  std::string warning = {};  // the Warning header; empty: none
  std::string error = {};    // why none came

  // "409 AlreadyExists", "200": the status, and the reason of a metav1.Status that is a failure.
  std::string Said() const;
  const json::Value& operator[](std::string_view member) const { return body[member]; }
};
void PrintTo(const Answer& answer, std::ostream* out);

// One frame of a watch.
struct Frame {
  std::string type = {};
  json::Value object = {};

  // "ADDED a", "ERROR 410": the type with the object's name, or the status's code.
  std::string Said() const;
};

// A watch that collects what comes.
class WatchLog {
 public:
  // Waits until so many frames, bookmarks not counted, have come; gives those that have.
  std::vector<Frame> Await(size_t count);
  // Waits for a bookmark; nullopt when none comes.
  std::optional<Frame> AwaitBookmark();
  // Waits for the end of the stream: "ok", or the error's code; empty when it does not end.
  std::string AwaitEnd();
  // The status of the answer's head; 0 until it has come.
  int status() const;

 private:
  friend class Session;
  struct State;
  std::shared_ptr<State> state_;
  Server* server_ = nullptr;
};

// A case's view of the server: a namespace of its own, and requests that wait for their answers. The namespace is
// deleted at the end.
class Session {
 public:
  explicit Session(Server& server);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const std::string& name_space() const { return name_space_; }

  // Where the collections of the namespace are: "/api/v1/namespaces/NS/pods".
  std::string Pods() const;
  std::string Leases() const;
  std::string Workflows() const;
  // Any other one of the core group, or of a group and version: Collection("apps/v1", "deployments").
  std::string Collection(const std::string& group_version, const std::string& plural) const;
  // The collection of the Fence that the policies look at: of kube-system, where the runs put it.
  static std::string Fences();

  Answer Get(const std::string& target, const std::string& accept = "application/json");
  Answer Post(const std::string& target, const json::Value& body, const std::string& type = "application/json");
  Answer Put(const std::string& target, const json::Value& body);
  Answer MergePatch(const std::string& target, const json::Value& patch);
  // Any body, as it is.
  Answer Raw(const std::string& method, const std::string& target, const std::string& type, std::string body);
  Answer JsonPatch(const std::string& target, const json::Value& patch);
  Answer Patch(const std::string& target, const std::string& type, const json::Value& patch);
  Answer Delete(const std::string& target, const json::Value& options = {});

  // Opens a watch; `target` has everything but `watch=true`. Waits for the answer's head.
  WatchLog Watch(const std::string& target, const std::string& accept = "application/json");

  // Asks again and again until `done` holds, for what a server hears of a moment later, within two minutes; whether
  // it did.
  static bool Until(const std::function<bool()>& done);

  // Makes an object and gives it as the server stores it; the test fails when it is refused.
  json::Value MakeLease(const std::string& name, const json::Object& labels = {});
  json::Value MakePod(const std::string& name, const json::Object& metadata = {}, const std::string& node = "");
  json::Value MakeWorkflow(const std::string& name, const json::Object& metadata = {});
  json::Value MakeJob(const std::string& name);
  json::Value MakeConfigMap(const std::string& name, const json::Object& data, const std::string& query = "");

 private:
  Answer Send(http::Request request);

  Server& server_;
  std::string name_space_;
  std::vector<std::shared_ptr<http::Cancel>> watches_;
};

// Bodies that a real server takes.
json::Value LeaseBody(const std::string& name, const json::Object& labels = {});
// Never scheduled, unless it is made on a node; the node need not exist.
json::Value PodBody(const std::string& name, const json::Object& metadata = {}, const std::string& node = "");
json::Value WorkflowBody(const std::string& name, const json::Object& metadata = {});
json::Value ConfigMapBody(const std::string& name, const json::Object& data);

// The names of a list's items, in order, with blanks between.
std::string Names(const json::Value& list);
// What the frames say, in order, with commas between.
std::string Said(const std::vector<Frame>& frames);
std::string VersionOf(const json::Value& object);
// Who manages the object: "MANAGER OPERATION SUBRESOURCE" each, in order, with commas between.
std::string Managers(const json::Value& object);
// Whether a resourceVersion is later than another one.
bool Later(const std::string& version, const std::string& than);

}  // namespace coreflow::conformance
