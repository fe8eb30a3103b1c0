#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/schema/node.h"

namespace coreflow::schema {

// Owns the nodes of one schema or document.
struct Nodes {
  std::deque<Node> all{};  // addresses stay
  std::map<std::string, const Node*, std::less<>> named{};
  std::map<std::string, const Node*, std::less<>> kinds{};  // by KindKey()
};

std::string KindKey(std::string_view group, std::string_view version, std::string_view kind);

// Turns JSON into nodes.
class Parser {
 public:
  explicit Parser(Nodes& nodes) : nodes_(nodes) {}

  // A schema without $ref.
  Result<const Node*> ParseSchema(const json::Value& schema);
  // A document: fills named and kinds.
  Result<void> ParseDocument(const json::Value& document);

 private:
  // A schema that is another one with a few things said anew: {"allOf": [{"$ref": …}], "default": …}.
  struct Wrapper {
    Node* node = nullptr;
    const Node* target = nullptr;
    const json::Value* said = nullptr;
  };

  Result<const Node*> ParseNode(const json::Value& schema, const std::string& path);
  Result<void> Fill(Node& node, const json::Value& schema, const std::string& path);
  Result<void> FillChildren(Node& node, const json::Value& schema, const std::string& path);
  Result<void> FillPattern(Node& node, const json::Value& schema, const std::string& path);
  Result<const Node*> Follow(const json::Value& ref, const std::string& path);
  Result<std::vector<const Node*>> ParseEach(const json::Value& schemas, const std::string& path);
  void Resolve();

  Nodes& nodes_;
  std::map<std::string, Node*, std::less<>> components_;
  std::vector<Wrapper> wrappers_;
  bool in_document_ = false;
};

}  // namespace coreflow::schema
