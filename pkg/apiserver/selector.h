#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/apiserver/failure.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// Which objects of a list or watch are meant, by labels and by fields. An empty one takes all.
class Selector {
 public:
  // labelSelector and fieldSelector as they stand in a query, decoded. Labels: "a=b", "a==b", "a!=b", "a in (x,y)",
  // "a notin (x)", "a", "!a", joined by commas. Fields: "path=value", "path!=value" on metadata.name,
  // metadata.namespace and what the resource makes selectable; an unknown one is refused as the server does.
  static Outcome<Selector> Parse(const Resource& resource, std::string_view labels, std::string_view fields);

  bool Matches(const json::Value& object) const;
  bool empty() const { return labels_.empty() && fields_.empty(); }

 private:
  enum class Operator { kIn, kNotIn, kExists, kAbsent };
  struct Requirement {
    std::string key = {};
    Operator op = Operator::kExists;
    std::vector<std::string> values = {};
  };
  struct Field {
    std::vector<std::string> path = {};
    std::string value = {};
    bool equal = true;
  };
  class LabelParser;

  std::vector<Requirement> labels_;
  std::vector<Field> fields_;
};

}  // namespace coreflow::apiserver
