#include "operator/dev/kept_blobs.h"

#include <gtest/gtest.h>

#include <future>

#include "pkg/artifact/blob_entry.h"
#include "pkg/artifact/reading.h"
#include "pkg/base/test_folder.h"
#include "pkg/http/beast_transport.h"
#include "pkg/http/server.h"
#include "pkg/store/directory.h"

namespace coreflow::dev {
namespace {

// "200", the bytes of the answer counted, and whether it was whole; and its text, if that is short.
struct Got {
  int status = 0;
  size_t bytes = 0;
  bool whole = false;
  std::string text = {};
};

class Counter : public http::Sink {
 public:
  void OnHeaders(const http::Response& head) override { got.status = head.status; }
  void OnBytes(std::string_view bytes) override {
    got.bytes += bytes.size();
    if (got.text.size() < 1000) got.text += bytes;
  }
  Got got;
};

class KeptBlobsTest : public testing::Test {
 protected:
  KeptBlobsTest() {
    auto started = http::Server::Start({}, [this](const http::Request& request, std::shared_ptr<http::Reply> reply) {
      if (!blobs_->Serve(request, reply)) reply->Send({.status = 418});
    });
    EXPECT_TRUE(started.has_value());
    server_ = *std::move(started);
    transport_ = *http::NewBeastTransport({.url = "http://127.0.0.1:" + std::to_string(server_->port())});
  }
  ~KeptBlobsTest() override {
    server_->Stop();  // its thread uses the others
  }

  // Its digest.
  std::string Put(const std::string& name_space, const std::string& bytes) {
    std::string_view left = bytes;
    const auto blob = store_->PutBlob([&](std::span<char> buffer) -> Result<size_t> {
      const size_t count = left.copy(buffer.data(), buffer.size());
      left.remove_prefix(count);
      return count;
    });
    EXPECT_TRUE(blob && store_->PutEntry(artifact::BlobEntry(name_space, blob->digest.hex()), "{}"));
    return blob->digest.hex();
  }

  Got Get(const std::string& path, const std::string& method = "GET") {
    return Ask(artifact::ProxyPath("any", path), method);
  }
  Got Ask(const std::string& target, const std::string& method = "GET") {
    auto sink = std::make_shared<Counter>();
    std::promise<bool> ended;
    transport_->Stream({.method = method, .target = target}, std::chrono::seconds(60), sink,
                       [&](const Result<void>& end) { ended.set_value(end.has_value()); });
    const bool whole = ended.get_future().get();
    sink->got.whole = whole;
    return sink->got;
  }

  TestFolder folder_;
  std::unique_ptr<store::Store> store_ = *store::NewDirectoryStore(folder_ / "store");
  std::unique_ptr<KeptBlobs> blobs_ = std::make_unique<KeptBlobs>(*store_);
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Transport> transport_;
};

TEST_F(KeptBlobsTest, GivesANamespaceWhatItHas) {
  const std::string digest = Put("team", "abc");
  const Got got = Get(artifact::ReaderPath("team", digest));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.text, "abc");
  EXPECT_TRUE(got.whole);
  EXPECT_EQ(Get(artifact::ReaderPath("other", digest)).status, 404);
  EXPECT_EQ(Get(artifact::ReaderPath("team", std::string(64, '0'))).status, 404);
}

TEST_F(KeptBlobsTest, SaysThatItWantsNoToken) {
  EXPECT_EQ(Get(artifact::kTermsPath).text, "{\"readers\":\"Nothing\"}\n");
}

TEST_F(KeptBlobsTest, OfMoreThanAClientMayLeaveUnreadNothingIsLost) {
  const size_t size = size_t{100} << 20;
  const Got got = Get(artifact::ReaderPath("team", Put("team", std::string(size, 'x'))));
  EXPECT_EQ(got.bytes, size);
  EXPECT_TRUE(got.whole);
}

TEST_F(KeptBlobsTest, ADamagedBlobHasNoEnd) {
  const std::string digest = Put("team", "abc");
  const std::string file = folder_ / ("store/blobs/" + digest.substr(0, 2) + "/" + digest);
  ASSERT_EQ(::truncate(file.c_str(), 1), 0);
  EXPECT_FALSE(Get(artifact::ReaderPath("team", digest)).whole);
}

TEST_F(KeptBlobsTest, OtherRequestsAreLeftToOthersAndOthersOfItsOwnRefused) {
  const std::string digest = Put("team", "abc");
  EXPECT_EQ(Ask("/api/v1/namespaces/team/pods").status, 418);
  EXPECT_EQ(Ask("/api/v1/namespaces/team/services/https:other:8443/proxy/v1/readers").status, 418);
  EXPECT_EQ(Get("/v1/namespaces/team/pods/p/blobs/" + digest).status, 404);
  EXPECT_EQ(Get("/").status, 404);
  EXPECT_EQ(Get(artifact::ReaderPath("team", "abc")).status, 400);
  EXPECT_EQ(Get(artifact::ReaderPath("team", digest), "DELETE").status, 405);
}

}  // namespace
}  // namespace coreflow::dev
