#pragma once

#include <memory>
#include <string>

#include "pkg/http/transport.h"
#include "pkg/store/s3.h"
#include "pkg/store/s3_client.h"
#include "pkg/store/store_contract.h"
#include "tests/store/faulty_transport.h"

namespace coreflow::store {

// The bucket "coreflow-test" of the server that COREFLOW_S3 names, made when it is missing. Aborts without a server.
S3Options TestBucket();

// A transport to it.
std::unique_ptr<http::Transport> TestTransport(const S3Options& options);

// A part of the bucket that no other test uses, seen through faults.
class S3Ground : public Ground {
 public:
  explicit S3Ground(const Faults& faults = {});
  std::unique_ptr<Store> Open() override;
  std::unique_ptr<Store> OpenOver(std::unique_ptr<http::Transport> transport);
  void Damage(const Digest& digest, const std::string& bytes) override;

  const S3Options& options() const { return options_; }
  // Without faults, for a look behind the store.
  S3Client& client() { return *client_; }

 private:
  const Faults faults_;
  S3Options options_;
  std::unique_ptr<S3Client> client_;
};

}  // namespace coreflow::store
