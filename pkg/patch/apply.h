#pragma once

#include <string>
#include <variant>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/json/value.h"
#include "pkg/patch/field_set.h"
#include "pkg/schema/cause.h"
#include "pkg/schema/node.h"

// Who owns which fields of an object (metadata.managedFields), and server-side apply; as kube-apiserver has them.
// Pure functions; thread-safe. `schema` is the object's, nullptr when there is none: maps are then granular, lists
// atomic.
namespace coreflow::patch {

// Who writes, through what, and when.
struct Writer {
  std::string manager{};      // fieldManager of the request, or made of its user agent; empty: "unknown"
  std::string api_version{};  // of the request: "coreflow.dev/v1alpha1"
  std::string subresource{};  // "status"; empty: the object itself
  Time time{};
  // What the endpoint does not let the writer change, so that nobody comes to own it by that: status for the object
  // itself, everything else for status.
  FieldSet ignored{};
};

// Somebody else owns what is applied: 409 Conflict with these causes.
struct Conflicts {
  std::string message{};  // "Apply failed with 1 conflict: conflict with "kubectl" using v1: .spec.x"
  std::vector<schema::Cause> causes{};

  bool operator==(const Conflicts&) const = default;
};

// An object, or why there is none.
using Applied = std::variant<json::Value, Conflicts, Error>;

// `live` (null: there is none yet) after `config` was applied: fields that are in `config` have its values and belong
// to the writer; those that it applied last time and that nobody else owns are gone. When nothing changes, neither do
// managedFields. With `force`, what others own is taken from them. kInvalid, in the server's words, for what cannot be
// applied. Defaults, validation and metadata that the server sets are the caller's.
Applied Apply(const json::Value& live, const json::Value& config, const schema::Node* schema, const Writer& writer,
              bool force);

// `object`, which is to take the place of `live` (null: it is created) by a PUT, POST or PATCH, with managedFields that
// say what the writer changed. Entries that the request has itself are kept to, an empty list of them starts anew.
// Without any change they stay as they were.
json::Value TrackUpdate(const json::Value& live, const json::Value& object, const schema::Node* schema,
                        const Writer& writer);

}  // namespace coreflow::patch
