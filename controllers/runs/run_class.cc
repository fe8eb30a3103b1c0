#include "controllers/runs/run_class.h"

namespace coreflow::runs {

using api::ReasonClass;

ReasonClass ClassOf(const engine::Owner& owner) {
  const auto reason = api::ParseReason(owner.info().reason);
  if (!reason || !api::IsEnd(*reason)) return ReasonClass::kError;
  const ReasonClass cls = api::Info(*reason).cls;
  const bool steps_failed = cls == ReasonClass::kFailure && owner.run();
  if (!steps_failed || owner.run()->progress().failures().empty()) return cls;
  const api::Reason first = owner.run()->progress().failures().front().reason;
  return api::Info(first).cls == ReasonClass::kError ? ReasonClass::kError : cls;
}

ReasonClass ClassOf(const engine::ItemResult& result) {
  return api::IsEnd(result.reason) ? api::Info(result.reason).cls : ReasonClass::kError;
}

bool IsFailure(ReasonClass cls) {
  return cls == ReasonClass::kFailure || cls == ReasonClass::kTimeout || cls == ReasonClass::kError;
}

}  // namespace coreflow::runs
