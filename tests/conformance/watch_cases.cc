#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

json::Value Labelled(const char* app) {
  return json::Object{{"metadata", json::Object{{"labels", json::Object{{"app", app}}}}}};
}

std::string ListVersion(Session& session, const std::string& collection) {
  return VersionOf(session.Get(collection).body);
}

void WatchGoesOnFromTheListWithoutAGap(Session& session) {
  session.MakeLease("before");
  const std::string version = ListVersion(session, session.Leases());
  session.MakeLease("between");
  WatchLog watch = session.Watch(session.Leases() + "?resourceVersion=" + version);
  session.MakeLease("after");
  session.MergePatch(session.Leases() + "/after", Labelled("x"));
  session.Delete(session.Leases() + "/after");
  EXPECT_EQ(Said(watch.Await(4)), "ADDED between, ADDED after, MODIFIED after, DELETED after");
}

void VersionsOfAWatchNeverFall(Session& session) {
  WatchLog watch = session.Watch(session.Leases() + "?resourceVersion=" + ListVersion(session, session.Leases()));
  for (const char* name : {"c", "a", "b"}) session.MakeLease(name);
  const auto frames = watch.Await(3);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_TRUE(Later(VersionOf(frames[1].object), VersionOf(frames[0].object)));
  EXPECT_TRUE(Later(VersionOf(frames[2].object), VersionOf(frames[1].object)));
}

void WatchFromNowhereBeginsWithWhatIsThere(Session& session) {
  session.MakeLease("a");
  session.MakeLease("b");
  WatchLog watch = session.Watch(session.Leases());
  auto frames = watch.Await(2);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].type + frames[1].type, "ADDEDADDED");
}

void DeletedShowsTheLastBodyWithALaterVersion(Session& session) {
  const json::Value made = session.MakeLease("a", {{"app", "x"}});
  WatchLog watch = session.Watch(session.Leases() + "?resourceVersion=" + VersionOf(made));
  session.Delete(session.Leases() + "/a");
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "DELETED a");
  EXPECT_EQ(frames[0].object["metadata"]["labels"]["app"], json::Value("x"));
  EXPECT_TRUE(Later(VersionOf(frames[0].object), VersionOf(made)));
}

void WhatASelectorNoLongerMatchesIsDeletedWithItsOldBody(Session& session) {
  const json::Value made = session.MakeLease("a", {{"app", "x"}});
  WatchLog watch = session.Watch(session.Leases() + "?labelSelector=app%3Dx&resourceVersion=" + VersionOf(made));
  const Answer changed = session.MergePatch(session.Leases() + "/a", Labelled("y"));
  session.MergePatch(session.Leases() + "/a", Labelled("x"));
  const auto frames = watch.Await(2);
  ASSERT_EQ(Said(frames), "DELETED a, ADDED a");
  EXPECT_EQ(frames[0].object["metadata"]["labels"]["app"], json::Value("x"));
  EXPECT_EQ(VersionOf(frames[0].object), VersionOf(changed.body));
}

void AFieldSelectorMakesTransitionsToo(Session& session) {
  const json::Value made = session.MakeWorkflow("w");
  WatchLog watch =
      session.Watch(session.Workflows() + "?fieldSelector=status.state%3DRunning&resourceVersion=" + VersionOf(made));
  for (const char* state : {"Running", "Succeeded"}) {
    session.MergePatch(session.Workflows() + "/w/status", json::Object{{"status", json::Object{{"state", state}}}});
  }
  EXPECT_EQ(Said(watch.Await(2)), "ADDED w, DELETED w");
}

void ABookmarkComesBeforeTheEndAndTheEndIsInOrder(Session& session) {
  const json::Value made = session.MakeLease("a");
  const std::string target =
      session.Leases() + "?allowWatchBookmarks=true&timeoutSeconds=5&resourceVersion=" + VersionOf(made);
  std::optional<Frame> bookmark;
  // A server short of time may leave a bookmark out.
  for (int watches = 0; !bookmark && watches < 5; ++watches) {
    WatchLog watch = session.Watch(target);
    bookmark = watch.AwaitBookmark();
    EXPECT_EQ(watch.AwaitEnd(), "ok");
  }
  ASSERT_TRUE(bookmark.has_value());
  EXPECT_EQ(bookmark->object["kind"], json::Value("Lease"));
  EXPECT_FALSE(Later(VersionOf(made), VersionOf(bookmark->object)));
}

void AVersionThatIsForgottenIsAnErrorInsideTheStream(Session& session) {
  WatchLog watch = session.Watch(session.Workflows() + "?resourceVersion=1");
  EXPECT_EQ(watch.status(), 200);
  const auto frames = watch.Await(1);
  ASSERT_EQ(Said(frames), "ERROR 410");
  EXPECT_EQ(frames[0].object["kind"], json::Value("Status"));
  EXPECT_EQ(frames[0].object["reason"], json::Value("Expired"));
  EXPECT_EQ(watch.AwaitEnd(), "ok");
}

void AWriteThatChangesNothingIsNoEvent(Session& session) {
  const json::Value made = session.MakeLease("a", {{"app", "x"}});
  WatchLog watch = session.Watch(session.Leases() + "?resourceVersion=" + VersionOf(made));
  const Answer same = session.MergePatch(session.Leases() + "/a", Labelled("x"));
  EXPECT_EQ(VersionOf(same.body), VersionOf(made));
  session.MakeLease("end");
  EXPECT_EQ(Said(watch.Await(1)), "ADDED end");
}

void WatchedObjectsSayTheirKind(Session& session) {
  WatchLog watch = session.Watch(session.Leases() + "?resourceVersion=" + ListVersion(session, session.Leases()));
  session.MakeLease("a");
  const auto frames = watch.Await(1);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].object["kind"], json::Value("Lease"));
}

void OneObjectCanBeWatched(Session& session) {
  session.MakeWorkflow("a");
  WatchLog watch = session.Watch(session.Workflows() + "?fieldSelector=metadata.name%3Da");
  EXPECT_EQ(Said(watch.Await(1)), "ADDED a");
}

void AMalformedWatchIsAnAnswer(Session& session) {
  WatchLog watch = session.Watch(session.Leases() + "?labelSelector=%3D%3D");
  EXPECT_EQ(watch.status(), 400);
}

void WithoutBeingAskedForNoBookmarkComes(Session& session) {
  const json::Value made = session.MakeLease("a");
  WatchLog watch = session.Watch(session.Leases() + "?timeoutSeconds=3&resourceVersion=" + VersionOf(made));
  EXPECT_FALSE(watch.AwaitBookmark().has_value());
  EXPECT_EQ(watch.AwaitEnd(), "ok");
}

void AWatchOfAnyAgeBeginsWithWhatIsThere(Session& session) {
  session.MakeLease("a");
  // The watch cache may lag a moment behind the write; then it comes a moment later.
  WatchLog watch = session.Watch(session.Leases() + "?resourceVersion=0");
  EXPECT_EQ(Said(watch.Await(1)), "ADDED a");
}

void AWatchOfAllNamespacesSeesEachOfThem(Session& session) {
  const json::Value made = session.MakeLease("a");
  WatchLog watch = session.Watch("/apis/coordination.k8s.io/v1/leases?fieldSelector=metadata.namespace%3D" +
                                 session.name_space() + "&resourceVersion=" + VersionOf(made));
  session.MakeLease("b");
  EXPECT_EQ(Said(watch.Await(1)), "ADDED b");
}

void AWatchFromTheFutureIsSilentUntilThen(Session& session) {
  WatchLog watch = session.Watch(session.Leases() + "?timeoutSeconds=2&resourceVersion=999999999");
  EXPECT_EQ(watch.status(), 200);
  session.MakeLease("a");
  EXPECT_EQ(watch.AwaitEnd(), "ok");
  EXPECT_EQ(Said(watch.Await(0)), "");
}

void AListCanBeStreamed(Session& session) {
  session.MakeLease("a");
  const std::string streamed = "?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  WatchLog watch = session.Watch(session.Leases() + streamed);
  EXPECT_EQ(Said(watch.Await(1)), "ADDED a");
  const auto bookmark = watch.AwaitBookmark();
  ASSERT_TRUE(bookmark.has_value());
  EXPECT_EQ(bookmark->object["metadata"]["annotations"]["k8s.io/initial-events-end"], json::Value("true"));
  session.MakeLease("b");
  EXPECT_EQ(Said(watch.Await(2)), "ADDED a, ADDED b");
  WatchLog later = session.Watch(session.Leases() + "?sendInitialEvents=false&resourceVersionMatch=NotOlderThan");
  session.MakeLease("c");
  EXPECT_EQ(Said(later.Await(1)), "ADDED c");
}

void WatchOptionsThatMakeNoSenseAreRefused(Session& session) {
  EXPECT_EQ(session.Watch(session.Leases() + "?sendInitialEvents=true").status(), 422);
  EXPECT_EQ(session.Watch(session.Leases() + "?resourceVersion=nonsense").status(), 500);
  EXPECT_EQ(session.Watch(session.Leases() + "?resourceVersionMatch=NotOlderThan").status(), 422);
  EXPECT_EQ(session.Watch(session.Leases() + "?fieldSelector=nonsense%3Dx").status(), 400);
}

}  // namespace

std::vector<Case> WatchCases() {
  return {
      {"WatchGoesOnFromTheListWithoutAGap", WatchGoesOnFromTheListWithoutAGap},
      {"VersionsOfAWatchNeverFall", VersionsOfAWatchNeverFall},
      {"WatchFromNowhereBeginsWithWhatIsThere", WatchFromNowhereBeginsWithWhatIsThere},
      {"DeletedShowsTheLastBodyWithALaterVersion", DeletedShowsTheLastBodyWithALaterVersion},
      {"WhatASelectorNoLongerMatchesIsDeletedWithItsOldBody", WhatASelectorNoLongerMatchesIsDeletedWithItsOldBody},
      {"AFieldSelectorMakesTransitionsToo", AFieldSelectorMakesTransitionsToo},
      {"ABookmarkComesBeforeTheEndAndTheEndIsInOrder", ABookmarkComesBeforeTheEndAndTheEndIsInOrder},
      {"AVersionThatIsForgottenIsAnErrorInsideTheStream", AVersionThatIsForgottenIsAnErrorInsideTheStream},
      {"AWriteThatChangesNothingIsNoEvent", AWriteThatChangesNothingIsNoEvent},
      {"WatchedObjectsSayTheirKind", WatchedObjectsSayTheirKind},
      {"OneObjectCanBeWatched", OneObjectCanBeWatched},
      {"AMalformedWatchIsAnAnswer", AMalformedWatchIsAnAnswer},
      {"WithoutBeingAskedForNoBookmarkComes", WithoutBeingAskedForNoBookmarkComes},
      {"AWatchOfAnyAgeBeginsWithWhatIsThere", AWatchOfAnyAgeBeginsWithWhatIsThere},
      {"AWatchOfAllNamespacesSeesEachOfThem", AWatchOfAllNamespacesSeesEachOfThem},
      {"AWatchFromTheFutureIsSilentUntilThen", AWatchFromTheFutureIsSilentUntilThen},
      {"AListCanBeStreamed", AListCanBeStreamed},
      {"WatchOptionsThatMakeNoSenseAreRefused", WatchOptionsThatMakeNoSenseAreRefused},
  };
}

}  // namespace coreflow::conformance
