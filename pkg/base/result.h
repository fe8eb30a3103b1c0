#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "pkg/base/check.h"

namespace coreflow {

// What the caller should do about a failure, not where it came from.
enum class Code {
  kInvalid,        // the input is wrong: report it, do not retry
  kNotFound,       // it does not exist
  kAlreadyExists,  // it exists: look at what is there
  kConflict,       // it changed meanwhile: read again, decide again
  kGone,           // the version asked for is no longer kept: list again
  kForbidden,      // not allowed: report it
  kUnauthorized,   // credentials were refused: refresh them
  kTooMany,        // asked to slow down: retry later
  kUnavailable,    // nobody answered, or only for now: retry later; a write may have taken effect
  kCancelled,      // we ended it ourselves
  kInternal,       // a bug, here or there
};

// The constant's name without its k, for example "Conflict".
const char* CodeName(Code code);

struct Error {
  Code code = Code::kInternal;
  std::string message;

  bool operator==(const Error&) const = default;
};

// A value or the error that stands in its place. Names follow std::expected, which this compiler lacks.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // REQUIRES: has_value().
  T& value() & {
    CHECK(has_value(), "value() of an error");
    return std::get<0>(state_);
  }
  const T& value() const& {
    CHECK(has_value(), "value() of an error");
    return std::get<0>(state_);
  }
  T&& value() && {
    CHECK(has_value(), "value() of an error");
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !has_value().
  const Error& error() const {
    CHECK(!has_value(), "error() of a value");
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Success, or an error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  // REQUIRES: !has_value().
  const Error& error() const {
    CHECK(error_.has_value(), "error() of a value");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace coreflow

#define COREFLOW_CONCAT_INNER(a, b) a##b
#define COREFLOW_CONCAT(a, b) COREFLOW_CONCAT_INNER(a, b)

// TRY(declaration, expression): evaluates a Result, returns its error from this function, or binds its value.
#define TRY(declaration, ...)                                                                                          \
  auto COREFLOW_CONCAT(try_, __LINE__) = (__VA_ARGS__);                                                                \
  if (!COREFLOW_CONCAT(try_, __LINE__).has_value()) return ::coreflow::Error(COREFLOW_CONCAT(try_, __LINE__).error()); \
  declaration = *std::move(COREFLOW_CONCAT(try_, __LINE__))

// TRY_VOID(expression): evaluates a Result<void> and returns its error from this function.
#define TRY_VOID(...)                                                          \
  do {                                                                         \
    auto try_result = (__VA_ARGS__);                                           \
    if (!try_result.has_value()) return ::coreflow::Error(try_result.error()); \
  } while (false)
