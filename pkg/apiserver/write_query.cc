#include "pkg/apiserver/write_query.h"

#include <vector>

namespace coreflow::apiserver {

namespace {

constexpr size_t kLongestManager = 128;

std::vector<Cause> CheckQuery(const http::Request& request, const Route& route) {
  std::vector<Cause> causes;
  const std::string manager = route.Get("fieldManager");
  if (request.method == "PATCH") {
    const bool apply = MediaTypeOf(request) == kApplyPatch;
    if (apply && manager.empty()) causes.push_back(RequiredField("fieldManager", "is required for apply patch"));
    if (!apply && route.query.contains("force")) {
      causes.push_back(ForbiddenField("force", "may not be specified for non-apply patch"));
    }
  }
  if (manager.size() > kLongestManager) {
    causes.push_back({"FieldValueTooLong", "fieldManager", "Too long: may not be more than 128 bytes"});
  }
  const std::string validation = route.Get("fieldValidation");
  if (!validation.empty() && validation != "Ignore" && validation != "Warn" && validation != "Strict") {
    causes.push_back(
        {"FieldValueNotSupported", "fieldValidation",
         "Unsupported value: \"" + validation + "\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""});
  }
  return causes;
}

}  // namespace

std::string MediaTypeOf(const http::Request& request) {
  const std::string header = HeaderOf(request, "Content-Type");
  return header.substr(0, header.find(';'));
}

Outcome<WriteQuery> ReadWriteQuery(const http::Request& request, const Route& route) {
  const std::vector<Cause> causes = CheckQuery(request, route);
  if (!causes.empty()) {
    const char* kind = request.method == "POST"  ? "CreateOptions"
                       : request.method == "PUT" ? "UpdateOptions"
                                                 : "PatchOptions";
    return Invalid("meta.k8s.io", kind, "", causes);
  }
  const std::string validation = route.Get("fieldValidation");
  WriteQuery query{.dry_run = route.Get("dryRun") == "All",
                   .force = route.Is("force"),
                   .validation = validation == "Ignore"   ? FieldValidation::kIgnore
                                 : validation == "Strict" ? FieldValidation::kStrict
                                                          : FieldValidation::kWarn,
                   .manager = route.Get("fieldManager")};
  if (query.manager.empty()) {
    const std::string agent = HeaderOf(request, "User-Agent");
    query.manager = agent.substr(0, std::min(agent.find('/'), kLongestManager));
  }
  return query;
}

}  // namespace coreflow::apiserver
