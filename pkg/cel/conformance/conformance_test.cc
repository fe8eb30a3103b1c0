#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "pkg/cel/conformance/case.h"
#include "pkg/cel/program.h"

// Runs the test data of the CEL specification. COREFLOW_CEL_SPEC names its folder; hack/cel-spec fetches it.
namespace coreflow::cel::conformance {
namespace {

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

// Lines of a file of testdata/ without comments, split at the first blank.
std::vector<std::pair<std::string, std::string>> ReadTable(const std::string& name) {
  auto text = ReadFile(std::string(COREFLOW_CEL_TESTDATA) + "/" + name);
  EXPECT_TRUE(text.has_value()) << name;
  std::vector<std::pair<std::string, std::string>> rows;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    size_t blank = line.find(' ');
    if (!line.empty() && line[0] != '#') {
      rows.emplace_back(line.substr(0, blank), blank == std::string::npos ? "" : line.substr(blank + 1));
    }
  }
  return rows;
}

// The four zones that the test data names, as they were in February 2009. A lookup in a real time zone database is
// the business of whoever implements Activation.
class SpecActivation : public MapActivation {
 public:
  using MapActivation::MapActivation;

  std::optional<std::chrono::seconds> ZoneOffset(std::string_view zone, Timestamp at) const override {
    constexpr int64_t kFebruary2009 = 1233446400;
    constexpr int64_t kMarch2009 = 1235865600;
    if (at.seconds < kFebruary2009 || at.seconds >= kMarch2009) return std::nullopt;
    if (zone == "Australia/Sydney") return std::chrono::hours(11);
    if (zone == "US/Central") return -std::chrono::hours(6);
    if (zone == "America/St_Johns") return -std::chrono::minutes(210);
    if (zone == "Asia/Kathmandu") return std::chrono::minutes(345);
    return std::nullopt;
  }
};

std::string Show(const Value& value) { return testing::PrintToString(value); }

// What went wrong with a case; nullopt when it passes.
std::optional<std::string> Failure(const Case& test) {
  if (test.beyond) return "it needs " + *test.beyond;
  Compilation compilation = test.unchecked ? CompileUnchecked(test.expression, test.declarations)
                                           : Compile(test.expression, test.declarations);
  if (!compilation) {
    if (!test.want) return std::nullopt;
    return "does not compile: " + compilation.problems[0].message;
  }
  auto value = compilation.program->Evaluate(SpecActivation(test.bindings));
  if (!test.want) return value ? std::optional("gives " + Show(*value) + " instead of an error") : std::nullopt;
  if (!value) return "fails: " + value.error().message;
  if (Matches(*value, *test.want)) return std::nullopt;
  return "gives " + Show(*value) + " instead of " + Show(*test.want);
}

std::string SpecFolder() {
  const char* folder = std::getenv("COREFLOW_CEL_SPEC");
  return folder == nullptr ? "" : folder;
}

struct Tally {
  int run = 0;
  std::set<std::string> seen{};
};

void RunFile(const std::string& name, const std::string& text, const std::map<std::string, std::string>& skipped,
             Tally& tally) {
  auto cases = ReadCases(name, text);
  ASSERT_TRUE(cases.has_value()) << name << ": " << cases.error().message;
  for (const Case& test : *cases) {
    auto failure = Failure(test);
    auto skip = skipped.find(test.id);
    tally.seen.insert(test.id);
    if (skip != skipped.end()) {
      EXPECT_TRUE(failure.has_value()) << test.id << " is skipped (" << skip->second
                                       << ") but passes: take it off skipped.txt";
      continue;
    }
    ++tally.run;
    EXPECT_FALSE(failure.has_value()) << test.id << "\n  " << test.expression << "\n  " << failure.value_or("");
  }
}

TEST(Conformance, PassesTheSpecificationsTests) {
  ASSERT_FALSE(SpecFolder().empty()) << "COREFLOW_CEL_SPEC must name the folder of the specification's tests;\n"
                                     << "run: COREFLOW_CEL_SPEC=$(hack/cel-spec) ctest …";
  std::map<std::string, std::string> skipped;
  for (auto& [id, reason] : ReadTable("skipped.txt")) {
    EXPECT_FALSE(reason.empty()) << id << " is skipped without a reason";
    EXPECT_TRUE(skipped.emplace(id, reason).second) << id << " stands twice in skipped.txt";
  }
  std::set<std::string> known;
  for (const auto& [name, expected] : ReadTable("cases.txt")) {
    known.insert(name);
    auto text = ReadFile(SpecFolder() + "/" + name + ".textproto");
    bool required = expected.find("required") != std::string::npos;
    if (!text && !required) continue;
    ASSERT_TRUE(text.has_value()) << SpecFolder() << " lacks " << name << ".textproto";
    Tally tally;
    RunFile(name, *text, skipped, tally);
    EXPECT_GE(tally.run, std::stoi(expected)) << name << ": fewer cases were run than cases.txt records";
    for (const auto& [id, reason] : skipped) {
      if (!id.starts_with(name + "/") || id.ends_with("/*")) continue;
      EXPECT_TRUE(tally.seen.contains(id)) << id << " of skipped.txt does not exist";
    }
  }
  for (const auto& file : std::filesystem::directory_iterator(SpecFolder())) {
    std::string name = file.path().stem().string();
    bool ignored = file.path().extension() != ".textproto" || known.contains(name) || skipped.contains(name + "/*");
    EXPECT_TRUE(ignored) << name << " stands neither in cases.txt nor in skipped.txt";
  }
}

}  // namespace
}  // namespace coreflow::cel::conformance
