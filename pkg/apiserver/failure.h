#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/apiserver/resource.h"
#include "pkg/base/check.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// Why the server refused: a metav1.Status, worded as k8s.io/apimachinery/pkg/api/errors words it.
struct Failure {
  int code = 500;
  std::string reason = {};
  std::string message = {};
  json::Value details = {};
  int retry_after_seconds = 0;      // over 0: also the Retry-After header
  std::string continue_token = {};  // of an expired list: how to go on with what is there now

  bool operator==(const Failure&) const = default;
};

void PrintTo(const Failure& failure, std::ostream* out);

// The Status object that stands for it on the wire.
json::Value ToStatus(const Failure& failure);

// One fault of one field, as a Status lists them under details.causes.
struct Cause {
  std::string type = {};   // "FieldValueInvalid", "FieldValueRequired", "FieldValueForbidden"
  std::string field = {};  // "metadata.name"
  std::string message = {};
};
Cause InvalidField(std::string field, std::string_view value, std::string_view detail);
Cause RequiredField(std::string field, std::string_view detail);
Cause ForbiddenField(std::string field, std::string_view detail);

Failure NotFound(const Resource& resource, std::string_view name);
Failure AlreadyExists(const Resource& resource, std::string_view name);
Failure Conflict(const Resource& resource, std::string_view name, std::string_view why);
Failure Forbidden(const Resource& resource, std::string_view name, std::string_view why);
// `kind` is the kind with its group: "Pod", "Workflow.coreflow.dev".
Failure Invalid(std::string_view group, std::string_view kind, std::string_view name, const std::vector<Cause>& causes);
Failure BadRequest(std::string message);
Failure Expired(std::string message);
Failure TooLargeResourceVersion(uint64_t wanted, uint64_t current);
Failure TooManyRequests(std::string message, int retry_after_seconds);
Failure MethodNotAllowed(std::string_view method, const Resource& resource);
Failure UnsupportedMediaType(std::string_view type, std::string_view accepted);
// For what the real server can do and this one cannot.
Failure NotImplemented(std::string_view what);

// "Operation cannot be fulfilled …: the object has been modified", the conflict of an outdated resourceVersion.
Failure Outdated(const Resource& resource, std::string_view name);

// A value, or why there is none.
template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}            // NOLINT: implicit on purpose
  Outcome(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // REQUIRES: has_value().
  T& operator*() {
    CHECK(has_value(), "a value is there");
    return std::get<0>(state_);
  }
  const T& operator*() const {
    CHECK(has_value(), "a value is there");
    return std::get<0>(state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  // REQUIRES: !has_value().
  const Failure& failure() const {
    CHECK(!has_value(), "a failure is there");
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace coreflow::apiserver
