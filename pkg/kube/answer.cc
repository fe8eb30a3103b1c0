#include "pkg/kube/answer.h"

#include <utility>

#include "pkg/json/parse.h"

namespace coreflow::kube {
namespace {

Answer Failed(ApiError error) { return Answer{.error = std::move(error)}; }

Answer Unreadable(const Request& request, const http::Response& response, Error why) {
  if (!ReadOnly(request.verb)) why.code = Code::kUnavailable;
  bool effect = !ReadOnly(request.verb) && !request.dry_run;
  return Failed({.error = std::move(why), .status = response.status, .may_have_taken_effect = effect});
}

}  // namespace

bool MayHaveTakenEffect(const Request& request, const ApiError& error) {
  if (ReadOnly(request.verb) || request.dry_run) return false;
  return error.status == 0 || error.status >= 500;
}

Answer ReadAnswer(const Request& request, const Result<http::Response>& response, const json::Shape& shape,
                  const DecodeText& decode) {
  if (!response || response->status < 200 || response->status > 299) {
    ApiError error = response ? ErrorOf(*response) : ErrorWithoutAnswer(response.error());
    error.may_have_taken_effect = MayHaveTakenEffect(request, error);
    return Failed(std::move(error));
  }
  if (decode) {
    auto decoded = decode(response->body);
    if (!decoded) return Unreadable(request, *response, decoded.error());
    return Answer{.decoded = *std::move(decoded)};
  }
  if (response->body.empty()) return Answer{};
  auto body = json::Parse(response->body, shape);
  if (!body) return Unreadable(request, *response, body.error());
  return Answer{.body = *std::move(body)};
}

}  // namespace coreflow::kube
