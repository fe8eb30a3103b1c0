#include <set>

#include "pkg/patch/fields.h"
#include "pkg/patch/path_element.h"
#include "pkg/patch/shape.h"

namespace coreflow::patch {

namespace {

using schema::Node;

class Checker {
 public:
  // `open`: something around keeps unknown fields.
  void Visit(const json::Value& value, const Node* node, const std::string& path, bool open) {
    open = open || node == nullptr || node->preserve_unknown;
    if (value.IsObject()) VisitMap(value.AsObject(), node, path, open);
    if (value.IsArray()) VisitList(value.AsArray(), node, path, open);
  }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void Report(const std::string& path, const std::string& what) { problems_.push_back(path + ": " + what); }

  void VisitMap(const json::Object& object, const Node* node, const std::string& path, bool open) {
    for (const auto& [name, member] : object) {
      const Node* below = MemberNode(node, name);
      std::string place = path + ".";
      place += name;
      if (below == nullptr && !open && !node->properties.empty()) return Report(place, "field not declared in schema");
      Visit(member, below, place, open);
    }
  }

  void VisitList(const json::Array& array, const Node* node, const std::string& path, bool open) {
    bool keyed = ShapeOf(node, array) == Shape::kList;
    std::set<PathElement> seen;
    for (size_t i = 0; i < array.size(); ++i) {
      PathElement element = IndexElement(i);
      if (keyed) {
        auto found = ElementOf(*node, array[i]);
        if (!found) return Report(path, "element " + std::to_string(i) + ": " + found.error().message);
        element = *found;
      }
      if (!seen.insert(element).second) Report(path, "duplicate entries for key " + ShowElement(element));
      Visit(array[i], node == nullptr ? nullptr : node->items, path + ShowElement(element), open);
    }
  }

  std::vector<std::string> problems_;
};

}  // namespace

std::string CannotApply(const json::Value& value, const Node* node) {
  Checker checker;
  checker.Visit(value, node, "", false);
  const std::vector<std::string>& problems = checker.problems();
  if (problems.size() <= 1) return problems.empty() ? "" : problems[0];
  std::string text = "errors:";
  for (const std::string& problem : problems) text += "\n  " + problem;
  return text;
}

}  // namespace coreflow::patch
