#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/cli/environment.h"

namespace coreflow::cli {

enum class FlagKind {
  kSwitch,    // --wait
  kText,      // --name=x
  kList,      // -p a=1 -p b=2
  kNumber,    // --tail=20, from 0
  kDuration,  // --timeout=10m; see ParseDuration
};

struct Flag {
  std::string_view name = {};  // without dashes: "output"
  char letter = 0;             // 'o'; 0: none
  FlagKind kind = FlagKind::kSwitch;
  std::string_view placeholder = {};  // "FORMAT"
  std::string_view help = {};
  std::vector<std::string_view> choices = {};  // the only values; empty: any; with = at its end: all that begin so
};

// A command line that was read: everything in it is known and of its flag's kind.
class Arguments {
 public:
  std::vector<std::string> words = {};  // what is no flag
  std::map<std::string, std::vector<std::string>, std::less<>> flags = {};

  bool Has(std::string_view flag) const { return flags.contains(flag); }
  // Empty when the flag was not given, the last one when it was given twice.
  std::string Text(std::string_view flag) const;
  std::vector<std::string> All(std::string_view flag) const;
  std::optional<int64_t> Number(std::string_view flag) const;
  std::optional<Duration> Span(std::string_view flag) const;
  // The word at that place, or nothing.
  std::string Word(size_t at) const { return at < words.size() ? words[at] : ""; }
};

// One command: what it takes, what --help says, and what it does.
struct Command {
  // Gives the exit code; an error is shown as ShowError does and gives its code. Whoever returns kWrongUse has said
  // why.
  using Function = Result<int> (*)(Environment& environment, const Arguments& arguments);

  std::string_view name = {};
  std::string_view takes = {};  // "RUN [STEP]"
  size_t least = 0;             // words
  size_t most = 0;
  std::string_view summary = {};  // one sentence, for the list of commands
  std::string_view details = {};  // more, for its own help; may be empty
  std::string_view example = {};  // lines of a shell
  std::vector<Flag> flags = {};
  bool several_contexts = false;  // --context may be repeated
  Function run = nullptr;
};

inline constexpr size_t kAnyNumber = 100'000;  // of words

// "90", "90s", "10m", "1h30m", "2d".
std::optional<Duration> ParseDuration(std::string_view text);

}  // namespace coreflow::cli
