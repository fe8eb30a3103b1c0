#include "pkg/http/contract.h"

#include "pkg/http/beast_transport.h"
#include "pkg/http/cpprest_transport.h"

namespace coreflow::http {

INSTANTIATE_TEST_SUITE_P(Transport, ContractTest,
                         testing::Values(Implementation{"Cpprest", NewCpprestTransport},
                                         Implementation{"Beast", NewBeastTransport}),
                         [](const auto& info) { return info.param.name; });

void PrintTo(const Implementation& implementation, std::ostream* out) { *out << implementation.name; }

void PrintTo(const Response& response, std::ostream* out) { *out << response.status << " " << response.body; }

std::unique_ptr<Transport> ContractTest::Make(Options options) {
  auto transport = GetParam().make(std::move(options));
  CHECK(transport.has_value(), "the test's options are good");
  return std::move(*transport);
}

Result<Response> Ask(Transport& transport, Request request, std::chrono::milliseconds deadline) {
  Outcome<Response> outcome;
  transport.Send(std::move(request), deadline, outcome.Receive());
  return outcome.Wait();
}

std::string Show(const Result<Response>& result) {
  if (!result) return std::string(CodeName(result.error().code)) + ": " + result.error().message;
  return std::to_string(result->status) + " " + result->body;
}

std::string CodeOf(const Result<Response>& result) { return result ? "OK" : CodeName(result.error().code); }
std::string CodeOf(const Result<void>& result) { return result ? "OK" : CodeName(result.error().code); }

void Recorder::OnHeaders(const Response& head) {
  std::lock_guard lock(mu_);
  if (status_ != 0) disorder_ = true;
  status_ = head.status;
  changed_.notify_all();
}

void Recorder::OnBytes(std::string_view bytes) {
  std::lock_guard lock(mu_);
  if (status_ == 0) disorder_ = true;
  bytes_.append(bytes);
  changed_.notify_all();
}

std::string Recorder::Seen() const {
  std::lock_guard lock(mu_);
  if (disorder_) return "bytes before headers, or headers twice";
  return std::to_string(status_) + " " + bytes_;
}

bool Recorder::WaitUntil(const std::function<bool()>& condition) const {
  std::unique_lock lock(mu_);
  return changed_.wait_for(lock, kLong, condition);
}

bool Recorder::WaitBytes(size_t count) const {
  return WaitUntil([&] { return bytes_.size() >= count; });
}

bool Recorder::WaitHeaders() const {
  return WaitUntil([&] { return status_ != 0; });
}

}  // namespace coreflow::http
