#pragma once

#include <memory>
#include <vector>

#include "pkg/apiserver/registry.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/watch.h"
#include "pkg/base/loop.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// The Kubernetes API over HTTP, as far as CoreFlow uses it: get, list in pages, watch, create, update, status,
// patches of all kinds, delete and deletecollection of the resources in resource.cc, with the statuses and words of a
// real kube-apiserver 1.34 (tests/conformance holds both to the same cases). What it does not know is 501.
//
// Answers at once and on the caller's stack; FaultyTransport adds time and faults. Not thread-safe; lives on the loop,
// which outlives it, as does the registry.
class ApiServer {
 public:
  ApiServer(Registry& registry, Loop& loop);
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  Registry& registry() { return registry_; }

  static bool IsWatch(const http::Request& request);

  // Any request but a watch. `stale_by`: reads that allow any age see the state of that many writes ago.
  http::Response Handle(const http::Request& request, uint64_t stale_by = 0);

  // Opens a watch, or says why not. Frames of what there is come before this returns, later ones inside the writes that
  // cause them; after `on_end` none come. Letting go of the watch ends it without a word.
  Outcome<std::shared_ptr<Watch>> Open(const http::Request& request, Watch::OnFrame on_frame, Watch::OnEnd on_end);

  // Breaks all watches and takes no connections for so long. What is stored stays; watches cannot go on from before
  // the restart (the watch cache is new).
  void Restart(Duration down = Duration(0));
  // Whether connections are refused just now.
  bool down() const { return loop_.Monotonic() < down_until_; }

 private:
  Outcome<http::Response> Read(const Route& route, const View& view, uint64_t stale_by);
  Outcome<http::Response> Write(const http::Request& request, const Route& route, const View& view);
  Outcome<http::Response> Delete(const http::Request& request, const Route& route, const View& view);
  Outcome<http::Response> DeleteCollection(const Route& route, const DeleteOptions& how, const WriteOptions& options);
  void OnChange(const Change& change);
  void KeepBookmarking(const std::weak_ptr<Watch>& watch);

  Registry& registry_;
  Loop& loop_;
  std::vector<std::weak_ptr<Watch>> watches_;
  uint64_t watch_floor_ = 0;
  Duration down_until_{0};
  // The store and timers outlive the server's end by a while: what they hold looks here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::apiserver
