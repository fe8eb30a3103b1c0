#include "pkg/artifact/courier_job.h"

#include <utility>

#include "pkg/json/bind.h"
#include "pkg/json/parse.h"

namespace coreflow::artifact {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr int64_t kFormat = 1;

Error Bad(std::string message) {
  return {.code = Code::kInvalid, .message = "the courier's job: " + std::move(message)};
}

Value ToJson(const Input& input) {
  Array parcels;
  for (const Parcel& parcel : input.parcels) {
    parcels.push_back(Object{{"digest", FormatDigest(parcel.artifact.digest)},
                             {"bytes", parcel.artifact.bytes},
                             {"archive", json::EnumName(parcel.artifact.archive)},
                             {"token", parcel.token}});
  }
  return Object{{"name", input.name}, {"list", input.list}, {"parcels", std::move(parcels)}};
}

Result<Parcel> ReadParcel(const Value& value) {
  const auto digest = ParseDigest(value["digest"].StringOr(""));
  const auto archive = ParseArchive(value["archive"].StringOr(""));
  if (!digest || !archive || !value["bytes"].IsInt()) return Bad("a parcel is no artifact");
  return Parcel{.artifact = {.digest = *digest, .bytes = value["bytes"].AsInt(), .archive = *archive},
                .token = value["token"].StringOr("")};
}

Result<Input> ReadInput(const Value& value) {
  Input input{.name = value["name"].StringOr(""), .list = value["list"].BoolOr(false)};
  if (input.name.empty() || input.name.find('/') != std::string::npos || input.name.starts_with('.')) {
    return Bad("an input has no name");
  }
  for (const Value& one : value["parcels"].Elements()) {
    TRY(Parcel parcel, ReadParcel(one));
    input.parcels.push_back(std::move(parcel));
  }
  if (!input.list && input.parcels.size() > 1) return Bad("input " + input.name + " has several parcels");
  return input;
}

}  // namespace

Value ToJson(const CourierJob& job) {
  Array inputs;
  for (const Input& input : job.inputs) inputs.push_back(ToJson(input));
  Array outputs;
  for (const Output& output : job.outputs) {
    outputs.push_back(Object{{"name", output.name}, {"archive", json::EnumName(output.archive)}});
  }
  return Object{
      {"format", kFormat}, {"url", job.url},     {"certificate", job.certificate}, {"namespace", job.name_space},
      {"pod", job.pod},    {"token", job.token}, {"inputs", std::move(inputs)},    {"outputs", std::move(outputs)}};
}

Result<CourierJob> ReadCourierJob(const std::string& text) {
  TRY(const Value value, json::Parse(text));
  if (value["format"].IntOr(0) != kFormat) return Bad("it is of another format");
  CourierJob job{.url = value["url"].StringOr(""),
                 .certificate = value["certificate"].StringOr(""),
                 .name_space = value["namespace"].StringOr(""),
                 .pod = value["pod"].StringOr(""),
                 .token = value["token"].StringOr("")};
  if (job.url.empty() || job.name_space.empty() || job.pod.empty()) return Bad("it is not complete");
  for (const Value& one : value["inputs"].Elements()) {
    TRY(Input input, ReadInput(one));
    job.inputs.push_back(std::move(input));
  }
  for (const Value& one : value["outputs"].Elements()) {
    const auto archive = ParseArchive(one["archive"].StringOr(""));
    if (!archive || one["name"].StringOr("").empty()) return Bad("an output is no artifact");
    job.outputs.push_back({.name = one["name"].AsString(), .archive = *archive});
  }
  return job;
}

}  // namespace coreflow::artifact
