#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/store/s3.h"
#include "pkg/store/xml.h"

namespace coreflow::store {

// One request about an object, or about the bucket.
struct S3Request {
  std::string doing = {};  // for errors: "read blob 12ab…"
  std::string method = "GET";
  std::string key = {};  // without the store's prefix; empty: the bucket
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

// Sends requests to one bucket: signs them, repeats those that meet trouble that passes, and says in words what went
// wrong. Thread-safe.
class S3Client {
 public:
  S3Client(S3Options options, std::string host, std::unique_ptr<http::Transport> transport, S3World world);

  // A request under way. Cancelled when it goes before Wait() has returned. Used by one thread.
  class Pending {
   public:
    ~Pending();
    // The answer, once, after as many tries as it takes: success (2xx), or 416, since an empty object has no range. All
    // else is an error.
    Result<http::Response> Wait();
    // How often it was sent.
    int tries() const { return tries_; }

   private:
    friend class S3Client;
    Pending(S3Client& client, S3Request request);
    void Send();

    S3Client& client_;
    S3Request request_;
    std::string payload_sha256_;
    std::future<Result<http::Response>> answer_;
    std::shared_ptr<http::Cancel> cancel_;
    int tries_ = 0;
  };

  std::unique_ptr<Pending> Start(S3Request request);
  Result<http::Response> Do(S3Request request) { return Start(std::move(request))->Wait(); }

  // The answer as XML; kUnavailable when it is none, for then it did not come from S3.
  Result<XmlElement> Read(const http::Response& answer) const;
  Result<XmlElement> Ask(S3Request request);

  // The object's name in the bucket, and the header value that names it as the source of a copy.
  std::string Key(const std::string& key) const { return options_.prefix + key; }
  std::string CopySource(const std::string& key) const;
  // "S3 at HOST, bucket NAME", for errors.
  std::string Where() const { return "S3 at " + host_ + ", bucket " + options_.bucket; }
  // By the server's clock, as far as it told.
  Time AnsweredAt(const http::Response& answer) const;

 private:
  Result<http::Request> Signed(const S3Request& request, const std::string& payload_sha256) const;

  const S3Options options_;
  const std::string host_;
  const S3World world_;
  const std::unique_ptr<http::Transport> transport_;
};

}  // namespace coreflow::store
