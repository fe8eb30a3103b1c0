#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "pkg/base/result.h"
#include "pkg/store/s3_client.h"

namespace coreflow::store {

// One multipart upload of S3: an object that comes in parts and is visible once it is completed. For one thread.
//
// kNotFound: S3 does not know the upload any more, because somebody completed it or gave it up.
class Multipart {
 public:
  static Result<Multipart> Create(S3Client& client, const std::string& key);
  // The newest one that is under way for the object, with the parts that are there; a new one when there is none.
  static Result<Multipart> Resume(S3Client& client, const std::string& key);

  // Waits until a part may be added without a third being in flight. So parts are not to be made before.
  Result<void> MakeRoom();
  // The next part. It is not sent when it is there already.
  Result<void> Add(std::string bytes);
  // The same, from bytes of an object of this bucket; waits until it is there.
  Result<void> AddCopy(const std::string& from, uint64_t offset, uint64_t length);

  // `size` is the object's. Success, too, when the upload has gone and an object of that size is there: it is ours,
  // whose answer was lost.
  Result<void> Complete(uint64_t size);
  // As far as S3 lets us; a sweep does the rest.
  void Abort();

 private:
  Multipart(S3Client& client, std::string key, std::string id)
      : client_(&client), key_(std::move(key)), id_(std::move(id)) {}
  Result<void> FindParts();
  Result<void> Collect();
  S3Request Part(int number) const;

  S3Client* client_;
  std::string key_;
  std::string id_;
  std::map<int, std::string> stored_ = {};  // what a resumed upload has: the parts' MD5
  std::deque<std::pair<int, std::unique_ptr<S3Client::Pending>>> in_flight_ = {};
  std::map<int, std::string> tags_ = {};  // of the parts that are there
  int last_ = 0;
};

// Gives up uploads that are under way for longer than that.
Result<void> AbortUploads(S3Client& client, Duration older_than);

}  // namespace coreflow::store
