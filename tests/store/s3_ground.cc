#include "tests/store/s3_ground.h"

#include <atomic>
#include <cstdlib>
#include <utility>

#include "pkg/base/check.h"
#include "pkg/http/beast_transport.h"
#include "pkg/store/s3_upload.h"

namespace coreflow::store {

namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  CHECK(value != nullptr, "this program is started by tests/store/with_s3.py, which sets COREFLOW_S3 and its keys");
  return value;
}

// Nobody waits: the server is here, and faults are made up.
S3World Hasty() {
  return {.now = S3World::Real().now, .pause = [](Duration) {}};
}

std::string HostOf(const S3Options& options) { return options.endpoint.substr(std::string("http://").size()); }

}  // namespace

std::unique_ptr<http::Transport> TestTransport(const S3Options& options) {
  auto transport = http::NewBeastTransport({.url = *S3Origin(options)});
  CHECK(transport.has_value(), "the options are good");
  return *std::move(transport);
}

S3Options TestBucket() {
  static const S3Options options = [] {
    S3Options made{.endpoint = Variable("COREFLOW_S3"), .bucket = "coreflow-test", .path_style = true};
    made.access_key = [key = AccessKey{.id = Variable("COREFLOW_S3_KEY_ID"),
                                       .secret = Secret<std::string>(Variable("COREFLOW_S3_SECRET"))}] { return key; };
    S3Client client(made, HostOf(made), TestTransport(made), S3World::Real());
    const auto bucket = client.Do({.doing = "make the bucket", .method = "PUT"});
    CHECK(bucket.has_value(), bucket.error().message.c_str());
    return made;
  }();
  return options;
}

S3Ground::S3Ground(const Faults& faults) : faults_(faults), options_(TestBucket()) {
  static std::atomic<int> grounds = 0;
  options_.prefix = "ground " + std::to_string(++grounds) + "/";
  client_ = std::make_unique<S3Client>(options_, HostOf(options_), TestTransport(options_), Hasty());
}

std::unique_ptr<Store> S3Ground::OpenOver(std::unique_ptr<http::Transport> transport) {
  auto store = NewS3Store(options_, std::move(transport), Hasty());
  CHECK(store.has_value(), "the options are good");
  return *std::move(store);
}

std::unique_ptr<Store> S3Ground::Open() {
  static std::atomic<uint64_t> seeds = 0;
  return OpenOver(std::make_unique<FaultyTransport>(TestTransport(options_), faults_, ++seeds));
}

void S3Ground::Damage(const Digest& digest, const std::string& bytes) {
  const auto put = client_->Do({.doing = "damage a blob", .method = "PUT", .key = BlobKey(digest), .body = bytes});
  CHECK(put.has_value(), "the server is there");
}

}  // namespace coreflow::store
