#include "pkg/store/place.h"

#include <gmock/gmock.h>

#include <ostream>
#include <string>

#include "pkg/base/test_folder.h"
#include "pkg/store/store_contract.h"

namespace coreflow::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Keys(const std::string& name) { return name.starts_with("AWS_") && name.ends_with("_KEY_ID") ? "ID" : "s"; }
std::string NoKeys(const std::string&) { return ""; }

std::vector<std::string> Problems(const Place& place, const Variable& variable = Keys) {
  std::vector<std::string> texts;
  for (const OptionProblem& problem : CheckPlace(place, variable)) {
    texts.push_back(problem.option + ": " + problem.message);
  }
  return texts;
}

TEST(Place, IsAFolderOrInS3) {
  for (const char* location : {"/var/lib/store", "s3://bucket", "s3://bucket/", "s3://bucket/a/b", "s3://bucket/a/"}) {
    EXPECT_THAT(Problems({.location = location}), IsEmpty()) << location;
  }
  EXPECT_THAT(
      Problems({.location = "store"}),
      ElementsAre("location: must be an absolute path, such as /var/lib/coreflow/store, or s3://BUCKET/PREFIX"));
}

TEST(Place, AllThatIsWrongWithS3IsSaidAtOnce) {
  EXPECT_THAT(
      Problems({.location = "s3://My_Bucket/a//b", .endpoint = "minio:9000", .blob_bytes = 1}, NoKeys),
      ElementsAre(testing::StartsWith("location: 'My_Bucket' is no name of a bucket"),
                  testing::StartsWith("endpoint: "), "location: the prefix a//b/ has a part that is empty, '.' or '..'",
                  "blob_bytes: is for folders: a bucket has its own quota",
                  testing::StartsWith("location: there is no access key: set AWS_ACCESS_KEY_ID")));
}

TEST(Place, AFolderHasNothingOfS3) {
  EXPECT_THAT(Problems({.location = "/store",
                        .endpoint = "https://s3.example.com",
                        .region = "eu-central-1",
                        .path_style = false,
                        .ca_file = "/ca.pem"},
                       NoKeys),
              ElementsAre("endpoint: is for a store in S3: s3://BUCKET/PREFIX",
                          "region: is for a store in S3: s3://BUCKET/PREFIX",
                          "path_style: is for a store in S3: s3://BUCKET/PREFIX",
                          "ca_file: is for a store in S3: s3://BUCKET/PREFIX"));
}

TEST(OpenStore, SaysAllProblemsInOneError) {
  const auto store = OpenStore({.location = "store", .endpoint = "x"}, NoKeys);
  ASSERT_EQ(CodeOf(store), "Invalid");
  EXPECT_THAT(store.error().message,
              testing::AllOf(testing::HasSubstr("location: "), testing::HasSubstr("; endpoint: ")));
}

TEST(OpenStore, OpensAFolder) {
  const TestFolder folder;
  const auto store = OpenStore({.location = folder / "store"}, NoKeys);
  ASSERT_EQ(CodeOf(store), "OK");
  EXPECT_EQ(CodeOf((*store)->PutEntry("a/b/c", "x")), "OK");
  EXPECT_EQ(folder.Read("store/entries/a/b/c"), "x");
}

}  // namespace
}  // namespace coreflow::store
