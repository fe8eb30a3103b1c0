#include "operator/dev/kept_blobs.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "pkg/artifact/blob_entry.h"
#include "pkg/artifact/reading.h"
#include "pkg/data/blob_route.h"
#include "pkg/json/write.h"

namespace coreflow::dev {

namespace {

constexpr std::string_view kNamespaces = "/api/v1/namespaces/";
// What a client may leave unread before its download waits.
constexpr size_t kAhead = size_t{4} << 20;

http::Response JsonResponse(int status, const json::Value& value) {
  return {.status = status, .headers = {{"content-type", "application/json"}}, .body = json::Write(value) + "\n"};
}
http::Response Failure(int status, std::string_view message) {
  return JsonResponse(status, artifact::ReaderFailure(status, message));
}

// The path that the data service would see; nullopt for a target that does not lead to it.
std::optional<std::string_view> BehindTheProxy(std::string_view target) {
  if (!target.starts_with(kNamespaces)) return std::nullopt;
  const size_t slash = target.find('/', kNamespaces.size());
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string proxy = artifact::ProxyPath(target.substr(kNamespaces.size(), slash - kNamespaces.size()), "/");
  if (!target.starts_with(proxy)) return std::nullopt;
  return target.substr(proxy.size() - 1);
}

// What a download and its reply know of each other.
struct Progress {
  std::mutex mu;
  std::condition_variable changed;
  bool taken = false;  // guarded by mu, as is what follows
  bool over = false;   // the client has gone, or we end

  void Set(bool Progress::*what) {
    const std::lock_guard lock(mu);
    this->*what = true;
    changed.notify_all();
  }
};

// What keeps the namespace from getting the blob.
Result<void> CheckBlob(store::Store& store, const data::BlobRoute& route, const store::Digest& digest) {
  TRY([[maybe_unused]] const std::string entry, store.GetEntry(artifact::BlobEntry(route.name_space, route.digest)));
  TRY([[maybe_unused]] const uint64_t size, store.BlobSize(digest));
  return {};
}

}  // namespace

// One blob on its way to one client, on a thread of its own.
class KeptBlobs::Download {
 public:
  Download(store::Store& store, data::BlobRoute route, std::shared_ptr<http::Reply> reply)
      : thread_([this, &store, route = std::move(route), reply = std::move(reply)] {
          Run(store, route, *reply);
          ended_ = true;
        }) {}
  ~Download() {
    progress_->Set(&Progress::over);
    thread_.join();
  }

  bool ended() const { return ended_; }

 private:
  void Run(store::Store& store, const data::BlobRoute& route, http::Reply& reply) {
    const auto digest = store::Digest::Parse(route.digest);
    if (const auto checked = CheckBlob(store, route, *digest); !checked) {
      const bool none = checked.error().code == Code::kNotFound;
      return reply.Send(none ? Failure(404, "this namespace has no such blob") : Failure(503, checked.error().message));
    }
    reply.Begin({.status = 200, .headers = {{"content-type", "application/octet-stream"}}});
    reply.OnGone([progress = progress_] { progress->Set(&Progress::over); });
    size_t ahead = 0;
    const auto read = store.ReadBlob(*digest, [&](std::string_view piece) -> Result<void> {
      reply.Write(std::string(piece));
      ahead += piece.size();
      if (ahead < kAhead) return {};
      ahead = 0;
      return AwaitTaken(reply);
    });
    // Without its end the answer is cut off, which the client sees.
    if (read) reply.End();
  }

  Result<void> AwaitTaken(http::Reply& reply) {
    reply.OnTaken([progress = progress_] { progress->Set(&Progress::taken); });
    std::unique_lock lock(progress_->mu);
    progress_->changed.wait(lock, [this] { return progress_->taken || progress_->over; });
    if (progress_->over) return Error{.code = Code::kCancelled, .message = "the client has gone"};
    progress_->taken = false;
    return {};
  }

  const std::shared_ptr<Progress> progress_ = std::make_shared<Progress>();
  std::atomic<bool> ended_ = false;
  std::thread thread_;  // last: it uses the others
};

KeptBlobs::KeptBlobs(store::Store& store) : store_(store) {}
KeptBlobs::~KeptBlobs() = default;

bool KeptBlobs::Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  const auto path = BehindTheProxy(request.target);
  if (!path) return false;
  std::erase_if(downloads_, [](const auto& download) { return download->ended(); });
  auto answer = [&](http::Response response) {
    reply->Send(std::move(response));
    return true;
  };
  if (request.method != "GET") return answer(Failure(405, "only GET can be done here"));
  if (*path == artifact::kTermsPath) {
    return answer(JsonResponse(200, artifact::ToJson(artifact::ReaderTerms::kNothing)));
  }
  auto route = data::ParseBlobRoute(*path);
  if (!route) return answer(Failure(route.error().code == Code::kNotFound ? 404 : 400, route.error().message));
  if (!route->pod.empty()) return answer(Failure(404, "pods have an address of their own for their artifacts"));
  if (downloads_.size() >= kMostAtOnce) return answer(Failure(503, "too many read already: try again"));
  downloads_.push_back(std::make_unique<Download>(store_, *std::move(route), reply));
  return true;
}

}  // namespace coreflow::dev
