#include <gtest/gtest.h>

#include <random>

#include "pkg/cel/json.h"
#include "pkg/cel/show_for_test.h"
#include "pkg/cel/template_string.h"

// Whatever the text is, compiling and evaluating it ends with a value, an error or problems.
namespace coreflow::cel {
namespace {

const Declarations kDeclarations = Declarations()
                                       .Add("x", Type::Int())
                                       .Add("d", Type::Dyn())
                                       .Add("l", Type::List(Type::String()))
                                       .Add("s", Type::Struct("s", {{"a_b", Type::Int(), "a-b"}}));

const MapActivation kActivation({{"x", Value::Int(-1)},
                                 {"d", Value::Double(2.5)},
                                 {"l", Value::List({Value::String("ä")})}});

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return random_() % limit; }

  // An expression of that depth that is mostly well-formed and often ill-typed.
  std::string Expression(int depth) {
    static const std::vector<std::string> kLeaves = {"x",
                                                     "d",
                                                     "l",
                                                     "s.a_b",
                                                     "s['a-b']",
                                                     "1",
                                                     "-9223372036854775808",
                                                     "0u",
                                                     "1.5e300",
                                                     "'äb'",
                                                     "b'\\xff'",
                                                     "[]",
                                                     "{}",
                                                     "null",
                                                     "true",
                                                     "timestamp(0)",
                                                     "duration('-1h')",
                                                     "quantity('1Gi')",
                                                     "int",
                                                     "''",
                                                     "nope",
                                                     "1e-320",
                                                     "'%s %d'"};
    if (depth <= 0) return kLeaves[Below(kLeaves.size())];
    auto sub = [&] { return Expression(depth - 1 - static_cast<int>(Below(2))); };
    static const std::vector<std::string> kOperators = {
        "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"};
    static const std::vector<std::string> kMethods = {
        "size",     "contains",     "matches",     "split",  "join",      "sum",     "min",       "max",
        "isSorted", "indexOf",      "lastIndexOf", "charAt", "substring", "replace", "trim",      "format",
        "getHours", "getDayOfYear", "add",         "sub",    "asInteger", "reverse", "lowerAscii"};
    static const std::vector<std::string> kFunctions = {"size",     "int",      "uint",      "double", "string",
                                                        "bytes",    "bool",     "type",      "dyn",    "timestamp",
                                                        "duration", "quantity", "isQuantity"};
    static const std::vector<std::string> kMacros = {"all", "exists", "exists_one", "map", "filter"};
    switch (Below(10)) {
      case 0: return "(" + sub() + " ? " + sub() + " : " + sub() + ")";
      case 1: return "[" + sub() + ", " + sub() + "]";
      case 2: return "{" + sub() + ": " + sub() + "}";
      case 3: return sub() + "[" + sub() + "]";
      case 4: return "dyn(" + sub() + ")." + kMacros[Below(kMacros.size())] + "(v, " + sub() + ")";
      case 5: return "dyn(" + sub() + ")." + kMethods[Below(kMethods.size())] + "(" + (Below(2) ? sub() : "") + ")";
      case 6: return kFunctions[Below(kFunctions.size())] + "(" + sub() + ")";
      case 7: return (Below(2) ? "!" : "-") + std::string("(") + sub() + ")";
      default: return "dyn(" + sub() + ") " + kOperators[Below(kOperators.size())] + " " + sub();
    }
  }

  // Cuts, doubles or replaces some bytes.
  std::string Damage(std::string text) {
    for (size_t i = 0; i < 1 + Below(3) && !text.empty(); ++i) {
      size_t at = Below(text.size());
      switch (Below(3)) {
        case 0: text.erase(at, 1 + Below(4)); break;
        case 1: text.insert(at, text.substr(Below(text.size()), Below(6))); break;
        default: text[at] = static_cast<char>(Below(256));
      }
    }
    return text;
  }

 private:
  std::mt19937 random_;
};

// Runs an expression both ways; says how it ended.
enum class End { kProblem, kError, kValue };

End RunBothWays(const std::string& text) {
  Limits limits{.cost = 20000, .bytes = 10000, .elements = 1000};
  if (Compilation loose = CompileUnchecked(text, kDeclarations)) {
    auto value = loose.program->Evaluate(kActivation, limits);
    auto shown = value ? testing::PrintToString(*value) : value.error().message;
    EXPECT_FALSE(shown.empty()) << text;
  }
  Compilation strict = Compile(text, kDeclarations);
  EXPECT_EQ(strict.program.has_value(), strict.problems.empty()) << text;
  for (const Problem& problem : strict.problems) EXPECT_LE(problem.offset, text.size()) << text;
  if (!strict) return End::kProblem;
  auto first = strict.program->Evaluate(kActivation, limits);
  auto second = strict.program->Evaluate(kActivation, limits);
  auto show = [](const Result<Value>& result) {
    return result ? testing::PrintToString(*result) : result.error().message;
  };
  EXPECT_EQ(show(first), show(second)) << text;
  if (first) static_cast<void>(ToJson(*first).has_value());
  return first ? End::kValue : End::kError;
}

TEST(RandomExpressions, EndWithAValueAnErrorOrProblems) {
  Generator generator(20261121);
  std::map<End, int> ends;
  for (int i = 0; i < 20000; ++i) ++ends[RunBothWays(generator.Expression(static_cast<int>(generator.Below(6))))];
  for (End end : {End::kProblem, End::kError, End::kValue}) {
    EXPECT_GT(ends[end], 1000) << "the generator should reach every end often";
  }
}

TEST(RandomExpressions, MayBeDamaged) {
  Generator generator(7);
  int problems = 0;
  for (int i = 0; i < 10000; ++i) {
    problems += RunBothWays(generator.Damage(generator.Expression(4))) == End::kProblem ? 1 : 0;
  }
  EXPECT_GT(problems, 5000);
}

TEST(RandomTemplates, EndWithTextAnErrorOrProblems) {
  Generator generator(11);
  int good = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string text = "a $[[ " + generator.Expression(2) + " ]] b $[[" + generator.Expression(1) + "]]";
    if (generator.Below(2) == 0) text = generator.Damage(text);
    TemplateCompilation compilation = CompileTemplate(text, kDeclarations);
    EXPECT_EQ(compilation.compiled.has_value(), compilation.problems.empty()) << text;
    if (compilation && compilation.compiled->Evaluate(kActivation)) ++good;
  }
  EXPECT_GT(good, 50);
}

}  // namespace
}  // namespace coreflow::cel
