#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::json {

// One thing that is wrong with an input: where, and what would be right. The path is as in ".spec.steps[1].image",
// or empty for the whole document.
struct Problem {
  std::string path;
  std::string message;

  bool operator==(const Problem&) const = default;
};

// "PATH: MESSAGE; PATH: MESSAGE".
std::string Describe(const std::vector<Problem>& problems);
void PrintTo(const Problem& problem, std::ostream* out);

// What to do about members of an object that the struct does not know.
enum class UnknownFields {
  kIgnore,   // objects of the API: a newer version may have written them
  kProblem,  // configuration: a misspelt name must not pass
};

// What must hold for a member. For lists, the lengths and numbers hold for each element.
struct FieldRules {
  bool required = false;      // must be there, and is always written
  bool omit_default = false;  // not written when it has its initial value
  std::optional<int64_t> minimum = {};
  std::optional<int64_t> maximum = {};
  size_t min_length = 0;  // in characters, as JSON Schema counts
  size_t max_length = 0;  // in characters; 0: no limit
  size_t min_items = 0;   // of a list that is there
  size_t max_items = 0;   // 0: no limit
};

// Collects problems while a document is walked, with the path of each: for bind.h and for whoever checks more than
// types. Keeps the first kMostProblems and counts the others, since a document may be wrong in a million places.
class Binder {
 public:
  static constexpr size_t kMostProblems = 100;

  // `root` is put before each path.
  explicit Binder(UnknownFields unknown = UnknownFields::kIgnore, std::string root = "")
      : unknown_(unknown), root_(std::move(root)) {}

  // One level deeper, for as long as it lives: a member (whose name must live as long), or an element of a list.
  class Scope {
   public:
    Scope(Binder& binder, std::string_view member) : binder_(binder) { binder.stack_.emplace_back(member); }
    Scope(Binder& binder, size_t index) : binder_(binder) { binder.stack_.emplace_back(index); }
    ~Scope() { binder_.stack_.pop_back(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Binder& binder_;
  };

  UnknownFields unknown() const { return unknown_; }
  size_t ProblemCount() const { return count_; }
  // The problems, in the order they were reported; when there were too many the last one says how many more.
  std::vector<Problem> Take();
  std::string Path() const;

  // Adds a problem at the current path.
  void Report(std::string message);
  // True when `holds`; else reports "expected TYPE, got …".
  bool Expect(const Value& value, bool holds, const char* type);

  // `; did you mean "…"?` for a misspelt word, or nothing; nothing also when there are problems enough, since the
  // search takes its time.
  std::string Suggest(std::string_view word, const std::vector<std::string_view>& candidates) const;

  void Read(const Value& value, bool& out);
  void Read(const Value& value, int64_t& out);
  void Read(const Value& value, double& out);
  void Read(const Value& value, std::string& out);
  void Read(const Value& value, Time& out);
  void Read(const Value& value, Value& out) { out = value; }
  std::optional<size_t> ReadEnum(const Value& value, const std::string_view* names, size_t count);
  // Reports each member of `object` that is not in `known`, with the known name nearest to it.
  void ReportUnknown(const Value& object, const std::vector<std::string_view>& known);

  void Check(const std::string& value, const FieldRules& rules);
  void Check(int64_t value, const FieldRules& rules);
  void CheckSize(size_t size, const FieldRules& rules);

 private:
  UnknownFields unknown_;
  std::string root_;
  std::vector<std::variant<std::string_view, size_t>> stack_;
  std::vector<Problem> problems_;
  size_t count_ = 0;
};

// Appends a member's name to a path: ".name", or ["…"] when it would not read back as one.
void AppendMember(std::string& path, std::string_view member);

}  // namespace coreflow::json
