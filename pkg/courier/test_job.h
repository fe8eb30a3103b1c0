#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>

#include "pkg/artifact/courier_job.h"
#include "pkg/artifact/store_token.h"
#include "pkg/courier/blob_client.h"
#include "pkg/data/test_service.h"

namespace coreflow::courier {

// For tests: the job of a pod that has nothing to do yet.
inline artifact::CourierJob JobAt(const data::TestService& service) {
  return {.url = service.url(),
          .certificate = service.fingerprint,
          .name_space = "team",
          .pod = "step-1",
          .token = artifact::PutToken(service.key, "team", "step-1")};
}

inline store::Source SourceOf(const std::string& bytes) {
  return [&bytes, given = size_t{0}](std::span<char> buffer) mutable -> Result<size_t> {
    const size_t count = std::min(buffer.size(), bytes.size() - given);
    std::memcpy(buffer.data(), bytes.data() + given, count);
    given += count;
    return count;
  };
}

// Puts an artifact that this pod may get.
inline artifact::Parcel Stored(const data::TestService& service, const std::string& bytes,
                               api::Archive archive = api::Archive::kNone) {
  const auto blob = BlobClient::Make(JobAt(service))->Put(SourceOf(bytes));
  EXPECT_TRUE(blob.has_value());
  return {.artifact = {.digest = blob->digest.hex(), .bytes = static_cast<int64_t>(blob->size), .archive = archive},
          .token = artifact::GetToken(service.key, "team", "step-1", blob->digest.hex())};
}

// "OK", or the code and the message.
template <typename T>
std::string Told(const Result<T>& result) {
  return result ? "OK" : std::string(CodeName(result.error().code)) + ": " + result.error().message;
}

}  // namespace coreflow::courier
