#include "pkg/store/verdicts.h"

#include <string>

namespace coreflow::store {

Result<void> CheckExpected(const Blob& put, const Expected& expected) {
  if (expected.size && put.size != *expected.size) {
    return Error{.code = Code::kInvalid,
                 .message = "the blob has " + std::to_string(put.size) + " bytes, " + std::to_string(*expected.size) +
                            " were expected"};
  }
  if (expected.digest && put.digest != *expected.digest) {
    return Error{
        .code = Code::kInvalid,
        .message = "the blob has the digest " + put.digest.hex() + ", " + expected.digest->hex() + " was expected"};
  }
  return {};
}

Error WrongBytes(const Digest& digest, const std::string& where) {
  return {.code = Code::kGone,
          .message = where + ": blob " + digest.hex() + " is damaged: its bytes have another digest"};
}

Error NoSuchBlob(const Digest& digest, const std::string& where) {
  return {.code = Code::kNotFound, .message = where + ": no blob " + digest.hex()};
}

Error NoSuchEntry(const std::string& name, const std::string& where) {
  return {.code = Code::kNotFound, .message = where + ": no entry " + name};
}

Error EntryExists(const std::string& name, const std::string& where) {
  return {.code = Code::kAlreadyExists, .message = where + ": entry " + name + " exists"};
}

}  // namespace coreflow::store
