#pragma once

#include <ostream>
#include <vector>

#include "tests/conformance/session.h"

namespace coreflow::conformance {

// One rule of the Kubernetes API that CoreFlow relies on. `run` fails the running GoogleTest when the server breaks it.
// Cases know nothing of each other, nor of which server they talk to; no scheduler and no kubelet need be there.
struct Case {
  const char* name = "";  // a sentence, fit for a test's name
  void (*run)(Session& session) = nullptr;
};
void PrintTo(const Case& c, std::ostream* out);

std::vector<Case> RequestCases();
std::vector<Case> ListCases();
std::vector<Case> WatchCases();
std::vector<Case> WriteCases();
std::vector<Case> UpdateCases();
std::vector<Case> SchemaCases();
std::vector<Case> OpenApiCases();
std::vector<Case> ApplyCases();
std::vector<Case> PatchCases();
std::vector<Case> KubectlCases();
std::vector<Case> DeleteCases();
std::vector<Case> OwnerCases();
std::vector<Case> FenceCases();

// All of them.
std::vector<Case> AllCases();

}  // namespace coreflow::conformance
