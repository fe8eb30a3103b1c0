#include "pkg/kube/stream_guard.h"

#include <algorithm>

#include "pkg/json/write.h"

namespace coreflow::kube {
namespace {

constexpr size_t kMaxErrorBody = 64 << 10;

}  // namespace

void StreamGuard::OnHeaders(const http::Response& head) {
  head_ = head;
  head_.body.clear();
  on_head_(head_.status);
  if (good()) sink_->OnHeaders(head_);
}

void StreamGuard::OnBytes(std::string_view bytes) {
  if (good()) {
    sink_->OnBytes(bytes);
  } else {
    head_.body.append(bytes.substr(0, kMaxErrorBody - std::min(kMaxErrorBody, head_.body.size())));
  }
}

void StreamGuard::OnLines(const std::vector<json::Value>& lines) {
  if (auto* taker = good() ? dynamic_cast<json::LineSink*>(sink_.get()) : nullptr) return taker->OnLines(lines);
  for (const json::Value& line : lines) OnBytes(json::Write(line) + "\n");
}

std::optional<ApiError> StreamGuard::ErrorAfter(const Result<void>& end) const {
  if (head_.status != 0 && !good()) return ErrorOf(head_);
  if (!end) return ErrorWithoutAnswer(end.error());
  if (head_.status == 0) {
    return ErrorWithoutAnswer({.code = Code::kUnavailable, .message = "the answer has no head"});
  }
  return std::nullopt;
}

}  // namespace coreflow::kube
