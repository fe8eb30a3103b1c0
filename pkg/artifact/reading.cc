#include "pkg/artifact/reading.h"

#include <algorithm>
#include <array>

namespace coreflow::artifact {

namespace {

constexpr std::array<std::string_view, 3> kTerms = {"Token", "Nothing", "Nobody"};

}  // namespace

json::Value ToJson(ReaderTerms terms) {
  return json::Object{{"readers", std::string(kTerms[static_cast<size_t>(terms)])}};
}

std::optional<ReaderTerms> ReadTerms(const json::Value& value) {
  const std::string name = value["readers"].StringOr("");
  const auto* const found = std::ranges::find(kTerms, name);
  if (found == kTerms.end()) return std::nullopt;
  return static_cast<ReaderTerms>(found - kTerms.begin());
}

std::string ReaderPath(std::string_view name_space, std::string_view digest) {
  return "/v1/namespaces/" + std::string(name_space) + "/blobs/" + std::string(digest);
}

std::string ProxyPath(std::string_view name_space, std::string_view path) {
  return "/api/v1/namespaces/" + std::string(name_space) + "/services/" + kDataService + "/proxy" + std::string(path);
}

json::Value ReaderFailure(int status, std::string_view message) {
  return json::Object{{"kind", "Status"},        {"apiVersion", "v1"}, {"status", "Failure"},
                      {"reason", kReaderReason}, {"code", status},     {"message", std::string(message)}};
}

std::string ReaderName(std::string_view name_space) {
  return "system:serviceaccount:" + std::string(name_space) + ":" + kReaderAccount;
}

}  // namespace coreflow::artifact
