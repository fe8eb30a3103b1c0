#include "controllers/runs/reported.h"

#include "controllers/runs/prepend.h"

namespace coreflow::runs {

Controller::Hooks Reported(Controller::Hooks hooks, Reports& reports, Loop& loop) {
  Prepend(hooks.on_decided, [&reports, &loop](const reactor::OwnerKey&, engine::Owner& owner,
                                              std::chrono::duration<double>) { reports.Decided(owner, loop.Now()); });
  Prepend(hooks.on_recorded, [&reports, &loop](const reactor::OwnerKey& key, const engine::RecordSeen& record) {
    reports.Recorded(key.uid, record, loop.Now());
  });
  Prepend(hooks.on_gone, [&reports](const std::string& uid) { reports.Forget(uid); });
  return hooks;
}

}  // namespace coreflow::runs
