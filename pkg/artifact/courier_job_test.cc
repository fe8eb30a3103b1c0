#include "pkg/artifact/courier_job.h"

#include <gtest/gtest.h>

#include "pkg/json/write.h"

namespace coreflow::artifact {
namespace {

CourierJob SomeJob() {
  const std::string digest(64, 'a');
  return {.url = "https://data:8443",
          .certificate = std::string(64, 'c'),
          .name_space = "ns",
          .pod = "w-s-0-abc",
          .token = "put",
          .inputs = {{.name = "model",
                      .parcels = {{.artifact = {.digest = digest, .bytes = 7, .archive = api::Archive::kTar},
                                   .token = "get"}}},
                     {.name = "parts", .list = true}},
          .outputs = {{.name = "report", .archive = api::Archive::kTarZstd}}};
}

TEST(CourierJob, IsReadAsItWasWritten) {
  const std::string text = json::Write(ToJson(SomeJob()));
  const auto job = ReadCourierJob(text);
  ASSERT_TRUE(job);
  EXPECT_EQ(json::Write(ToJson(*job)), text);
  EXPECT_EQ(job->inputs[0].parcels[0].artifact.archive, api::Archive::kTar);
  EXPECT_TRUE(job->inputs[1].list);
  EXPECT_EQ(job->outputs[0].archive, api::Archive::kTarZstd);
}

TEST(CourierJob, ThatIsNoneIsRefused) {
  const auto with = [](const char* name, json::Value value) {
    json::Object job = ToJson(SomeJob()).AsObject();
    job[name] = std::move(value);
    return json::Write(std::move(job));
  };
  for (const std::string& text :
       {std::string(), std::string("[]"), with("format", 2), with("url", ""), with("pod", nullptr),
        with("inputs", json::Array{json::Object{{"name", "../x"}}}), with("inputs", json::Array{json::Object{}}),
        with("inputs", json::Array{json::Object{{"name", "x"}, {"parcels", json::Array{json::Object{}}}}}),
        with("outputs", json::Array{json::Object{{"name", "x"}, {"archive", "Rar"}}})}) {
    EXPECT_FALSE(ReadCourierJob(text)) << text;
  }
}

}  // namespace
}  // namespace coreflow::artifact
