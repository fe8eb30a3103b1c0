#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/custom_columns.h"
#include "pkg/cli/format.h"
#include "pkg/cli/json_path.h"
#include "pkg/cli/table.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// Prints objects as -o asks for, in the formats that IsOfObjects knows, as kubectl does.
class ObjectPrinter {
 public:
  // For -o and --no-headers. kInvalid when the template or the columns are wrong.
  static Result<ObjectPrinter> Make(const Arguments& arguments);

  Format format() const { return format_; }

  // Objects at once. `as_list`: also one object is an element of a List.
  Result<std::string> Print(const std::vector<json::Value>& objects, bool as_list);
  // One after another, as they change: JSON in one line each, headings once.
  Result<std::string> PrintNext(const json::Value& object);

 private:
  Result<std::string> Rows(const std::vector<json::Value>& objects);

  Format format_ = Format::kTable;
  std::optional<JsonPath> path_ = {};
  std::optional<CustomColumns> columns_ = {};
  Table table_{{}};
  bool headings_ = true;
};

}  // namespace coreflow::cli
