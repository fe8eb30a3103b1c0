#include "pkg/api/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::api {

void PrintTo(const ResolvedRun& run, std::ostream* out) { *out << json::Write(ToJson(run)); }
void PrintTo(const ResolvedRetry& retry, std::ostream* out) { *out << json::Write(json::ToJson(retry)); }
void PrintTo(const RunControls& controls, std::ostream* out) { *out << json::EnumName(controls.stop); }

namespace {

using testing::ElementsAre;

template <typename T>
T From(const std::string& spec) {
  Result<json::Value> value = json::Parse(R"({"metadata":{"name":"x"},"spec":)" + spec + "}");
  EXPECT_TRUE(value.has_value()) << spec;
  json::Bound<T> bound = json::Bind<T>(*value);
  EXPECT_EQ(json::Describe(bound.problems), "");
  return bound.value;
}

// The one step of a workflow with these defaults, as JSON.
ResolvedStep Step(const std::string& step, const std::string& defaults = "{}") {
  return Resolve(From<Workflow>(R"({"steps":[)" + step + R"(],"defaults":)" + defaults + "}")).steps.at(0);
}

TEST(ResolveTest, FillsInEveryDefault) {
  ResolvedRun run = Resolve(From<Workflow>(R"({"steps":[{"name":"a","image":"i","script":"x","outputs":[{"name":"o"}]}],
                                               "finally":[{"name":"z","image":"i"}]})"));
  ResolvedRetry retry = {.limit = 0,
                         .backoff_seconds = 5,
                         .backoff_factor_percent = 200,
                         .max_backoff_seconds = 300,
                         .retry_on = {RetryOn::kFailure, RetryOn::kOutOfMemory, RetryOn::kTimeout},
                         .infrastructure_limit = 3,
                         .when = std::nullopt};
  const ResolvedStep& step = run.steps.at(0);
  EXPECT_TRUE(run.fail_fast);
  EXPECT_EQ(run.on_change, OnChange::kRunAfter);
  EXPECT_EQ(run.pod_cleanup, PodCleanup::kOnSuccess);
  EXPECT_EQ(step.run_after, RunAfter::kSucceeded);
  EXPECT_THAT(step.interpreter, ElementsAre("sh", "-ec"));
  EXPECT_EQ(step.retry, retry);
  EXPECT_EQ(step.timeout_seconds, std::nullopt);
  EXPECT_EQ(step.outputs.at(0).type, ValueType::kString);
  EXPECT_EQ(step.pod.automount_service_account_token, false);
  EXPECT_EQ(run.finally.at(0).timeout_seconds, 3600);
  EXPECT_THAT(run.finally.at(0).interpreter, ElementsAre());
}

TEST(ResolveTest, WhatAStepSaysWins) {
  ResolvedStep step = Step(R"({"name":"a","image":"own","timeoutSeconds":1,"resources":{},"retryPolicy":{"limit":0}})",
                           R"({"image":"i","timeoutSeconds":2,"resources":{"limits":{"cpu":1}},"retryPolicy":{"limit":5,
                               "backoffSeconds":9,"retryOn":["Timeout","Failure"]}})");
  EXPECT_EQ(step.image, "own");
  EXPECT_EQ(step.timeout_seconds, 1);
  EXPECT_EQ(step.resources, json::Value(json::Object{}));
  EXPECT_EQ(step.retry.limit, 0);
  EXPECT_EQ(step.retry.backoff_seconds, 9);
  EXPECT_THAT(step.retry.retry_on, ElementsAre(RetryOn::kFailure, RetryOn::kTimeout));
}

TEST(ResolveTest, CacheIsInheritedFieldByField) {
  const ResolvedStep step =
      Step(R"({"name":"a","cache":{"salt":"own"}})", R"({"cache":{"mode":"Auto","ttlSeconds":60,"salt":"above"}})");
  EXPECT_EQ(step.cache, (ResolvedCache{.mode = CacheMode::kAuto, .ttl_seconds = 60, .salt = "own"}));
  EXPECT_EQ(Step(R"({"name":"a","cache":{"mode":"Never"}})", R"({"cache":{"mode":"Auto"}})").cache, std::nullopt);
  EXPECT_EQ(Step(R"({"name":"a","cache":{"salt":"own"}})").cache, std::nullopt);
}

TEST(ResolveTest, FinallyInheritsNoCache) {
  const ResolvedRun run =
      Resolve(From<Workflow>(R"({"steps":[{"name":"a"}],"finally":[{"name":"y"},{"name":"z","cache":{"mode":"Auto"}}],
                                 "defaults":{"cache":{"mode":"Refresh","salt":"above"}}})"));
  EXPECT_EQ(run.steps.at(0).cache, (ResolvedCache{.mode = CacheMode::kRefresh, .salt = "above"}));
  EXPECT_EQ(run.finally.at(0).cache, std::nullopt);
  EXPECT_EQ(run.finally.at(1).cache, ResolvedCache{});
}

TEST(ResolveTest, EnvironmentIsMergedByName) {
  ResolvedStep step = Step(R"({"name":"a","env":[{"name":"B","value":"own"},{"name":"C","value":"c"}]})",
                           R"({"image":"i","env":[{"name":"A","value":"a"},{"name":"B","value":"b"}]})");
  std::vector<std::string> seen;
  for (const EnvVar& variable : step.env) seen.push_back(variable.name + "=" + variable.value.value_or(""));
  EXPECT_THAT(seen, ElementsAre("B=own", "C=c", "A=a"));
}

TEST(ResolveTest, PodIsMergedByFieldAndItsMapsByKey) {
  ResolvedStep step = Step(R"({"name":"a","pod":{"labels":{"x":"own"},"tolerations":[],"hostUsers":false}})",
                           R"({"image":"i","pod":{"labels":{"x":"1","y":"2"},"tolerations":[{"key":"k"}],
                               "hostUsers":true,"affinity":{"nodeAffinity":{}},"automountServiceAccountToken":true}})");
  EXPECT_EQ(step.pod.labels, (std::map<std::string, std::string>{{"x", "own"}, {"y", "2"}}));
  EXPECT_EQ(step.pod.tolerations, json::Value(json::Array{}));
  EXPECT_EQ(step.pod.host_users, false);
  EXPECT_TRUE(step.pod.affinity.IsObject());
  EXPECT_EQ(step.pod.automount_service_account_token, true);
}

TEST(ResolveTest, ArtifactsAreOneFileAndNotOptionalUnlessTheStepSaysSo) {
  const ResolvedStep step = Step(R"({"name":"a","inputs":{"artifacts":[{"name":"i","path":"/i","from":"x"},
                                                                      {"name":"j","path":"/j","from":"y","optional":true}]},
                                    "outputArtifacts":[{"name":"o","path":"/o"},
                                                       {"name":"p","path":"/p","archive":"TarZstd","optional":true}]})",
                                 R"({"image":"i"})");
  EXPECT_THAT(step.input_artifacts,
              ElementsAre(ResolvedInputArtifact{.name = "i", .path = "/i", .from = "x"},
                          ResolvedInputArtifact{.name = "j", .path = "/j", .from = "y", .optional = true}));
  EXPECT_THAT(
      step.output_artifacts,
      ElementsAre(ResolvedOutputArtifact{.name = "o", .path = "/o", .archive = Archive::kNone, .optional = false},
                  ResolvedOutputArtifact{.name = "p", .path = "/p", .archive = Archive::kTarZstd, .optional = true}));
}

TEST(ResolveTest, InterpreterIsForScriptsOnly) {
  const std::string kDefaults = R"({"image":"i","interpreter":["python3","-c"]})";
  EXPECT_THAT(Step(R"({"name":"a","script":"1"})", kDefaults).interpreter, ElementsAre("python3", "-c"));
  EXPECT_THAT(Step(R"({"name":"a","command":["x"]})", kDefaults).interpreter, ElementsAre());
}

TEST(ResolveTest, ServiceAccountOfTheRunIsForStepsThatNameNone) {
  ResolvedRun run = Resolve(From<Workflow>(R"({"serviceAccountName":"run","steps":[{"name":"a","image":"i"},
      {"name":"b","image":"i","pod":{"serviceAccountName":"own"}}]})"));
  EXPECT_EQ(run.steps.at(0).pod.service_account_name, "run");
  EXPECT_EQ(run.steps.at(1).pod.service_account_name, "own");
}

TEST(ResolveTest, ArgumentsGoBeforeDefaultsAndNullIsNoArgument) {
  ResolvedRun run = Resolve(From<Workflow>(R"({"steps":[{"name":"a"}],
      "parameters":[{"name":"p","default":1},{"name":"q","default":"x"},{"name":"r","type":"Array"}],
      "arguments":[{"name":"r","value":[1]},{"name":"p","value":2},{"name":"q","value":null}]})"));
  EXPECT_THAT(run.parameters, ElementsAre(ResolvedParameter{"p", ValueType::kString, 2},
                                          ResolvedParameter{"q", ValueType::kString, "x"},
                                          ResolvedParameter{"r", ValueType::kArray, json::Array{1}}));
}

TEST(ResolveTest, AJobIsOneStepWithAFanOut) {
  ResolvedRun run = Resolve(From<Job>(R"({"completions":5,"maxFailedIndexes":2,"template":{"image":"i"}})"));
  EXPECT_EQ(run.kind, RunKind::kJob);
  EXPECT_EQ(run.steps.at(0).name, "job");
  EXPECT_EQ(run.steps.at(0).fan_out->completions, 5);
  EXPECT_EQ(run.steps.at(0).fan_out->max_failed, 2);
  EXPECT_EQ(Resolve(From<Job>(R"({"template":{"image":"i"}})")).steps.at(0).fan_out->completions, 1);
}

TEST(ControlsTest, AreReadFromTheLiveSpec) {
  EXPECT_EQ(Controls(From<Workflow>(R"({"steps":[{"name":"a"}]})")), RunControls{});
  RunControls controls = Controls(From<Workflow>(R"({"steps":[{"name":"a"}],"parallelism":3,"suspend":true,
      "stop":"Immediate","timeoutSeconds":9,"priority":-1,"podCleanup":"Never","ttlSecondsAfterFinished":0})"));
  EXPECT_EQ(controls, (RunControls{3, true, Stop::kImmediate, 9, -1, PodCleanup::kNever, 0}));
  EXPECT_EQ(Controls(From<Job>(R"({"template":{"image":"i"}})")).parallelism, 1);
}

TEST(ResolvedJsonTest, RoundTripIsExact) {
  for (const char* spec :
       {R"({"steps":[{"name":"a"}]})",
        R"({"steps":[{"name":"a","image":"i","forEach":{"items":"[1]","parallelism":2},"when":"x","dependsOn":["b"],
               "runAfter":"AllFailed","command":["c"],"args":[""],"env":[{"name":"E","valueFrom":{"fieldRef":{"fieldPath":"a"}}}],
               "envFrom":[{"prefix":"p"}],"workingDir":"/","volumeMounts":[{"name":"v","mountPath":"/v"}],
               "ports":[{"containerPort":1}],"imagePullPolicy":"Never","pod":{"overrides":{"hostNetwork":true}},
               "parameters":[{"name":"p"},{"name":"q","value":[1.5,null]}],"outputs":[{"name":"o","type":"Object"}],
               "retryPolicy":{"when":"true"},"timeoutSeconds":4,"continueOnFailure":true}],
               "finally":[{"name":"z","image":"i","script":"s"}],"outputs":[{"name":"o","value":"1"}],"failFast":false,
               "parameters":[{"name":"p","default":{"a":[]}}],"ttlSecondsAfterFinished":0,"serviceAccountName":"s"})"}) {
    ResolvedRun run = Resolve(From<Workflow>(spec));
    Result<ResolvedRun> back = FromJson(*json::Parse(json::Write(ToJson(run))));
    ASSERT_TRUE(back.has_value()) << back.error().message;
    EXPECT_EQ(*back, run);
  }
}

TEST(ResolvedJsonTest, RefusesWhatItDoesNotKnow) {
  json::Object object = ToJson(Resolve(From<Workflow>(R"({"steps":[{"name":"a"}]})"))).AsObject();
  object["format"] = 2;
  EXPECT_EQ(FromJson(json::Value(object)).error(),
            (Error{Code::kForbidden, "the run was pinned by a newer CoreFlow: format 2, this one knows 1"}));
  object["format"] = "1";
  EXPECT_EQ(FromJson(json::Value(object)).error().code, Code::kInvalid);
  object["format"] = 1;
  object["steps"] = "none";
  EXPECT_EQ(FromJson(json::Value(object)).error(),
            (Error{Code::kInvalid, ".steps: expected array, got string \"none\""}));
}

}  // namespace
}  // namespace coreflow::api
