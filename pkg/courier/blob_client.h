#pragma once

#include <optional>
#include <string>

#include "pkg/artifact/artifact.h"
#include "pkg/artifact/courier_job.h"
#include "pkg/base/result.h"
#include "pkg/http/base_url.h"
#include "pkg/http/tls_context.h"
#include "pkg/store/store.h"

namespace coreflow::courier {

// Asks the data service, for one pod. Each call has a connection of its own, blocks, and holds less than 1 MiB beside
// what source or sink do. Thread-safe. Under https it talks to whoever shows the certificate of the job, and to nobody
// else.
//
// Errors, beside those of source and sink: kUnavailable when the service can't be reached or has trouble for now;
// kUnauthorized when the token is wrong, kForbidden when the server is another one, kInvalid when it refuses.
class BlobClient {
 public:
  // kInvalid when the job's URL or certificate is none.
  static Result<BlobClient> Make(const artifact::CourierJob& job);

  // Puts all that the source gives; when that ends with an error, nothing is stored. kGone when the service has stored
  // something else.
  Result<store::Blob> Put(const store::Source& source) const;

  // Hands the blob's bytes to the sink as they come, and checks them: kGone when they are not those of the digest, or
  // not so many, and then the sink has got what it must not use. kNotFound when there is no such blob for this pod.
  Result<void> Get(const artifact::Artifact& blob, const std::string& token, const store::Sink& sink) const;

 private:
  class Call;
  BlobClient(http::BaseUrl server, std::optional<http::TlsContext> tls, const artifact::CourierJob& job);

  http::BaseUrl server_;
  std::optional<http::TlsContext> tls_;  // none: plain
  std::string certificate_;
  std::string name_space_;
  std::string pod_;
  std::string token_;
};

}  // namespace coreflow::courier
