#include "pkg/cli/operator_namespace.h"

#include "pkg/engine/names.h"

namespace coreflow::cli {

namespace {

constexpr char kUsualNamespace[] = "coreflow-system";

}  // namespace

Flag OperatorNamespaceFlag() {
  return {.name = "operator-namespace",
          .kind = FlagKind::kText,
          .placeholder = "NAME",
          .help =
              "where CoreFlow is installed; else that of the install that has claimed the namespace, or "
              "coreflow-system"};
}

Result<std::string> OperatorNamespace(Session& session, const std::string& named, const std::string& ns) {
  if (!named.empty()) return named;
  const auto claim = session.Send(kube::Get(kube::kLeases, {.ns = ns, .name = engine::kClaimName}));
  if (!claim && claim.error().code == Code::kCancelled) return claim.error();
  const std::string owner = claim ? (*claim)["spec"]["holderIdentity"].StringOr("") : "";
  const size_t slash = owner.find('/');
  return slash == std::string::npos || slash == 0 ? std::string(kUsualNamespace) : owner.substr(0, slash);
}

}  // namespace coreflow::cli
