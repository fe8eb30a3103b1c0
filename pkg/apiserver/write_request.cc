#include "pkg/apiserver/write_request.h"

#include <optional>
#include <utility>
#include <variant>

#include "pkg/apiserver/event_view.h"
#include "pkg/apiserver/intake.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/patching.h"
#include "pkg/apiserver/protobuf.h"
#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/schemas.h"
#include "pkg/base/overloaded.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/patch/apply.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::apiserver {

namespace {

Part PartOf(const Route& route) { return route.subresource == "status" ? Part::kStatus : Part::kObject; }

// Of a changed object, that it is still the one that the path names.
std::optional<Failure> CheckPlace(const json::Value& object, const Route& route) {
  const Resource& resource = *route.resource;
  if (object["kind"] != json::Value(resource.kind) || object["apiVersion"] != json::Value(resource.ApiVersion())) {
    return Invalid(resource.group, resource.kind, route.name,
                   {InvalidField("kind", object["kind"].StringOr(""), "must be " + std::string(resource.kind))});
  }
  if (resource.namespaced && NamespaceOf(object) != route.name_space) {
    return BadRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return std::nullopt;
}

std::optional<Failure> CheckName(const json::Value& object, const std::string& name) {
  const std::string given = NameOf(object);
  if (given == name) return std::nullopt;
  if (given.empty()) return BadRequest("name is required");
  return BadRequest("the name of the object (" + given + ") does not match the name on the URL (" + name + ")");
}

// What the endpoint does not let anybody change.
patch::FieldSet Ignored(const Resource& resource, const std::string& subresource) {
  if (!resource.has_status) return {};
  if (subresource.empty()) return patch::FieldSet::Of({{"status"}});
  if (&resource != &Pods()) return patch::FieldSet::Of({{"spec"}});
  return patch::FieldSet::Of({{"spec"}, {"metadata", "deletionTimestamp"}, {"metadata", "ownerReferences"}});
}

patch::Writer WriterOf(const Route& route, const WriteQuery& query, Time now) {
  return {.manager = query.manager,
          .api_version = route.resource->ApiVersion(),
          .subresource = route.subresource,
          .time = now,
          .ignored = Ignored(*route.resource, route.subresource)};
}

Failure ApplyConflict(const Resource& resource, const std::string& name, const patch::Conflicts& conflicts) {
  Failure failure = Conflict(resource, name, "");
  json::Array causes;
  for (const schema::Cause& cause : conflicts.causes) {
    causes.push_back(json::Object{{"reason", cause.type}, {"message", cause.message}, {"field", cause.field}});
  }
  failure.message = conflicts.message;
  failure.details = json::Object{{"causes", std::move(causes)}};
  return failure;
}

}  // namespace

Outcome<http::Response> WriteRequest::Answer() {
  auto query = ReadWriteQuery(request_, route_);
  if (!query) return query.failure();
  query_ = *std::move(query);
  options_ = {.agent = HeaderOf(request_, "User-Agent"), .dry_run = query_.dry_run};
  if (request_.method == "POST") return Post();
  if (request_.method == "PUT") return Put();
  options_.verb = "patch";
  const std::string type = MediaTypeOf(request_);
  if (!TakesPatches(resource_, type)) {
    return UnsupportedMediaType(
        type, "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
  }
  return type == kApplyPatch ? Apply() : Patch();
}

Outcome<json::Value> WriteRequest::ReadObject() const {
  const std::string type = MediaTypeOf(request_);
  const bool yaml = type == "application/yaml";
  const bool protobuf = type == kProtobuf && !resource_.custom;
  if (!type.empty() && type != "application/json" && !yaml && !protobuf) {
    return UnsupportedMediaType(type, "application/json, application/yaml, application/vnd.kubernetes.protobuf");
  }
  auto parsed = protobuf ? FromProtobuf(request_.body)
                : yaml   ? yaml::FromYaml(request_.body)
                         : json::Parse(request_.body);
  if (!parsed) return BadRequest("the object provided is unrecognized: " + parsed.error().message);
  const std::string kind = (*parsed)["kind"].StringOr("");
  const std::string api_version = (*parsed)["apiVersion"].StringOr("");
  json::Value object = std::move(*parsed);
  if (!object.IsObject()) return BadRequest("the object provided is unrecognized: it is no JSON object");
  // Built-in kinds may be left out; a CRD's may not.
  if (!resource_.custom && kind.empty()) object = Set(object, {"kind"}, resource_.kind);
  if (!resource_.custom && api_version.empty()) object = Set(object, {"apiVersion"}, resource_.ApiVersion());
  if (object["kind"] != json::Value(resource_.kind) || object["apiVersion"] != json::Value(resource_.ApiVersion())) {
    return BadRequest("the API version in the data (" + api_version + ", " + kind +
                      ") does not match the expected API version (" + resource_.ApiVersion() + ", " +
                      std::string(resource_.kind) + ")");
  }
  const std::string name_space = NamespaceOf(object);
  if (resource_.namespaced && !name_space.empty() && name_space != route_.name_space) {
    return BadRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return object;
}

Outcome<json::Value> WriteRequest::TakeIn(const json::Value& object,
                                          const std::function<Failure(const std::string& why)>& refuse) {
  if (!registry_.checks_schemas()) return object;
  Taken taken = apiserver::TakeIn(resource_, object);
  if (!taken.unknown.empty() && query_.validation == FieldValidation::kStrict) {
    return refuse(StrictDecodingError(taken.unknown));
  }
  if (query_.validation == FieldValidation::kWarn) unknown_ = std::move(taken.unknown);
  return std::move(taken.object);
}

json::Value WriteRequest::Track(const json::Value& live, const json::Value& object) const {
  if (!registry_.tracks_fields()) return object;
  return patch::TrackUpdate(live, object, &SchemaOf(resource_).root(), WriterOf(route_, query_, registry_.Now()));
}

Outcome<json::Value> WriteRequest::TakeBody() {
  const auto object = ReadObject();
  if (!object) return object;
  return TakeIn(*object, [this](const std::string& why) {
    return BadRequest(resource_.kind + " in version " + json::Quote(resource_.version) + " cannot be handled as a " +
                      resource_.kind + ": " + why);
  });
}

Outcome<http::Response> WriteRequest::Post() {
  const auto taken = TakeBody();
  if (!taken) return taken.failure();
  const auto made = registry_.Create(resource_, route_.name_space, ToStored(resource_, Track({}, *taken)), options_);
  if (!made) return made.failure();
  return Respond(201, *made);
}

Outcome<http::Response> WriteRequest::Put() {
  const auto taken = TakeBody();
  if (!taken) return taken.failure();
  if (auto refused = CheckName(*taken, route_.name)) return *refused;
  options_.replaces = true;
  options_.creates = resource_.create_by_put;
  return Update([&](const json::Value& live) -> Outcome<json::Value> { return Track(live, *taken); });
}

Outcome<http::Response> WriteRequest::Patch() {
  const auto patch = json::Parse(request_.body);
  if (!patch) return BadRequest("error decoding patch: " + patch.error().message);
  return Update([&](const json::Value& live) -> Outcome<json::Value> {
    auto patched = ApplyPatch(resource_, MediaTypeOf(request_), *patch, live);
    if (!patched) return patched;
    if (auto refused = CheckPlace(*patched, route_)) return *refused;
    if (auto refused = CheckName(*patched, route_.name)) return *refused;
    auto taken = TakeIn(*patched, [&](const std::string& why) {
      return Invalid("", "", "", {InvalidField("patch", json::Write(*patched), why)});
    });
    if (!taken) return taken;
    return Track(live, *taken);
  });
}

Outcome<http::Response> WriteRequest::Apply() {
  const auto config = yaml::FromYaml(request_.body);
  if (!config) return BadRequest("error decoding YAML: " + config.error().message);
  options_.creates = route_.subresource.empty();
  return Update([&](const json::Value& live) -> Outcome<json::Value> {
    auto applied = patch::Apply(live, *config, &SchemaOf(resource_).root(), WriterOf(route_, query_, registry_.Now()),
                                query_.force);
    return std::visit(overloaded{[&](json::Value& object) { return Placed(live, std::move(object)); },
                                 [&](patch::Conflicts& conflicts) -> Outcome<json::Value> {
                                   return ApplyConflict(resource_, route_.name, conflicts);
                                 },
                                 [&](Error& error) -> Outcome<json::Value> {
                                   return Failure{.code = 500, .message = std::move(error.message)};
                                 }},
                      applied);
  });
}

Outcome<json::Value> WriteRequest::Placed(const json::Value& live, json::Value object) const {
  if (resource_.namespaced && NamespaceOf(object).empty()) {
    object = Set(object, {"metadata", "namespace"}, route_.name_space);
  }
  if (auto refused = CheckPlace(object, route_)) return *refused;
  if (auto refused = CheckName(object, route_.name)) return *refused;
  if (live.IsNull() && !UidOf(object).empty()) {
    return Conflict(
        resource_, route_.name,
        "uid mismatch: the provided object specified uid " + UidOf(object) + ", and no existing object was found");
  }
  return registry_.checks_schemas() ? FillIn(resource_, object) : object;
}

bool WriteRequest::Exists() const {
  return registry_.store().Get(resource_, KeyOf(resource_, route_.name_space, route_.name)) != nullptr;
}

Outcome<http::Response> WriteRequest::Update(const Edit& edit) {
  const bool existed = Exists();
  const auto written = registry_.Update(
      resource_, route_.name_space, route_.name, PartOf(route_),
      [&](const json::Value& stored) -> Outcome<json::Value> {
        auto edited = edit(FromStored(resource_, stored));
        if (!edited) return edited;
        return ToStored(resource_, *edited);
      },
      options_);
  if (!written) return written.failure();
  return Respond(existed ? 200 : 201, *written);
}

http::Response WriteRequest::Respond(int status, const VersionPtr& version) const {
  http::Response response = ObjectResponse(status, resource_, version, view_);
  if (!unknown_.empty()) response.headers["warning"] = WarningHeader(unknown_);
  return response;
}

}  // namespace coreflow::apiserver
