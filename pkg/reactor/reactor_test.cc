#include "pkg/reactor/reactor.h"

#include <gtest/gtest.h>

#include <vector>

#include "pkg/json/parse.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::reactor {
namespace {

const OwnerKey kKey{.kind = engine::Kind::kWorkflow, .ns = "ns", .name = "w", .uid = "u"};

engine::ObjectView Workflow(const std::string& version) {
  return {.kind = engine::Kind::kWorkflow,
          .name = "w",
          .namespace_name = "ns",
          .uid = "u",
          .resource_version = version,
          .generation = 1,
          .spec = *json::Parse(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"]}]})")};
}

class ReactorTest : public testing::Test {
 protected:
  ReactorTest() { reactor_.Start(1); }

  void Settle() { loop_.RunUntilIdle(1000); }

  VirtualLoop loop_;
  std::vector<engine::Action> asked_;
  std::vector<std::string> gone_;
  Reactor reactor_{loop_,
                   {.apply = [this](const OwnerKey&, const engine::Action& action) { asked_.push_back(action); },
                    .on_quarantined = [](const OwnerKey&, const std::string& what) { ADD_FAILURE() << what; },
                    .on_gone = [this](const std::string& uid) { gone_.push_back(uid); }}};
};

TEST_F(ReactorTest, AnObjectThatAnAnswerCalledGoneIsNotRunAgainWhenTheWatchIsBehind) {
  reactor_.Observe(kKey, engine::ObjectSeen{Workflow("5")});
  Settle();
  EXPECT_EQ(asked_.size(), 1u) << "record 0 is asked for";
  reactor_.Answer(kKey, engine::ObjectGone{});
  Settle();
  asked_.clear();

  reactor_.Observe(kKey, engine::ObjectSeen{Workflow("4")});
  reactor_.Observe(kKey, engine::ObjectSeen{Workflow("6")});
  Settle();
  EXPECT_EQ(asked_.size(), 0u);
  EXPECT_TRUE(gone_.empty());

  reactor_.Observe(kKey, engine::ObjectGone{});
  Settle();
  EXPECT_EQ(gone_, std::vector<std::string>{"u"});
}

TEST_F(ReactorTest, AnAnswerThatComesAfterTheEndIsForNobody) {
  reactor_.Observe(kKey, engine::ObjectSeen{Workflow("5")});
  reactor_.Observe(kKey, engine::ObjectGone{});
  Settle();
  asked_.clear();
  reactor_.Answer(kKey, engine::ObjectSeen{Workflow("5")});
  Settle();
  EXPECT_EQ(asked_.size(), 0u);
  EXPECT_TRUE(reactor_.owners().empty());
}

}  // namespace
}  // namespace coreflow::reactor
