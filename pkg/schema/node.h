#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::cel {
class Regex;
}

namespace coreflow::schema {

enum class Type : uint8_t { kAny, kObject, kArray, kString, kInteger, kNumber, kBoolean };

// "object", "integer"; empty for kAny.
std::string_view TypeName(Type type);

// x-kubernetes-list-type. Nothing said means atomic.
enum class ListType : uint8_t { kAtomic, kSet, kMap };

struct RuleTypes;  // rule_types.h: how CEL rules see a value of this schema
struct RuleSet;    // rules.h: the compiled rules

// One schema: what a value at one place must look like. Made by Schema and Document only, which own all nodes, and
// never changed afterwards. Nodes of a Document may be reached from themselves (a schema that contains itself).
struct Node {
  Type type = Type::kAny;
  std::string format{};  // empty where the API server would not check it
  std::string description{};
  json::Value default_value{};  // null: none
  bool nullable = false;
  bool int_or_string = false;
  bool preserve_unknown = false;
  bool embedded_resource = false;
  bool resources_below = false;  // embedded ones, here or further down

  std::map<std::string, const Node*, std::less<>> properties{};
  const Node* additional = nullptr;   // of members that are not among the properties
  bool additional_forbidden = false;  // additionalProperties: false
  const Node* items = nullptr;
  std::vector<std::string> required{};

  std::vector<json::Value> enum_values{};
  std::optional<double> minimum{};
  std::optional<double> maximum{};
  std::optional<double> multiple_of{};
  bool exclusive_minimum = false;
  bool exclusive_maximum = false;
  std::optional<int64_t> min_length{};  // in characters
  std::optional<int64_t> max_length{};
  std::optional<int64_t> min_items{};
  std::optional<int64_t> max_items{};
  std::optional<int64_t> min_properties{};
  std::optional<int64_t> max_properties{};
  bool unique_items = false;
  std::string pattern{};
  std::shared_ptr<const cel::Regex> regex{};  // of the pattern

  std::vector<const Node*> all_of{};
  std::vector<const Node*> any_of{};
  std::vector<const Node*> one_of{};
  const Node* none_of = nullptr;  // "not"

  ListType list_type = ListType::kAtomic;
  std::vector<std::string> map_keys{};  // of a list of type map
  bool atomic_map = false;              // x-kubernetes-map-type: atomic
  std::string patch_merge_key{};
  std::vector<std::string> patch_strategies{};  // "merge", "replace", "retainKeys"

  json::Value validations{};                      // x-kubernetes-validations, as it stands
  std::shared_ptr<const RuleTypes> rule_types{};  // null where no rule looks
  std::shared_ptr<const RuleSet> rules{};         // null: none
  bool rules_below = false;                       // here or further down
  bool old_rules_below = false;                   // the same, of rules that read oldSelf
};

// The schema of a member of such an object, or nullptr when nothing is known of it.
const Node* MemberOf(const Node* object, std::string_view name);

}  // namespace coreflow::schema
