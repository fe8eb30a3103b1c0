#include "pkg/http/receivers.h"

#include <string>
#include <utility>

namespace coreflow::http {

namespace {

Error Described(const std::string& what, const Error& error) {
  return {.code = error.code, .message = what + ": " + error.message};
}

class WholeReceiver : public Receiver {
 public:
  WholeReceiver(std::string what, size_t max_body, Transport::Completion done)
      : what_(std::move(what)), max_body_(max_body), done_(std::move(done)) {}

  Result<void> Head(Response head) override {
    answer_ = std::move(head);
    return {};
  }

  Result<void> Bytes(std::string_view bytes) override {
    if (bytes.size() > max_body_ - answer_.body.size()) {
      return Error{.code = Code::kInvalid,
                   .message = "the answer is bigger than the limit of " + std::to_string(max_body_) + " bytes"};
    }
    answer_.body.append(bytes);
    return {};
  }

  void End(Result<void> result) override {
    if (result) {
      done_(std::move(answer_));
    } else {
      done_(Described(what_, result.error()));
    }
  }

 private:
  const std::string what_;
  const size_t max_body_;
  Transport::Completion done_;
  Response answer_;
};

class PiecesReceiver : public Receiver {
 public:
  PiecesReceiver(std::string what, std::shared_ptr<Sink> sink, Transport::StreamEnd end)
      : what_(std::move(what)), sink_(std::move(sink)), end_(std::move(end)) {}

  Result<void> Head(Response head) override {
    sink_->OnHeaders(head);
    return {};
  }

  Result<void> Bytes(std::string_view bytes) override {
    sink_->OnBytes(bytes);
    return {};
  }

  void End(Result<void> result) override {
    if (result) {
      end_({});
    } else {
      end_(Described(what_, result.error()));
    }
  }

 private:
  const std::string what_;
  std::shared_ptr<Sink> sink_;
  Transport::StreamEnd end_;
};

}  // namespace

std::unique_ptr<Receiver> Whole(std::string what, size_t max_body, Transport::Completion done) {
  return std::make_unique<WholeReceiver>(std::move(what), max_body, std::move(done));
}

std::unique_ptr<Receiver> Pieces(std::string what, std::shared_ptr<Sink> sink, Transport::StreamEnd end) {
  return std::make_unique<PiecesReceiver>(std::move(what), std::move(sink), std::move(end));
}

}  // namespace coreflow::http
