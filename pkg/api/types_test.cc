#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "pkg/api/digest.h"
#include "pkg/api/resolve.h"
#include "pkg/api/types.gen.h"
#include "pkg/api/validate.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::api {
namespace {

using json::Array;
using json::Object;
using json::Value;

// Objects with every field, as the API server gives them.
const char* const kWorkflow = R"({
  "apiVersion":"coreflow.dev/v1alpha1","kind":"Workflow",
  "metadata":{"name":"x","namespace":"n","uid":"u","resourceVersion":"7","generation":2,"labels":{"a":"b"},
    "creationTimestamp":"2026-11-21T03:37:00Z","finalizers":["f"],
    "ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u","controller":true}]},
  "spec":{
    "parameters":[{"name":"p","description":"d","type":"Integer","default":4,"minimum":1,"maximum":9.5,"enum":[4,5]},
                  {"name":"q","pattern":"x+"}],
    "arguments":[{"name":"q","value":"xx"}],
    "defaults":{"image":"i","interpreter":["sh"],"env":[{"name":"E","value":""}],"resources":{"limits":{"cpu":"1"}},
      "retryPolicy":{"limit":0},"timeoutSeconds":5,"pod":{"labels":{"l":"m"}}},
    "steps":[
      {"name":"a","script":"x","interpreter":["bash","-c"],"outputs":[{"name":"o","type":"Array"}],"imagePullPolicy":"Never"},
      {"name":"b","dependsOn":["a"],"runAfter":"Finished","when":"true","forEach":{"items":"[1]","parallelism":2},
       "image":"i:1","command":["c"],"args":["d"],"workingDir":"/w","continueOnFailure":false,
       "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],
       "envFrom":[{"configMapRef":{"name":"c"}}],"resources":{"requests":{"memory":"1Gi"}},
       "volumeMounts":[{"name":"v","mountPath":"/v"}],"ports":[{"containerPort":80}],
       "parameters":[{"name":"p"},{"name":"r","value":{"k":[1,"x",null]}}],
       "retryPolicy":{"limit":1,"backoffSeconds":1,"backoffFactorPercent":150,"maxBackoffSeconds":10,
                      "retryOn":["Failure"],"infrastructureLimit":0,"when":"exitCode == 1"},
       "timeoutSeconds":9,
       "pod":{"labels":{"l":"m"},"annotations":{"a":"b"},"serviceAccountName":"s","automountServiceAccountToken":true,
         "nodeSelector":{"k":"v"},"tolerations":[{"key":"k"}],"affinity":{"nodeAffinity":{}},
         "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule"}],
         "volumes":[{"name":"v","emptyDir":{}}],"securityContext":{"runAsUser":0},"imagePullSecrets":[{"name":"r"}],
         "priorityClassName":"h","runtimeClassName":"g","hostUsers":false,"initContainers":[{"name":"i"}],
         "sidecars":[{"name":"c"}],"overrides":{"hostNetwork":true}}}],
    "finally":[{"name":"z","args":["e"]}],
    "outputs":[{"name":"o","value":"1"}],"parallelism":3,"failFast":false,"timeoutSeconds":60,"suspend":false,
    "stop":"None","onChange":"Restart","priority":-1,"serviceAccountName":"s","podCleanup":"Never",
    "ttlSecondsAfterFinished":0},
  "status":{"observedGeneration":2,"epoch":3,"state":"Failed","progress":"1/2",
    "run":{"number":2,"digest":"v1:x","startTime":"2026-11-21T03:37:00Z"},
    "previousRuns":[{"number":1,"digest":"v1:y","result":"Stopped","startTime":"2026-11-21T03:36:00Z",
                     "completionTime":"2026-11-21T03:36:30Z"}],
    "conditions":[{"type":"Succeeded","status":"False","reason":"StepFailed","message":"m",
                   "lastTransitionTime":"2026-11-21T03:37:00Z","observedGeneration":2}],
    "counts":{"pending":0,"running":0,"succeeded":1,"failed":1,"skipped":0,"omitted":0,"stopped":0},
    "steps":[{"name":"b","index":0,"state":"Failed","reason":"CommandFailed","message":"m","attempt":2,"podName":"p",
              "exitCode":0,"startTime":"2026-11-21T03:37:00Z","completionTime":"2026-11-21T03:38:00Z"}],
    "outputs":[{"name":"o","value":[1]}],"records":2,"startTime":"2026-11-21T03:37:00Z",
    "completionTime":"2026-11-21T03:38:00Z","duration":"1m0s"}})";

const char* const kJob = R"({
  "apiVersion":"coreflow.dev/v1alpha1","kind":"Job","metadata":{"name":"x"},
  "spec":{"completions":3,"parallelism":2,"maxFailedIndexes":1,"timeoutSeconds":5,"suspend":true,"stop":"Graceful",
    "podCleanup":"OnCompletion","ttlSecondsAfterFinished":9,"template":{"image":"i","command":["c"],"retryPolicy":{}}}})";

const char* const kRecord = R"({
  "apiVersion":"coreflow.dev/v1alpha1","kind":"WorkflowRecord","metadata":{"name":"x-1-0"},"run":1,"index":0,
  "format":1,"digest":"v1:x","spec":{"format":1},"arguments":[{"name":"p","value":{"a":null}}],
  "results":[{"step":"a","index":0,"state":"Succeeded","reason":"Succeeded","message":"m","attempts":1,"exitCode":0,
    "outputs":{"o":[1,null]},"startTime":"2026-11-21T03:37:00Z","completionTime":"2026-11-21T03:38:00Z","podName":"p",
    "nodeName":"n"}]})";

template <typename T>
void ExpectExactRoundTrip(const char* text) {
  Value value = *json::Parse(text);
  json::Bound<T> bound = json::Bind<T>(value, json::UnknownFields::kProblem);
  EXPECT_EQ(json::Describe(bound.problems), "");
  EXPECT_EQ(json::WriteIndented(json::ToJson(bound.value)), json::WriteIndented(value));
  EXPECT_TRUE(json::Bind<T>(json::ToJson(bound.value)).value == bound.value);
}

TEST(TypesTest, RoundTripIsExact) {
  ExpectExactRoundTrip<Workflow>(kWorkflow);
  ExpectExactRoundTrip<Job>(kJob);
  ExpectExactRoundTrip<WorkflowRecord>(kRecord);
}

TEST(TypesTest, ProblemsNameThePlace) {
  Value value = *json::Parse(R"({"spec":{"steps":[{"name":"a"},{"name":"b","retryPolicy":{"limit":"two"}}]}})");
  EXPECT_EQ(json::Describe(json::Bind<Workflow>(value).problems),
            ".spec.steps[1].retryPolicy.limit: expected integer, got string \"two\"");
}

TEST(TypesTest, AnEmptyStatusIsNotWritten) {
  Value written = json::ToJson(Workflow{});
  EXPECT_EQ(json::Write(written), R"({"apiVersion":"coreflow.dev/v1alpha1","kind":"Workflow","spec":{"steps":[]}})");
}

TEST(TypesTest, TheFullSampleIsValid) {
  EXPECT_EQ(json::Describe(Validate(json::Bind<Workflow>(*json::Parse(kWorkflow)).value)), "");
  EXPECT_EQ(json::Describe(Validate(json::Bind<Job>(*json::Parse(kJob)).value)), "");
}

// Calls `use` with every value that comes from `value` by putting something else in one place, or taking it away.
void ForEachMutation(const Value& value, const std::function<void(const Value&)>& use) {
  static const std::vector<Value> kOthers = {nullptr,
                                             true,
                                             -1,
                                             1e300,
                                             int64_t{INT64_MAX},
                                             "",
                                             "x",
                                             std::string("a\0b", 3),
                                             "\xFF",
                                             "$[[",
                                             Array{},
                                             Object{},
                                             Array{nullptr},
                                             Array{Object{}},
                                             Object{{"a", 1}},
                                             Object{{"name", ""}}};
  for (const Value& other : kOthers) use(other);
  for (const auto& [name, member] : value.Members()) {
    Object changed = value.AsObject();
    changed.erase(name);
    use(changed);
    ForEachMutation(member, [&, key = name](const Value& mutated) {
      changed[key] = mutated;
      use(changed);
    });
  }
  for (size_t i = 0; i < value.Elements().size(); ++i) {
    Array changed = value.AsArray();
    changed.push_back(changed[i]);
    use(changed);
    changed.pop_back();
    ForEachMutation(value.Elements()[i], [&](const Value& mutated) {
      changed[i] = mutated;
      use(changed);
    });
  }
}

// What a reader of watched objects does, whatever it was sent.
template <typename T>
size_t Read(const Value& value) {
  T object = json::Bind<T>(value).value;
  size_t problems = Validate(object).size();
  ResolvedRun run = Resolve(object);
  Result<ResolvedRun> back = FromJson(ToJson(run));
  EXPECT_TRUE(!back.has_value() || *back == run);
  EXPECT_FALSE(RunDigest(run.kind, value["spec"]).empty());
  Controls(object);
  return problems;
}

TEST(TypesPropertyTest, NoMutationOfAWatchedObjectBreaksItsReader) {
  size_t mutations = 0, refused = 0;
  auto count = [&](size_t problems) {
    ++mutations;
    refused += problems != 0 ? 1 : 0;
  };
  ForEachMutation(*json::Parse(kWorkflow), [&](const Value& value) { count(Read<Workflow>(value)); });
  ForEachMutation(*json::Parse(kJob), [&](const Value& value) { count(Read<Job>(value)); });
  EXPECT_GT(mutations, 4000u);
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace coreflow::api
