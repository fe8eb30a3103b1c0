#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/json/shape.h"
#include "pkg/json/value.h"
#include "pkg/kube/api_error.h"
#include "pkg/kube/request.h"

namespace coreflow::kube {

// The end of a request: an object, list or Status as far as it was asked for, or the error in its place.
struct Answer {
  json::Value body = {};                     // null with an error, or when a DecodeText took it
  std::shared_ptr<const void> decoded = {};  // what the DecodeText gave
  std::optional<ApiError> error = {};

  bool ok() const { return !error.has_value(); }
};

// Makes something of the text of a good answer.
using DecodeText = std::function<Result<std::shared_ptr<const void>>(std::string_view text)>;

// Reads what a transport gave for a request: parses a body of that shape, or decodes when there is a `decode`. A good
// answer that can't be read is kInvalid for a read; a write has taken effect then, so it is kUnavailable.
Answer ReadAnswer(const Request& request, const Result<http::Response>& response, const json::Shape& shape,
                  const DecodeText& decode);

// Whether a request that ended so may have changed the server's state: a write without an answer, or with a 5xx.
bool MayHaveTakenEffect(const Request& request, const ApiError& error);

}  // namespace coreflow::kube
