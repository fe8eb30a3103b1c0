#include "pkg/reactor/reactor.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/overloaded.h"
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
  ReactorTest() { reactor_.Start({.epoch = 1}); }

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

class HeldTest : public testing::Test {
 protected:
  HeldTest() { reactor_.Start({.epoch = 1}); }

  void See() {
    reactor_.Observe(kKey, engine::ObjectSeen{Workflow("5")});
    loop_.RunUntilIdle(1000);
  }

  VirtualLoop loop_;
  bool may_ = false;
  int actions_ = 0, held_ = 0, gone_ = 0;
  Reactor reactor_{loop_,
                   {.apply = [this](const OwnerKey&, const engine::Action&) { ++actions_; },
                    .may_decide = [this](const OwnerKey&) { return may_; },
                    .on_held = [this](const OwnerKey&) { ++held_; },
                    .on_quarantined = [](const OwnerKey&, const std::string& what) { ADD_FAILURE() << what; },
                    .on_gone = [this](const std::string&) { ++gone_; }}};
};

TEST_F(HeldTest, WhatMayNotBeDecidedOnIsDecidedWhenItsNamespaceIsAdmitted) {
  See();
  See();
  EXPECT_EQ(actions_, 0);
  EXPECT_EQ(held_, 1) << "said once";
  may_ = true;
  reactor_.Admit("another");
  loop_.RunUntilIdle(1000);
  EXPECT_EQ(actions_, 0);
  reactor_.Admit("ns");
  loop_.RunUntilIdle(1000);
  EXPECT_EQ(actions_, 1);
}

TEST_F(HeldTest, WhatIsHeldIsDroppedWhenItsObjectIsGone) {
  See();
  EXPECT_TRUE(reactor_.HasOwnersIn("ns"));
  reactor_.Observe(kKey, engine::ObjectGone{});
  loop_.RunUntilIdle(1000);
  EXPECT_EQ(gone_, 1);
  EXPECT_FALSE(reactor_.HasOwnersIn("ns"));
  EXPECT_EQ(actions_, 0);
}

// A leader that took over a moment ago: its predecessor's requests may arrive for a minute.
class NewLeaderTest : public testing::Test {
 protected:
  // A deleted pod of that run; its finalizer is all that keeps its name.
  void SeePod() {
    reactor_.Observe(kKey, engine::PodSeen{{.name = "p",
                                            .uid = "p",
                                            .resource_version = "7",
                                            .owner_uid = kKey.uid,
                                            .has_finalizer = true,
                                            .deletion_time = loop_.Now()}});
    loop_.RunUntilIdle(1000);
  }
  void SeeDeleted() {
    auto object = Workflow("6");
    object.deleting = true;
    reactor_.Observe(kKey, engine::ObjectSeen{object});
  }
  void Start() { reactor_.Start({.epoch = 2, .settled_at = loop_.Now() + std::chrono::minutes(1)}); }

  VirtualLoop loop_;
  int released_ = 0;
  Reactor reactor_{loop_, {.apply = [this](const OwnerKey&, const engine::Action& action) {
                     released_ += std::holds_alternative<engine::ReleasePod>(action);
                   }}};
};

TEST_F(NewLeaderTest, LetsThePodsOfARunThatItFoundGoAfterThat) {
  SeeDeleted();
  Start();
  SeePod();
  EXPECT_EQ(released_, 0);
  loop_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(released_, 1);
}

TEST_F(NewLeaderTest, LetsThePodsOfARunThatItHasNotSeenGoAfterThat) {
  Start();
  SeePod();
  SeeDeleted();
  loop_.RunUntilIdle(1000);
  EXPECT_EQ(released_, 0);
  loop_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(released_, 1);
}

TEST_F(NewLeaderTest, LetsThePodsOfARunThatIsNewGoAtOnce) {
  Start();
  SeeDeleted();
  SeePod();
  EXPECT_EQ(released_, 1);
}

// A loop that counts the timers which are hours away.
class CountingLoop : public VirtualLoop {
 public:
  void After(Duration delay, std::function<void()> work) override {
    far_ += delay > std::chrono::hours(1);
    VirtualLoop::After(delay, std::move(work));
  }
  int far() const { return far_; }

 private:
  int far_ = 0;
};

// An operator that does what it is asked at once.
class FarTimerTest : public testing::Test {
 protected:
  FarTimerTest() { reactor_.Start({.epoch = 1}); }

  void See(engine::ObjectView object) {
    object.resource_version = std::to_string(++version_);
    object_ = object;
    reactor_.Observe(kKey, engine::ObjectSeen{std::move(object)});
    loop_.RunUntilIdle(1000);
  }
  void SeePod(const std::string& waits_because) {
    pod_.resource_version = std::to_string(++version_);
    pod_.waiting_reason = "ErrImagePull";
    pod_.waiting_message = waits_because;
    reactor_.Observe(kKey, engine::PodSeen{pod_});
  }
  void Apply(const engine::Action& action) {
    std::visit(overloaded{
                   [&](const engine::WriteRecord& a) {
                     loop_.Post([this, a] { reactor_.Answer(kKey, engine::RecordSeen{a.run, a.index, a.body}); });
                   },
                   [&](const engine::WriteStatus& a) {
                     ++statuses_;
                     engine::ObjectView object = object_;
                     object.status = a.status;
                     loop_.Post([this, object] { See(object); });
                   },
                   [&](const engine::CreatePod& a) {
                     pod_ = engine::ParsePod(a.pod);
                     pod_.uid = "p";
                     pod_.phase = "Pending";
                   },
                   [](const auto&) {},
               },
               action);
  }

  CountingLoop loop_;
  engine::ObjectView object_;
  engine::PodView pod_;
  int version_ = 1;
  int statuses_ = 0;
  Reactor reactor_{loop_,
                   {.apply = [this](const OwnerKey&, const engine::Action& action) { Apply(action); },
                    .on_quarantined = [](const OwnerKey&, const std::string& what) { ADD_FAILURE() << what; }}};
};

// A day's timeout, and a status that is written every few seconds until then.
TEST_F(FarTimerTest, ATimerThatIsFarAwayIsNotSetAgainWithEveryOneThatComesBefore) {
  engine::ObjectView object = Workflow("1");
  json::Object spec = object.spec.Members();
  spec["timeoutSeconds"] = 86'400;
  object.spec = std::move(spec);
  See(object);
  ASSERT_EQ(pod_.uid, "p") << "the run has started";
  const int before = statuses_;
  for (int i = 0; i < 40; ++i) {
    SeePod("try " + std::to_string(i));
    loop_.Advance(std::chrono::seconds(1));
  }
  EXPECT_GE(statuses_, before + 15);
  EXPECT_EQ(loop_.far(), 1);
}

// A fault that nobody has put into an engine is brought about from outside: by what it is told, and by its clock.
struct Fault {
  operator engine::ObjectSeen() const { throw std::runtime_error("a fault"); }  // NOLINT: it is to convert
};

// An observation that holds none of its kinds, as one is left behind whose making failed. Engines throw at it.
engine::Observation Broken() {
  engine::Observation broken = engine::Synced{};
  EXPECT_THROW(broken.emplace<engine::ObjectSeen>(Fault()), std::runtime_error);
  EXPECT_TRUE(broken.valueless_by_exception());
  return broken;
}

class FaultyClock : public VirtualLoop {
 public:
  Time Now() const override {
    if (std::exchange(faulty_, false)) throw std::runtime_error("no time");
    return VirtualLoop::Now();
  }
  void FailOnce() { faulty_ = true; }

 private:
  mutable bool faulty_ = false;
};

class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest() { reactor_.Start({.epoch = 1}); }

  void SeeBoth() {
    engine::ObjectView other = Workflow("5");
    other.name = kOther.name;
    other.uid = kOther.uid;
    reactor_.Observe(kKey, engine::ObjectSeen{Workflow("5")});
    reactor_.Observe(kOther, engine::ObjectSeen{std::move(other)});
    loop_.RunUntilIdle(1000);
  }

  const OwnerKey kOther{.kind = engine::Kind::kWorkflow, .ns = "ns", .name = "other", .uid = "v"};
  FaultyClock loop_;
  std::vector<std::string> asked_;        // objects for which something was to be done
  std::vector<std::string> quarantined_;  // as on_quarantined names them
  Reactor reactor_{loop_,
                   {.apply = [this](const OwnerKey& key, const engine::Action&) { asked_.push_back(key.name); },
                    .on_quarantined =
                        [this](const OwnerKey& key, const std::string& what) {
                          EXPECT_NE(what, "");
                          quarantined_.push_back(key.name);
                        }}};
};

TEST_F(QuarantineTest, AnEngineThatThrowsAtWhatItIsToldHoldsUpItsObjectOnly) {
  reactor_.Observe(kKey, Broken());
  EXPECT_EQ(quarantined_, std::vector<std::string>{"w"});
  SeeBoth();
  EXPECT_EQ(asked_, std::vector<std::string>{"other"});
  reactor_.Observe(kKey, Broken());
  EXPECT_EQ(quarantined_.size(), 1u) << "said once";
  EXPECT_EQ(reactor_.quarantined(), 1u);
}

TEST_F(QuarantineTest, AnEngineThatThrowsWhenItDecidesHoldsUpItsObjectOnly) {
  loop_.FailOnce();  // for the first of the two
  SeeBoth();
  EXPECT_EQ(quarantined_, std::vector<std::string>{"w"});
  EXPECT_EQ(asked_, std::vector<std::string>{"other"});
  reactor_.Observe(kKey, engine::ObjectSeen{Workflow("6")});
  loop_.RunUntilIdle(1000);
  EXPECT_EQ(asked_, std::vector<std::string>{"other"}) << "it is left alone from then on";
  EXPECT_EQ(reactor_.quarantined(), 1u);
}

}  // namespace
}  // namespace coreflow::reactor
