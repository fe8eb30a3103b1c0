#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/session.h"
#include "pkg/json/value.h"
#include "pkg/kube/informer.h"

namespace coreflow::cli {

// Follows a Workflow or Job, and what belongs to its latest run. Everything on the loop; the session outlives it.
class RunWatch {
 public:
  struct Options {
    // Records and pods, too; pods that may not be read are none.
    bool parts = false;
    // Something is new, or failure() is set.
    std::function<void()> on_change = {};
    // The server does not answer for now; once for each time of trouble.
    std::function<void(const std::string& message)> on_trouble = {};
  };

  RunWatch(Session& session, FoundRun run, Options options);
  ~RunWatch();
  RunWatch(const RunWatch&) = delete;
  RunWatch& operator=(const RunWatch&) = delete;

  // The object as last seen; as it was found until then.
  const json::Value& object() const { return object_; }
  // It was deleted, or is another one of that name by now.
  bool gone() const { return gone_; }
  // Everything that the options ask for has been read once.
  bool complete() const;
  std::vector<json::Value> records() const;
  std::vector<json::Value> pods() const;
  // Why it can't be followed.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  // The objects of one informer, by name.
  class Shelf;

  void Changed();
  void FollowParts();
  void Fail(const kube::Resource& resource, const kube::ApiError& error);

  Session& session_;
  const FoundRun run_;
  const Options options_;
  json::Value object_;
  bool gone_ = false;
  int64_t number_ = -1;  // of the run whose parts are followed
  bool troubled_ = false;
  bool pods_denied_ = false;
  std::optional<Error> failure_ = {};
  std::unique_ptr<Shelf> objects_;
  std::unique_ptr<Shelf> records_;
  std::unique_ptr<Shelf> pods_;
};

// Records and pods of the object's latest run, read once. Pods that may not be listed are none.
struct RunParts {
  std::vector<json::Value> records = {};
  std::vector<json::Value> pods = {};
};
Result<RunParts> ReadParts(Session& session, const FoundRun& run);

}  // namespace coreflow::cli
