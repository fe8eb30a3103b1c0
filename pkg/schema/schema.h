#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/schema/cause.h"
#include "pkg/schema/node.h"

namespace coreflow::schema {

struct Nodes;  // parse.h: owns what is parsed

// An object without the fields that its schema does not know.
struct Pruned {
  json::Value value{};
  // The fields that were dropped, sorted: "spec.steps[0].foo". The server says `unknown field "spec.steps[0].foo"`.
  std::vector<std::string> unknown{};
};

// The schema of one kind of object. Immutable, thread-safe, cheap to copy.
//
//   TRY(auto schema, Schema::Parse(crd["spec"]["versions"].AsArray()[0]["schema"]["openAPIV3Schema"]));
//   Pruned pruned = schema.Prune(object);
//   json::Value whole = schema.Default(pruned.value);
//   std::vector<Cause> causes = schema.Validate(whole);
class Schema {
 public:
  // Reads a CustomResourceDefinition's openAPIV3Schema. kInvalid for what is no schema, a bad pattern, a rule that does
  // not compile; the message has the path. What it does not know of OpenAPI is ignored. Safe for input from anybody.
  static Result<Schema> Parse(const json::Value& schema);

  // The top of the schema. Lives as long as this or a copy of it.
  const Node& root() const { return *root_; }

  // Drops members that the schema does not know; apiVersion, kind and metadata of the object and of embedded ones stay
  // as they are. Parts of which nothing changes are shared with `object`.
  Pruned Prune(const json::Value& object) const;

  // Fills in defaults. First drops null where it may not stand and no default takes its place.
  json::Value Default(const json::Value& object) const;

  // Everything that is wrong with an object, in the order of the schema; empty when there is nothing. With `old`, the
  // object before an update, also what a rule says of the two; parts that are as they were are not faulted again.
  // apiVersion, kind and metadata are the caller's to check.
  std::vector<Cause> Validate(const json::Value& object, const json::Value* old = nullptr) const;

 private:
  friend class Document;
  Schema(std::shared_ptr<const Nodes> nodes, const Node& root) : nodes_(std::move(nodes)), root_(&root) {}

  std::shared_ptr<const Nodes> nodes_;
  const Node* root_;
};

// The schemas of Kubernetes' own types: an OpenAPI v3 document (components.schemas) or a v2 one (definitions), whose
// schemas name each other by $ref. Immutable, thread-safe, cheap to copy.
class Document {
 public:
  // kInvalid as in Schema::Parse, and for a $ref that leads nowhere.
  static Result<Document> Parse(const json::Value& document);

  // By its name in the document: "io.k8s.api.core.v1.Pod".
  std::optional<Schema> Find(std::string_view name) const;
  // By x-kubernetes-group-version-kind: {"", "v1", "Pod"}.
  std::optional<Schema> FindKind(std::string_view group, std::string_view version, std::string_view kind) const;

 private:
  explicit Document(std::shared_ptr<const Nodes> nodes) : nodes_(std::move(nodes)) {}

  std::shared_ptr<const Nodes> nodes_;
};

}  // namespace coreflow::schema
