#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/http/transport.h"
#include "pkg/json/value.h"

namespace coreflow::kube {

// Why a request to the API has no good answer: metav1.Status and what HTTP adds to it.
struct ApiError {
  struct Cause {
    std::string reason = {};  // "FieldValueInvalid", "NamespaceTerminating"
    std::string message = {};
    std::string field = {};

    bool operator==(const Cause&) const = default;
  };

  Error error = {};         // what to do about it; the message is the server's own
  int status = 0;           // HTTP status, or the code of a Status inside a watch; 0: no answer came
  std::string reason = {};  // metav1.Status.reason: "AlreadyExists"
  std::string kind = {};    // metav1.Status.details.kind, what the error is about: "namespaces"
  std::vector<Cause> causes = {};
  std::optional<Duration> retry_after = {};  // how long the server asks to wait
  // A write that was sent, and nobody knows whether it was carried out: look before doing it again.
  bool may_have_taken_effect = false;

  bool operator==(const ApiError&) const = default;
};

void PrintTo(const ApiError& error, std::ostream* out);

// The error that an answer with a status other than 2xx stands for. The body may be anything.
ApiError ErrorOf(const http::Response& response);

// The error that a metav1.Status object says, as in an ERROR frame of a watch. `http_status` counts when the object
// has no code.
ApiError ErrorOfStatus(const json::Value& status, int http_status);

// An error without an answer: from the transport, or our own.
ApiError ErrorWithoutAnswer(Error error);

// A page's continue token, or a watch's version, is older than the server keeps: list again.
bool IsExpired(const ApiError& error);
// The server is behind the resourceVersion that was asked for.
bool IsVersionTooLarge(const ApiError& error);
// Refused for now by a ResourceQuota: wait, nothing is wrong with the object.
bool IsQuotaExceeded(const ApiError& error);
// A create was refused because the namespace is being deleted or isn't there any more. A kind that the server does not
// serve is a "not found" too, but not of the namespace.
bool IsNamespaceEnding(const ApiError& error);

}  // namespace coreflow::kube
