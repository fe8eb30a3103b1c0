#include "pkg/cli/commands.h"
#include "pkg/cli/embedded.h"

namespace coreflow::cli {

namespace {

Result<int> Crds(Environment& environment, const Arguments&) {
  std::string text;
  for (const EmbeddedFile& file : EmbeddedCrds()) {
    text += "---\n";
    text += file.text;
  }
  environment.out(text);
  return 0;
}

}  // namespace

Command CrdsCommand() {
  return {.name = "crds",
          .summary = "Prints the CustomResourceDefinitions of this version.",
          .example =
              "coreflow crds | kubectl apply --server-side -f -\n"
              "coreflow crds | kubectl diff --server-side -f -",
          .run = Crds};
}

}  // namespace coreflow::cli
