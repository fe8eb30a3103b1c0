#include <fmt/format.h>

#include "pkg/api/types.gen.h"
#include "pkg/base/build_info.h"
#include "pkg/cli/commands.h"
#include "pkg/json/write.h"
#include "pkg/yaml/write.h"

namespace coreflow::cli {

namespace {

Result<int> ShowVersion(Environment& environment, const Arguments& arguments) {
  const std::string format = arguments.Text("output");
  const json::Value facts = json::Object{{"api", api::kApiVersion}, {"revision", Revision()}, {"version", Version()}};
  if (format == "json") {
    environment.out(json::WriteIndented(facts) + "\n");
  } else if (format == "yaml") {
    environment.out(yaml::Write(facts));
  } else {
    environment.out(fmt::format("coreflow {} (revision {}, API {})\n", Version(), Revision(), api::kApiVersion));
  }
  return 0;
}

}  // namespace

Command VersionCommand() {
  return {.name = "version",
          .summary = "Prints the version of this program.",
          .example = "coreflow version -o json",
          .flags = {{.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "what to print",
                     .choices = {"text", "json", "yaml"}}},
          .run = ShowVersion};
}

}  // namespace coreflow::cli
