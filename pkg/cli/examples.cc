#include <fmt/format.h>

#include <algorithm>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/embedded.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

std::string_view NameOf(const EmbeddedFile& file) { return file.name.substr(0, file.name.rfind('.')); }

// What the comment at the beginning says, up to its first full stop.
std::string About(std::string_view text) {
  std::string about;
  while (text.starts_with("#")) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(1, end - 1);
    if (line.starts_with("  ")) break;  // a command
    about += line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  about = OneLine(about);
  about.erase(0, about.find_first_not_of(' '));
  return about.substr(0, about.find(". "));
}

Result<int> Examples(Environment& environment, const Arguments& arguments) {
  const std::string name = arguments.Word(0);
  if (name.empty()) {
    Table table({"NAME", "SHOWS"});
    for (const EmbeddedFile& file : EmbeddedExamples()) table.Add({std::string(NameOf(file)), About(file.text)});
    environment.out(table.Text());
    environment.err(fmt::format("Next: {0} examples hello | {0} run - --watch\n", environment.program));
    return 0;
  }
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : EmbeddedExamples()) {
    if (NameOf(file) == name) environment.out(file.text);
    if (NameOf(file) == name) return 0;
    names.push_back(NameOf(file));
  }
  return Error{.code = Code::kNotFound,
               .message = fmt::format("there is no example {}{}", name, DidYouMean(name, names))};
}

}  // namespace

Command ExamplesCommand() {
  return {.name = "examples",
          .takes = "[NAME]",
          .most = 1,
          .summary = "Lists examples, or prints one.",
          .example =
              "coreflow examples\n"
              "coreflow examples word-count | coreflow run - -p shards=8 --watch",
          .run = Examples};
}

}  // namespace coreflow::cli
