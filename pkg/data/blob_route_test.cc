#include "pkg/data/blob_route.h"

#include <gtest/gtest.h>

namespace coreflow::data {
namespace {

TEST(BlobRoute, IsReadAsItIsWritten) {
  const BlobRoute all{.name_space = "team-1", .pod = "train.1-x"};
  const BlobRoute one{.name_space = "pods", .pod = "blobs", .digest = std::string(64, 'a')};
  EXPECT_EQ(FormatBlobRoute(all), "/v1/namespaces/team-1/pods/train.1-x/blobs");
  EXPECT_EQ(*ParseBlobRoute(FormatBlobRoute(all)), all);
  EXPECT_EQ(*ParseBlobRoute(FormatBlobRoute(one)), one);
  const BlobRoute read{.name_space = "blobs", .digest = std::string(64, 'b')};
  EXPECT_EQ(FormatBlobRoute(read), "/v1/namespaces/blobs/blobs/" + read.digest);
  EXPECT_EQ(*ParseBlobRoute(FormatBlobRoute(read)), read);
}

TEST(BlobRoute, AnyOtherPathIsNone) {
  for (const char* path : {"", "/", "/v1/namespaces/", "/v1/namespaces/a/pods/", "/v1/namespaces/a/pods/b",
                           "/v1/namespaces/a/blobs", "/v1/namespaces/a/pods/b/blobs?x", "/v1/namespaces/a/blobs/pods/b",
                           "/v2/namespaces/a/pods/b/blobs", "http://x/v1/namespaces/a/pods/b/blobs"}) {
    const auto route = ParseBlobRoute(path);
    EXPECT_EQ(route ? "a route" : CodeName(route.error().code), std::string("NotFound")) << path;
  }
}

TEST(BlobRoute, NamesAreThoseOfKubernetes) {
  const std::string digest(64, 'a');
  for (const std::string& path :
       {std::string("/v1/namespaces//pods/b/blobs"), std::string("/v1/namespaces/A/pods/b/blobs"),
        std::string("/v1/namespaces/a.b/pods/b/blobs"), std::string("/v1/namespaces/a/pods//blobs"),
        std::string("/v1/namespaces/a/pods/b%2f/blobs"), std::string("/v1/namespaces/a\nb/pods/c/blobs"),
        std::string("/v1/namespaces/a/pods/b/blobs/"), "/v1/namespaces/a/pods/b/blobs/" + digest + "a",
        "/v1/namespaces/a/pods/b/blobs/" + digest + "/", "/v1/namespaces/a/pods/b/blobs/A" + digest.substr(1),
        std::string("/v1/namespaces/coreflow_service/pods/b/blobs"), std::string("/v1/namespaces/a/blobs/"),
        "/v1/namespaces//blobs/" + digest, "/v1/namespaces/coreflow_service/blobs/" + digest,
        "/v1/namespaces/a.b/blobs/" + digest, "/v1/namespaces/a/blobs/" + digest + "a",
        "/v1/namespaces/a/blobs/" + digest + "?x", "/v1/namespaces/a/../b/blobs/" + digest}) {
    const auto route = ParseBlobRoute(path);
    EXPECT_EQ(route ? "a route" : CodeName(route.error().code), std::string("Invalid")) << path;
  }
}

}  // namespace
}  // namespace coreflow::data
