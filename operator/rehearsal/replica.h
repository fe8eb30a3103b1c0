#pragma once

#include <memory>

#include "controllers/runs/controller.h"
#include "pkg/engine/pretended.h"
#include "pkg/simulation/cluster.h"
#include "pkg/simulation/process_loop.h"

namespace coreflow::rehearsal {

// One life of the operator: its controllers and their connections. Destroying it is kill -9. Loop and cluster outlive
// it, and so do the blobs.
class Replica {
 public:
  Replica(Loop& loop, simulation::Cluster& cluster, cache::Blobs& blobs)
      : loop_(loop, Duration(0)),
        transport_(cluster.Connect({.user_agent = "coreflow-operator"})),
        controller_(loop_, *transport_,
                    {.instance = "rehearsal",
                     .random = [] { return 0.5; },
                     .blobs = &blobs,
                     .courier = engine::PretendedCourier()},
                    {}) {
    controller_.Start();
  }
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  void CutOff(bool cut_off) { transport_->CutOff(cut_off); }

 private:
  simulation::ProcessLoop loop_;
  std::unique_ptr<simulation::FaultyTransport> transport_;
  runs::Controller controller_;
};

}  // namespace coreflow::rehearsal
