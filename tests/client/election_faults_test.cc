#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/kube/lease.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// Several processes that compete for one Lease, each with connections of its own.
class Electorate {
 public:
  Electorate(reactor::VirtualLoop& loop, simulation::Cluster& cluster, simulation::Faults& faults, uint64_t seed)
      : loop_(loop), random_(seed) {
    for (int i = 0; i < 3; ++i) {
      auto process = std::make_unique<Process>();
      process->transport = cluster.Connect({.seed = seed + static_cast<uint64_t>(i)}, &faults);
      process->client = std::make_unique<kube::Client>(loop, *process->transport);
      processes_.push_back(std::move(process));
      Begin(*processes_.back());
    }
  }

  // Something befalls a process: its network goes or comes back, it dies and is started anew, or it releases.
  void Disturb() {
    Process& process = *processes_[random_.Below(processes_.size())];
    switch (random_.Below(5)) {
      case 0: process.transport->CutOff(true); break;
      case 1: Begin(process); break;
      case 2: process.elector->Release([&process] { process.elector->Start(); }); break;
      default: process.transport->CutOff(false);
    }
  }
  void Heal() {
    for (auto& process : processes_) process->transport->CutOff(false);
  }

  int leaders() const {
    int count = 0;
    for (const auto& process : processes_) count += process->elector->leading();
    return count;
  }
  int terms() const { return terms_; }

 private:
  struct Process {
    std::unique_ptr<simulation::FaultyTransport> transport;
    std::unique_ptr<kube::Client> client;
    std::unique_ptr<kube::LeaderElector> elector;
  };

  void Begin(Process& process) {
    process.elector = std::make_unique<kube::LeaderElector>(
        loop_, *process.client,
        kube::LeaseOptions{.key = {"default", "bucket-1"},
                           .identity = "process-" + std::to_string(++lives_),
                           .random = [this] { return static_cast<double>(random_.Below(1000)) / 1000; },
                           .on_leading =
                               [this](int64_t epoch) {
                                 EXPECT_GT(epoch, last_epoch_) << "an epoch came twice, or went back";
                                 last_epoch_ = epoch;
                                 ++terms_;
                               },
                           .on_lost = [] {}});
    process.elector->Start();
  }

  reactor::VirtualLoop& loop_;
  Dice random_;
  std::vector<std::unique_ptr<Process>> processes_;
  int lives_ = 0;
  int terms_ = 0;
  int64_t last_epoch_ = 0;
};

class ElectionFaultsTest : public testing::TestWithParam<uint64_t> {};

TEST_P(ElectionFaultsTest, NoTwoLeadAtOnceAndInTheEndOneDoes) {
  reactor::VirtualLoop loop;
  Dice random(GetParam());
  simulation::Cluster cluster(loop, {.seed = GetParam()});
  simulation::RandomFaults faults(GetParam(), simulation::Turbulent());
  Electorate electorate(loop, cluster, faults, GetParam());

  for (int i = 0; i < 4000; ++i) {
    if (random.Chance(60)) electorate.Disturb();
    if (random.Chance(2)) cluster.server.Restart(milliseconds(random.Below(20000)));
    loop.Advance(milliseconds(random.Below(1000)));
    ASSERT_LE(electorate.leaders(), 1) << "at step " << i;
  }
  faults.Stop();
  electorate.Heal();
  loop.Advance(minutes(2));
  EXPECT_EQ(electorate.leaders(), 1);
  EXPECT_GT(electorate.terms(), 3) << "nothing went wrong, so nothing was tested";
}

INSTANTIATE_TEST_SUITE_P(Seeds, ElectionFaultsTest, testing::Range<uint64_t>(1, 41));

}  // namespace
}  // namespace coreflow
