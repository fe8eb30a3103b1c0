#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

struct PathNode;
// Steps from some values to others, one after another.
using Path = std::vector<PathNode>;

// .name
struct FieldNode {
  std::string name = {};
};
// .* or [*] of an object
struct WildcardNode {};
// ..
struct DescentNode {};
// "text", 5, true: stands for whatever was found before it
struct LiteralNode {
  json::Value value = {};
};
// [from:to:step]; `single`: [from]
struct SliceNode {
  std::optional<int64_t> from = {};
  std::optional<int64_t> to = {};
  std::optional<int64_t> step = {};
  bool single = false;
};
// [0,2] or ['a','b']
struct UnionNode {
  std::vector<Path> paths = {};
};
// [?(left comparison right)]; without a comparison: something is at `left`
struct FilterNode {
  Path left = {};
  std::string comparison = {};
  Path right = {};
};

struct PathNode {
  std::variant<FieldNode, WildcardNode, DescentNode, LiteralNode, SliceNode, UnionNode, FilterNode> what = {};
};

// A piece of a template: a path, or with a body a loop over what it finds.
struct PathBlock {
  Path path = {};
  bool loops = false;
  std::vector<PathBlock> body = {};
};

// kInvalid, with what is wrong.
Result<std::vector<PathBlock>> ParseTemplate(std::string_view text);

}  // namespace coreflow::cli
