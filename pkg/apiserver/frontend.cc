#include "pkg/apiserver/frontend.h"

#include <string>
#include <utility>

#include "pkg/apiserver/responses.h"

namespace coreflow::apiserver {

// One open watch of one client. Frames that come before the head is out, those of what there is, wait for it.
class Frontend::Stream : public std::enable_shared_from_this<Stream> {
 public:
  explicit Stream(std::shared_ptr<http::Reply> reply) : reply_(std::move(reply)) {}

  void Take(const WatchFrame& frame) {
    if (begun_) return reply_->Write(frame.Text());
    early_ += frame.Text();
  }
  void End() {
    ended_ = true;
    if (begun_) reply_->End();
  }
  void Begin(std::shared_ptr<apiserver::Watch> watch) {
    watch_ = std::move(watch);
    begun_ = true;
    reply_->Begin({.status = 200, .headers = {{"content-type", "application/json"}}});
    reply_->Write(std::exchange(early_, {}));
    if (ended_) reply_->End();
  }

 private:
  const std::shared_ptr<http::Reply> reply_;
  std::shared_ptr<apiserver::Watch> watch_;
  std::string early_;
  bool begun_ = false;
  bool ended_ = false;
};

Frontend::Frontend(Loop& loop, ApiServer& server, Extension extension)
    : loop_(loop), server_(server), extension_(std::move(extension)), self_(std::make_shared<Frontend*>(this)) {}

Frontend::~Frontend() { *self_ = nullptr; }

http::Server::AsyncHandler Frontend::Handler() {
  return [&loop = loop_, self = self_](http::Request request, std::shared_ptr<http::Reply> reply) {
    loop.Post([self, request = std::move(request), reply = std::move(reply)] {
      if (*self) (*self)->Serve(request, reply);
    });
  };
}

void Frontend::Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  if (extension_ && extension_(request, reply)) return;
  if (ApiServer::IsWatch(request)) return ServeWatch(request, reply);
  reply->Send(server_.Handle(request));
}

void Frontend::ServeWatch(const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  auto stream = std::make_shared<Stream>(reply);
  const std::weak_ptr<Stream> weak = stream;
  auto drop = [self = self_, weak] {
    if (*self) (*self)->streams_.erase(weak.lock());
  };
  auto opened = server_.Open(
      request,
      [weak](const WatchFrame& frame) {
        if (auto open = weak.lock()) open->Take(frame);
      },
      [weak, drop, &loop = loop_](bool) {
        if (auto open = weak.lock()) open->End();
        loop.Post(drop);
      });
  if (!opened) return reply->Send(FailureResponse(opened.failure()));
  stream->Begin(*std::move(opened));
  streams_.insert(std::move(stream));
  reply->OnGone([&loop = loop_, drop] { loop.Post(drop); });
}

}  // namespace coreflow::apiserver
