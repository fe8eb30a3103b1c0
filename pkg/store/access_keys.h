#pragma once

#include <functional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/store/sigv4.h"

namespace coreflow::store {

// The value of a variable of the environment; empty: it is not set. Thread-safe.
using Variable = std::function<std::string(const std::string& name)>;

// The access key, from where AWS's own tools take it: the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with
// AWS_SESSION_TOKEN for temporary ones; else the file that AWS_SHARED_CREDENTIALS_FILE names, else ~/.aws/credentials,
// and in it the section that AWS_PROFILE names, else [default]. The file is read each time, so it may be replaced.
//
// kInvalid when there is none or it can't be one; the message says what to set, and shows nothing of a key.
Result<AccessKey> FindAccessKey(const Variable& variable);

}  // namespace coreflow::store
