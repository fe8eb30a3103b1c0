#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "pkg/cel/type.h"
#include "pkg/schema/parse.h"

namespace coreflow::schema {

// How CEL rules see a value of a schema.
struct RuleTypes {
  struct Field {
    std::string name{};  // in the object
    const Node* node = nullptr;
  };

  cel::Type type{};
  std::map<std::string, Field, std::less<>> fields{};  // of a struct, by the name in rules

  // Whether rules see the member of an object of that name.
  bool Declares(std::string_view name) const;
};

// Gives a node and all below it their types, where there are any: what has no type, or keeps unknown fields without
// saying that it is an object, cannot be seen by rules. `resource`: apiVersion, kind, metadata.name and
// metadata.generateName can be seen, whatever the schema says of them.
// `mutable_node` finds a node to change. `path` names the types of structs, which must differ.
class RuleTyper {
 public:
  using Owner = std::function<Node&(const Node*)>;
  RuleTyper(Nodes& nodes, Owner owner) : nodes_(nodes), owner_(std::move(owner)) {}

  void Visit(const Node& node, const std::string& path, bool resource);

 private:
  std::optional<cel::Type> TypeOf(const Node& node, const std::string& path, bool resource, RuleTypes& types);
  cel::Type StructOf(const Node& node, const std::string& path, bool resource, RuleTypes& types);
  void VisitChildren(const Node& node, const std::string& path);
  std::map<std::string, const Node*, std::less<>> FieldsOf(const Node& node, bool resource);

  Nodes& nodes_;
  const Owner owner_;
};

}  // namespace coreflow::schema
