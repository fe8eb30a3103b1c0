#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/json/line_sink.h"
#include "pkg/kube/api_error.h"

namespace coreflow::kube {

// The sink between a transport and a watch's own: lets the bytes of a good answer through, and keeps those of any
// other, which say why. Used on the transport's thread. Takes lines too, as text where the watch's own sink does not.
class StreamGuard : public http::Sink, public json::LineSink {
 public:
  // `on_head` is told the status of the answer.
  StreamGuard(std::shared_ptr<http::Sink> sink, std::function<void(int status)> on_head)
      : sink_(std::move(sink)), on_head_(std::move(on_head)) {}

  void OnHeaders(const http::Response& head) override;
  void OnBytes(std::string_view bytes) override;
  void OnLines(const std::vector<json::Value>& lines) override;

  // How the stream ended, once it has; nullopt: in good order.
  std::optional<ApiError> ErrorAfter(const Result<void>& end) const;

 private:
  bool good() const { return head_.status >= 200 && head_.status <= 299; }

  const std::shared_ptr<http::Sink> sink_;
  const std::function<void(int)> on_head_;
  http::Response head_;
};

}  // namespace coreflow::kube
