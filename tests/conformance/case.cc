#include "tests/conformance/case.h"

namespace coreflow::conformance {

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

std::vector<Case> AllCases() {
  std::vector<Case> all;
  for (const auto& cases :
       {RequestCases(), ListCases(), WatchCases(), WriteCases(), UpdateCases(), SchemaCases(), OpenApiCases(),
        ApplyCases(), PatchCases(), KubectlCases(), DeleteCases(), OwnerCases(), FenceCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace coreflow::conformance
