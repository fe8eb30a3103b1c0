#include "pkg/schema/schema.h"

#include "pkg/schema/default.h"
#include "pkg/schema/parse.h"
#include "pkg/schema/prune.h"
#include "pkg/schema/rules.h"
#include "pkg/schema/validate.h"

namespace coreflow::schema {

Result<Schema> Schema::Parse(const json::Value& schema) {
  auto nodes = std::make_shared<Nodes>();
  TRY(const Node* root, Parser(*nodes).ParseSchema(schema));
  TRY_VOID(CompileRules(*nodes, *root));
  return Schema(std::move(nodes), *root);
}

Pruned Schema::Prune(const json::Value& object) const { return schema::Prune(object, *root_); }

json::Value Schema::Default(const json::Value& object) const { return schema::Default(object, *root_); }

std::vector<Cause> Schema::Validate(const json::Value& object, const json::Value* old) const {
  return schema::Validate(object, old, *root_);
}

Result<Document> Document::Parse(const json::Value& document) {
  auto nodes = std::make_shared<Nodes>();
  TRY_VOID(Parser(*nodes).ParseDocument(document));
  return Document(std::move(nodes));
}

std::optional<Schema> Document::Find(std::string_view name) const {
  auto found = nodes_->named.find(name);
  if (found == nodes_->named.end()) return std::nullopt;
  return Schema(nodes_, *found->second);
}

std::optional<Schema> Document::FindKind(std::string_view group, std::string_view version,
                                         std::string_view kind) const {
  auto found = nodes_->kinds.find(KindKey(group, version, kind));
  if (found == nodes_->kinds.end()) return std::nullopt;
  return Schema(nodes_, *found->second);
}

}  // namespace coreflow::schema
