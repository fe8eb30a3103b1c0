#pragma once

#include <string_view>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

constexpr char kProtobuf[] = "application/vnd.kubernetes.protobuf";

// An object of Kubernetes' own kinds, or DeleteOptions, from application/vnd.kubernetes.protobuf, which is what kubectl
// and helm send where they have types. kInvalid for what is none, and for other kinds. Answers are always JSON, which
// such clients take too. Thread-safe; safe for input from anybody.
Result<json::Value> FromProtobuf(std::string_view bytes);

}  // namespace coreflow::apiserver
