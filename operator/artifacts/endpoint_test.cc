#include "operator/artifacts/endpoint.h"

#include <gtest/gtest.h>

#include <memory>

#include "pkg/base/test_folder.h"
#include "pkg/store/directory.h"

namespace coreflow::artifacts {
namespace {

class EndpointTest : public testing::Test {
 protected:
  TestFolder folder;
  std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
};

TEST_F(EndpointTest, OnLoopbackItNeedsNoCertificate) {
  const auto endpoint = StartEndpoint({}, *store, {});
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->setup->url, "http://127.0.0.1:" + std::to_string(endpoint->service->port()));
  EXPECT_TRUE(endpoint->setup->certificate.empty());
  EXPECT_EQ(endpoint->setup->key.Reveal().size(), 32u);
}

TEST_F(EndpointTest, AllThatUseTheStoreAreOne) {
  const EndpointOptions options{.url = "https://data:8443", .image = "i"};
  const auto one = StartEndpoint(options, *store, {});
  const auto other = StartEndpoint(options, *store, {});
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->setup->key, other->setup->key);
  EXPECT_EQ(one->setup->certificate, other->setup->certificate);
  EXPECT_EQ(one->setup->certificate.size(), 64u);
  EXPECT_EQ(one->setup->url, "https://data:8443");
}

TEST_F(EndpointTest, SaysWhereItCantListen) {
  const auto endpoint = StartEndpoint({.address = "192.0.2.1"}, *store, {});
  ASSERT_FALSE(endpoint);
  EXPECT_NE(endpoint.error().message.find("192.0.2.1"), std::string::npos) << endpoint.error().message;
}

}  // namespace
}  // namespace coreflow::artifacts
