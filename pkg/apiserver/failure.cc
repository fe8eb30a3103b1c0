#include "pkg/apiserver/failure.h"

#include <ostream>

#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

json::Value Details(const Resource& resource, std::string_view name) {
  json::Object details;
  if (!name.empty()) details["name"] = name;
  if (!resource.group.empty()) details["group"] = resource.group;
  details["kind"] = resource.plural;
  return details;
}

std::string Named(const Resource& resource, std::string_view name) {
  return resource.Qualified() + " " + json::Quote(name);
}

}  // namespace

void PrintTo(const Failure& failure, std::ostream* out) { *out << json::Write(ToStatus(failure)); }

json::Value ToStatus(const Failure& failure) {
  json::Object metadata;
  if (!failure.continue_token.empty()) metadata["continue"] = failure.continue_token;
  json::Object status{{"kind", "Status"},    {"apiVersion", "v1"},         {"metadata", std::move(metadata)},
                      {"status", "Failure"}, {"message", failure.message}, {"code", failure.code}};
  if (!failure.reason.empty()) status["reason"] = failure.reason;
  json::Object details = failure.details.Members();
  if (failure.retry_after_seconds > 0) details["retryAfterSeconds"] = failure.retry_after_seconds;
  if (!details.empty()) status["details"] = std::move(details);
  return status;
}

Cause InvalidField(std::string field, std::string_view value, std::string_view detail) {
  return {"FieldValueInvalid", std::move(field), "Invalid value: " + json::Quote(value) + ": " + std::string(detail)};
}

Cause RequiredField(std::string field, std::string_view detail) {
  std::string message = "Required value";
  if (!detail.empty()) message += ": " + std::string(detail);
  return {"FieldValueRequired", std::move(field), std::move(message)};
}

Cause ForbiddenField(std::string field, std::string_view detail) {
  return {"FieldValueForbidden", std::move(field), "Forbidden: " + std::string(detail)};
}

Failure NotFound(const Resource& resource, std::string_view name) {
  return {.code = 404,
          .reason = "NotFound",
          .message = Named(resource, name) + " not found",
          .details = Details(resource, name)};
}

Failure AlreadyExists(const Resource& resource, std::string_view name) {
  return {.code = 409,
          .reason = "AlreadyExists",
          .message = Named(resource, name) + " already exists",
          .details = Details(resource, name)};
}

Failure Conflict(const Resource& resource, std::string_view name, std::string_view why) {
  return {.code = 409,
          .reason = "Conflict",
          .message = "Operation cannot be fulfilled on " + Named(resource, name) + ": " + std::string(why),
          .details = Details(resource, name)};
}

Failure Forbidden(const Resource& resource, std::string_view name, std::string_view why) {
  const std::string subject = name.empty() ? resource.Qualified() : Named(resource, name);
  return {.code = 403,
          .reason = "Forbidden",
          .message = subject + " is forbidden: " + std::string(why),
          .details = Details(resource, name)};
}

Failure Invalid(std::string_view group, std::string_view kind, std::string_view name,
                const std::vector<Cause>& causes) {
  json::Array listed;
  std::string joined;
  for (const Cause& cause : causes) {
    listed.push_back(json::Object{{"reason", cause.type}, {"message", cause.message}, {"field", cause.field}});
    if (!joined.empty()) joined += ", ";
    joined += cause.field + ": " + cause.message;
  }
  if (causes.size() > 1) joined = "[" + joined + "]";
  json::Object details{{"kind", kind}, {"causes", std::move(listed)}};
  if (!name.empty()) details["name"] = name;
  if (!group.empty()) details["group"] = group;
  const std::string qualified = group.empty() ? std::string(kind) : std::string(kind) + "." + std::string(group);
  return {.code = 422,
          .reason = "Invalid",
          .message = qualified + " " + json::Quote(name) + " is invalid: " + joined,
          .details = std::move(details)};
}

Failure BadRequest(std::string message) { return {.code = 400, .reason = "BadRequest", .message = std::move(message)}; }

Failure Expired(std::string message) { return {.code = 410, .reason = "Expired", .message = std::move(message)}; }

Failure TooLargeResourceVersion(uint64_t wanted, uint64_t current) {
  json::Array causes{json::Object{{"reason", "ResourceVersionTooLarge"}, {"message", "Too large resource version"}}};
  return {.code = 504,
          .reason = "Timeout",
          .message = "Timeout: Too large resource version: " + std::to_string(wanted) +
                     ", current: " + std::to_string(current),
          .details = json::Object{{"causes", std::move(causes)}},
          .retry_after_seconds = 1};
}

Failure TooManyRequests(std::string message, int retry_after_seconds) {
  return {.code = 429,
          .reason = "TooManyRequests",
          .message = std::move(message),
          .retry_after_seconds = retry_after_seconds};
}

Failure MethodNotAllowed(std::string_view method, const Resource& resource) {
  return {
      .code = 405,
      .reason = "MethodNotAllowed",
      .message = std::string(method) + " is not supported on resources of kind " + json::Quote(resource.Qualified()),
      .details = Details(resource, "")};
}

Failure UnsupportedMediaType(std::string_view type, std::string_view accepted) {
  return {.code = 415,
          .reason = "UnsupportedMediaType",
          .message = "the body of the request was in an unknown format - accepted media types include: " +
                     std::string(accepted) + " (got " + json::Quote(type) + ")"};
}

Failure NotImplemented(std::string_view what) {
  return {.code = 501, .reason = "NotImplemented", .message = "this API server does not know " + std::string(what)};
}

Failure Outdated(const Resource& resource, std::string_view name) {
  return Conflict(resource, name,
                  "the object has been modified; please apply your changes to the latest version and try again");
}

}  // namespace coreflow::apiserver
