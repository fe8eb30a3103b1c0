#include "pkg/apiserver/store.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {
namespace {

json::Value Lease(const std::string& name, int holder) {
  return json::Object{{"metadata", json::Object{{"name", name}, {"namespace", "ci"}}}, {"holder", holder}};
}

std::string Keys(const Store::Objects& objects) {
  std::string keys;
  for (const auto& [key, version] : objects) keys += (keys.empty() ? "" : " ") + key;
  return keys;
}

class StoreTest : public testing::Test {
 protected:
  uint64_t Put(const std::string& name, int holder = 0) {
    return store.Put(Leases(), "ci/" + name, Lease(name, holder))->rv();
  }

  Store store;
};

TEST_F(StoreTest, EveryWriteOfAnyResourceRaisesTheOneVersion) {
  const uint64_t first = Put("a");
  EXPECT_EQ(store.Put(Pods(), "ci/p", json::Object{})->rv(), first + 1);
  EXPECT_EQ(store.Delete(Leases(), "ci/a")->rv(), first + 2);
  EXPECT_EQ(store.Current(), first + 2);
}

TEST_F(StoreTest, StampsTheVersionOnTheObject) {
  const uint64_t rv = Put("a");
  EXPECT_EQ(VersionOf(store.Get(Leases(), "ci/a")->object()), rv);
}

TEST_F(StoreTest, ListsThePastExactly) {
  Put("a", 1);
  const uint64_t then = Put("b", 1);
  Put("a", 2);
  store.Delete(Leases(), "ci/b");
  Put("c", 1);
  const auto past = store.ListAt(Leases(), then);
  ASSERT_TRUE(past.has_value());
  EXPECT_EQ(Keys(*past), "ci/a ci/b");
  EXPECT_EQ(past->at("ci/a")->object()["holder"], json::Value(1));
  EXPECT_EQ(Keys(store.List(Leases())), "ci/a ci/c");
}

TEST_F(StoreTest, ForgetsThePastAtACompaction) {
  const uint64_t then = Put("a");
  const uint64_t later = Put("b");
  store.Compact(later);
  EXPECT_FALSE(store.ListAt(Leases(), then).has_value());
  EXPECT_TRUE(store.ListAt(Leases(), later).has_value());
  EXPECT_TRUE(store.Since(Leases(), later).empty());
}

TEST_F(StoreTest, CompactsByItselfWhenTheHistoryIsLong) {
  store.LimitHistory(10);
  const uint64_t first = Put("a");
  for (int i = 0; i < 100; ++i) Put("a", i);
  EXPECT_GT(store.Compacted(), first);
  EXPECT_LE(store.Since(Leases(), store.Compacted()).size(), 20U);
}

TEST_F(StoreTest, ADeletedObjectKeepsItsBodyAndGetsTheDeletesVersion) {
  const uint64_t made = Put("a", 7);
  store.Delete(Leases(), "ci/a");
  const auto changes = store.Since(Leases(), made);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].after, nullptr);
  EXPECT_EQ(changes[0].last->object()["holder"], json::Value(7));
  EXPECT_EQ(VersionOf(changes[0].last->object()), made + 1);
}

TEST_F(StoreTest, TellsObserversOfEveryWriteInOrder) {
  std::string seen;
  store.Observe([&seen](const Change& change) {
    seen += change.before ? change.after ? "M" : "D" : "A";
    seen += change.key;
  });
  Put("a");
  Put("a", 1);
  store.Delete(Leases(), "ci/a");
  EXPECT_EQ(seen, "Aci/aMci/aDci/a");
}

TEST_F(StoreTest, KeysAreInTheOrderOfTheirBytes) {
  store.Put(Leases(), "a/x", json::Object{});
  store.Put(Leases(), "a-b/x", json::Object{});
  EXPECT_EQ(Keys(store.List(Leases())), "a-b/x a/x");
}

}  // namespace
}  // namespace coreflow::apiserver
