#include "pkg/api/digest.h"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::api {
namespace {

using json::Array;
using json::Object;
using json::Value;

Value Json(const std::string& text) {
  Result<Value> value = json::Parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return *value;
}

std::string Workflow(const std::string& spec) { return RunDigest(RunKind::kWorkflow, Json(spec)); }
std::string Job(const std::string& spec) { return RunDigest(RunKind::kJob, Json(spec)); }

struct Pair {
  std::string name;
  std::string a;
  std::string b;
};
void PrintTo(const Pair& c, std::ostream* out) { *out << c.name; }

class SameTest : public testing::TestWithParam<Pair> {};
TEST_P(SameTest, SaysTheSame) { EXPECT_EQ(Workflow(GetParam().a), Workflow(GetParam().b)); }

INSTANTIATE_TEST_SUITE_P(
    Workflows, SameTest,
    testing::Values(
        Pair{"WhatActsAtOnce", R"({"steps":[]})",
             R"({"steps":[],"parallelism":3,"suspend":true,"stop":"Graceful","timeoutSeconds":9,"priority":7})"},
        Pair{"CleanUp", R"({"steps":[]})", R"({"steps":[],"podCleanup":"Never","ttlSecondsAfterFinished":60})"},
        Pair{"DefaultsOfTheRun", R"({"steps":[]})", R"({"steps":[],"failFast":true,"onChange":"RunAfter"})"},
        Pair{"DefaultsOfAStep", R"({"steps":[{"name":"a","script":"x","outputs":[{"name":"o"}]}]})",
             R"({"steps":[{"name":"a","script":"x","outputs":[{"name":"o","type":"String"}],"runAfter":"Succeeded",
                 "continueOnFailure":false,"interpreter":["sh","-ec"],"dependsOn":[],"pod":{"labels":{},
                 "automountServiceAccountToken":false},"retryPolicy":{"limit":0,"backoffSeconds":5,
                 "backoffFactorPercent":200,"maxBackoffSeconds":300,"infrastructureLimit":3,
                 "retryOn":["Failure","OutOfMemory","Timeout"]}}]})"},
        Pair{"DefaultTimeoutInFinally", R"({"steps":[],"finally":[{"name":"a"}]})",
             R"({"steps":[],"finally":[{"name":"a","timeoutSeconds":3600.0}]})"},
        Pair{"DefaultsInDefaults", R"({"steps":[{"name":"a"}]})",
             R"({"steps":[{"name":"a","retryPolicy":{"limit":0}}],"defaults":{"retryPolicy":{"limit":0}}})"},
        Pair{"ACacheThatIsNone", R"({"steps":[{"name":"a"}]})",
             R"({"steps":[{"name":"a","cache":{"mode":"Never","salt":""}}],"defaults":{"cache":{"mode":"Never"}}})"},
        Pair{"DefaultsOfArtifacts",
             R"({"steps":[{"name":"a","inputs":{"artifacts":[{"name":"i","path":"/i","from":"x"}]},
                 "outputArtifacts":[{"name":"o","path":"/o"}]}]})",
             R"({"steps":[{"name":"a","inputs":{"artifacts":[{"name":"i","path":"/i","from":"x","optional":false}]},
                 "outputArtifacts":[{"name":"o","path":"/o","archive":"None","optional":false}]}]})"},
        Pair{"NoArtifacts", R"({"steps":[{"name":"a"}]})",
             R"({"steps":[{"name":"a","inputs":{"artifacts":[]},"outputArtifacts":[]}]})"},
        Pair{"TypeOfAParameter", R"({"parameters":[{"name":"p"}]})",
             R"({"parameters":[{"name":"p","type":"String"}]})"},
        Pair{"ArgumentWithoutAValue", R"({"parameters":[{"name":"p","default":1}]})",
             R"({"parameters":[{"name":"p","default":1}],"arguments":[{"name":"p","value":null}]})"},
        Pair{"WholeNumbers", R"({"arguments":[{"name":"p","value":[1,{"a":2}]}]})",
             R"({"arguments":[{"name":"p","value":[1.0,{"a":2.0}]}]})"}),
    [](const auto& info) { return info.param.name; });

class OtherTest : public testing::TestWithParam<Pair> {};
TEST_P(OtherTest, SaysSomethingElse) { EXPECT_NE(Workflow(GetParam().a), Workflow(GetParam().b)); }

INSTANTIATE_TEST_SUITE_P(
    Workflows, OtherTest,
    testing::Values(
        Pair{"Script", R"({"steps":[{"name":"a","script":"x"}]})", R"({"steps":[{"name":"a","script":"x "}]})"},
        Pair{"OrderOfSteps", R"({"steps":[{"name":"a"},{"name":"b"}]})", R"({"steps":[{"name":"b"},{"name":"a"}]})"},
        Pair{"ADefaultThatOverridesAnotherOne", R"({"steps":[{"name":"a"}],"defaults":{"retryPolicy":{"limit":2}}})",
             R"({"steps":[{"name":"a","retryPolicy":{"limit":0}}],"defaults":{"retryPolicy":{"limit":2}}})"},
        Pair{"NoCacheInsteadOfTheInheritedOne", R"({"steps":[{"name":"a"}],"defaults":{"cache":{"mode":"Auto"}}})",
             R"({"steps":[{"name":"a","cache":{"mode":"Never"}}],"defaults":{"cache":{"mode":"Auto"}}})"},
        Pair{"NoSaltInsteadOfTheInheritedOne", R"({"steps":[{"name":"a"}],"defaults":{"cache":{"salt":"x"}}})",
             R"({"steps":[{"name":"a","cache":{"salt":""}}],"defaults":{"cache":{"salt":"x"}}})"},
        Pair{
            "TheUsualInterpreterInsteadOfTheInheritedOne",
            R"({"steps":[{"name":"a","script":"x"}],"defaults":{"interpreter":["bash","-c"]}})",
            R"({"steps":[{"name":"a","script":"x","interpreter":["sh","-ec"]}],"defaults":{"interpreter":["bash","-c"]}})"},
        Pair{"DefaultTimeoutInFinallyInsteadOfTheInheritedOne",
             R"({"steps":[],"finally":[{"name":"a"}],"defaults":{"timeoutSeconds":60}})",
             R"({"steps":[],"finally":[{"name":"a","timeoutSeconds":3600}],"defaults":{"timeoutSeconds":60}})"},
        Pair{"TimeoutOfAStep", R"({"steps":[{"name":"a"}]})", R"({"steps":[{"name":"a","timeoutSeconds":3600}]})"},
        Pair{"EmptyMapInsideAKubernetesType", R"({"steps":[{"name":"a","pod":{"volumes":[{"name":"v"}]}}]})",
             R"({"steps":[{"name":"a","pod":{"volumes":[{"name":"v","emptyDir":{}}]}}]})"},
        Pair{"EmptyListAsAValue", R"({"parameters":[{"name":"p"}]})", R"({"parameters":[{"name":"p","default":[]}]})"},
        Pair{"AnEmptyListThatReplacesAnInheritedOne", R"({"steps":[{"name":"a"}]})",
             R"({"steps":[{"name":"a","pod":{"tolerations":[]}}]})"},
        Pair{"AValueThatLooksLikeADefault", R"({"steps":[{"name":"a"}]})",
             R"({"steps":[{"name":"a","parameters":[{"name":"p","value":{"runAfter":"Succeeded"}}]}]})"}),
    [](const auto& info) { return info.param.name; });

TEST(DigestTest, OfAJob) {
  std::string plain = Job(R"({"template":{"image":"a"}})");
  EXPECT_EQ(plain, Job(R"({"template":{"image":"a","retryPolicy":{"limit":0}},"completions":1,"maxFailedIndexes":0,
                           "parallelism":4,"suspend":true,"stop":"None","timeoutSeconds":1,"podCleanup":"Never"})"));
  EXPECT_NE(plain, Job(R"({"template":{"image":"a"},"completions":2})"));
  EXPECT_NE(plain, Job(R"({"template":{"image":"b"}})"));
  EXPECT_NE(plain, Workflow(R"({"template":{"image":"a"}})"));
}

// Stored in every status for ever: when this test fails, the change needs a new version, not another value here.
TEST(DigestTest, IsFixedForEver) {
  EXPECT_EQ(Workflow(R"({"defaults":{"image":"busybox:1.36"},"steps":[{"name":"a","script":"echo 1"}]})"),
            "v1:c08a674c6aacdff42b5e9758adf5d688cdc6c97537b96738d09f68fc912e4484");
  EXPECT_EQ(Job(R"({"completions":3,"template":{"image":"busybox:1.36","command":["true"]}})"),
            "v1:72d41e0701d2db21f53be47b89fc02e166086a862520bb5e1fc4fb9b9e6fb16e");
}

TEST(SameRunTest, AnUnknownVersionCountsAsUnchanged) {
  EXPECT_TRUE(SameRun("v1:aa", "v1:aa"));
  EXPECT_FALSE(SameRun("v1:aa", "v1:bb"));
  EXPECT_TRUE(SameRun("v2:aa", "v1:bb"));
  EXPECT_TRUE(SameRun("", "v1:bb"));
}

// A spec in which every kind of field stands somewhere, and no value equals a default.
const char* const kFull = R"({
  "parameters": [{"name":"p","description":"d","type":"Integer","default":4,"minimum":1,"maximum":9,"enum":[4,5]},
                 {"name":"q","pattern":"x+"}],
  "arguments": [{"name":"p","value":5},{"name":"q","value":"xx"}],
  "defaults": {"image":"i","env":[{"name":"E","value":"v"}],"retryPolicy":{"limit":2},"pod":{"labels":{"l":"m"}}},
  "failFast": false, "onChange": "Restart", "serviceAccountName": "s",
  "outputs": [{"name":"o","value":"steps.a.outputs.o"}],
  "steps": [
    {"name":"a","script":"x","interpreter":["bash","-c"],"outputs":[{"name":"o","type":"Array"}],
     "outputArtifacts":[{"name":"m","path":"/m","archive":"Tar","optional":true}],
     "resources":{"limits":{"memory":"1Gi"}},"timeoutSeconds":7},
    {"name":"b","dependsOn":["a"],"runAfter":"Finished","when":"true","forEach":{"items":"[1]","parallelism":2},
     "inputs":{"artifacts":[{"name":"m","path":"/m","from":"steps.a.artifacts.m","optional":true}]},
     "command":["c"],"args":["d"],"workingDir":"/w","continueOnFailure":true,
     "parameters":[{"name":"p"},{"name":"r","value":{"k":[1,"x"]}}],
     "retryPolicy":{"limit":1,"backoffSeconds":1,"backoffFactorPercent":150,"maxBackoffSeconds":10,
                    "retryOn":["Failure"],"infrastructureLimit":1,"when":"exitCode == 1"},
     "pod":{"annotations":{"a":"b"},"volumes":[{"name":"v","emptyDir":{"medium":"Memory"}}],
            "automountServiceAccountToken":true,"hostUsers":false}}],
  "finally": [{"name":"z","script":"echo","timeoutSeconds":60}]})";

// Every value that comes from `value` by one edit: each leaf changed, each member and element taken away.
std::vector<Value> Edits(const Value& value) {
  std::vector<Value> edits;
  for (const auto& [name, member] : value.Members()) {
    for (Value& edit : Edits(member)) {
      Object changed = value.AsObject();
      changed[name] = std::move(edit);
      edits.emplace_back(std::move(changed));
    }
    Object less = value.AsObject();
    less.erase(name);
    edits.emplace_back(std::move(less));
  }
  for (size_t i = 0; i < value.Elements().size(); ++i) {
    for (Value& edit : Edits(value.Elements()[i])) {
      Array changed = value.AsArray();
      changed[i] = std::move(edit);
      edits.emplace_back(std::move(changed));
    }
    Array less = value.AsArray();
    less.erase(less.begin() + static_cast<long>(i));
    edits.emplace_back(std::move(less));
  }
  if (value.IsString()) edits.emplace_back(value.AsString() + "x");
  if (value.IsInt()) edits.emplace_back(value.AsInt() + 1);
  if (value.IsBool()) edits.emplace_back(!value.AsBool());
  return edits;
}

TEST(DigestPropertyTest, EveryEditOfAFullSpecChangesIt) {
  Value full = Json(kFull);
  std::string digest = RunDigest(RunKind::kWorkflow, full);
  std::vector<Value> edits = Edits(full);
  EXPECT_GT(edits.size(), 150u);
  for (const Value& edit : edits) EXPECT_NE(RunDigest(RunKind::kWorkflow, edit), digest) << json::Write(edit);
}

// Every value that comes from `value` by one null member more.
std::vector<Value> WithNulls(const Value& value) {
  std::vector<Value> all;
  for (const auto& [name, member] : value.Members()) {
    for (Value& inner : WithNulls(member)) {
      Object changed = value.AsObject();
      changed[name] = std::move(inner);
      all.emplace_back(std::move(changed));
    }
  }
  for (size_t i = 0; i < value.Elements().size(); ++i) {
    for (Value& inner : WithNulls(value.Elements()[i])) {
      Array changed = value.AsArray();
      changed[i] = std::move(inner);
      all.emplace_back(std::move(changed));
    }
  }
  if (value.IsObject()) {
    Object more = value.AsObject();
    more["aNewField"] = nullptr;
    all.emplace_back(std::move(more));
  }
  return all;
}

TEST(DigestPropertyTest, NullsNeverChangeIt) {
  Value full = Json(kFull);
  std::vector<Value> edits = WithNulls(full);
  EXPECT_GT(edits.size(), 15u);
  for (const Value& edit : edits) {
    EXPECT_EQ(RunDigest(RunKind::kWorkflow, edit), RunDigest(RunKind::kWorkflow, full)) << json::Write(edit);
  }
}

TEST(DigestTest, AnyJsonHasOne) {
  for (const char* text : {"null", "1", "[]", "{}", R"({"steps":{}})", R"({"steps":[1,null,[]],"finally":"x"})",
                           R"({"defaults":[],"steps":[{"retryPolicy":7,"pod":[],"outputs":{"a":1}}]})",
                           R"({"template":[]})", R"({"template":{"pod":null},"arguments":{"a":null}})"}) {
    EXPECT_EQ(Workflow(text).size(), 67u) << text;
    EXPECT_EQ(Job(text).size(), 67u) << text;
  }
}

}  // namespace
}  // namespace coreflow::api
