#pragma once

#include <string>
#include <string_view>

#include "pkg/json/shape.h"
#include "pkg/json/value.h"
#include "pkg/kube/object_key.h"

namespace coreflow::kube {

// How an object is read if nobody says otherwise: without metadata.managedFields, which is half of a pod. A server
// keeps those of an object that is written back without them.
extern const json::Shape kObjectShape;

// An object as a list or a watch showed it, as far as its shape says.
struct SeenObject {
  ObjectKey key = {};          // empty where it can't be made out
  ObjectVersion version = {};  // empty where it can't be made out
  json::Value object = {};     // null when `trouble` says something
  std::string trouble = {};    // why the object can't be used; empty: it can

  bool operator==(const SeenObject&) const = default;
};

// Takes key and version out of an object. An object without a name is trouble.
SeenObject ReadObject(json::Value object);

// The same from text. When it is no JSON that we read, key and version are looked for in it all the same.
SeenObject ReadRawObject(std::string_view text, const json::Shape& shape);

}  // namespace coreflow::kube
