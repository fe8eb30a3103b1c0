#pragma once

#include "pkg/base/result.h"
#include "pkg/store/store.h"

namespace coreflow::store {

// kInvalid when what was put is not what was expected.
Result<void> CheckExpected(const Blob& put, const Expected& expected);

// The error of a read that finds other bytes than were put.
Error WrongBytes(const Digest& digest, const std::string& where);

Error NoSuchBlob(const Digest& digest, const std::string& where);
Error NoSuchEntry(const std::string& name, const std::string& where);
Error EntryExists(const std::string& name, const std::string& where);

}  // namespace coreflow::store
