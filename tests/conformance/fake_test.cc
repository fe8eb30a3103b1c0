// The conformance cases against the fake API server.
#include <gtest/gtest.h>

#include "pkg/base/check.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"
#include "pkg/simulation/fence_policies.h"
#include "tests/conformance/case.h"

namespace coreflow::conformance {
namespace {

class FakeServer : public Server {
 public:
  FakeServer() {
    for (const json::Value& crd : apiserver::BuiltInCrds()) {
      const auto made = cluster_.Create(apiserver::Crds(), "", crd);
      CHECK(made.has_value(), "an empty cluster takes its CRDs");
    }
    cluster_.registry.Admit([this](const apiserver::AdmissionRequest& request) { return fence_.Ask(request); });
  }

  http::Transport& transport() override { return *transport_; }

  bool Await(const std::function<bool()>& done, Duration limit) override {
    const Duration until = loop_.Monotonic() + limit;
    while (!done()) {
      const auto next = loop_.NextTimer();
      if (!next || loop_.Monotonic() + *next > until) return false;
      loop_.Advance(*next);
    }
    return true;
  }

  std::string Unique() override { return "fake"; }

 private:
  static simulation::Behaviour NeverScheduled(const json::Value&) {
    return {.trouble = simulation::StartTrouble::kUnschedulable};
  }

  reactor::VirtualLoop loop_;
  simulation::Cluster cluster_{loop_, {.script = NeverScheduled, .strict = true}};
  simulation::FencePolicies fence_{cluster_.store, loop_, {.ns = "kube-system"}};
  std::unique_ptr<simulation::FaultyTransport> transport_ = cluster_.Connect();
};

class Fake : public testing::TestWithParam<Case> {};

TEST_P(Fake, KeepsTheRule) {
  FakeServer server;
  Session session(server);
  if (!testing::Test::HasFailure()) GetParam().run(session);
}

INSTANTIATE_TEST_SUITE_P(Api, Fake, testing::ValuesIn(AllCases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace coreflow::conformance
