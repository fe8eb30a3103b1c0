#pragma once

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::yaml {

// A place in a text, both from 1.
struct Mark {
  int line = 1;
  int column = 1;

  auto operator<=>(const Mark&) const = default;
};
inline void PrintTo(const Mark& mark, std::ostream* out) { *out << mark.line << ':' << mark.column; }

// Something about the text itself that a reader of its values can't see.
struct Remark {
  Mark mark = {};
  bool error = false;  // FromYaml refuses it; else it is read, perhaps not as it was meant
  std::string message = {};

  bool operator==(const Remark&) const = default;
};

// Where the values of one document stand, by their paths as json::Problem has them: ".spec.steps[1].image". A member
// stands where its name does. What aliases and << bring has no place of its own.
struct DocumentMarks {
  bool empty = true;
  std::map<std::string, Mark, std::less<>> places = {};

  // The place of the path, or of the nearest value around it.
  Mark Find(std::string_view path) const;
};

struct MarkedText {
  std::vector<DocumentMarks> documents = {};  // AllFromYaml leaves out the empty ones
  std::vector<Remark> remarks = {};           // in the order of the text
};

// Reads where things stand, as far as the text is YAML: for text that AllFromYaml reads, or has refused. Remarks are
// names that stand twice in one mapping, booleans such as `on`, octal numbers and such with underscores. Thread-safe.
MarkedText ReadMarks(std::string_view text);

// The place that an error of FromYaml begins with, and its message without that; nullopt when it names none.
std::optional<Remark> RemarkOf(const Error& error);

}  // namespace coreflow::yaml
