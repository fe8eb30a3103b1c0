#pragma once

#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/route.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// What becomes of fields that the schema does not know: they are dropped, with a warning, or the request is refused.
enum class FieldValidation { kIgnore, kWarn, kStrict };

// What the query of a POST, PUT or PATCH asks for.
struct WriteQuery {
  bool dry_run = false;
  bool force = false;  // of an apply: fields of others are taken from them
  FieldValidation validation = FieldValidation::kWarn;
  std::string manager = {};  // fieldManager; where that is not given, the first word of the User-Agent
};
Outcome<WriteQuery> ReadWriteQuery(const http::Request& request, const Route& route);

// The media type in a Content-Type, without its parameters.
std::string MediaTypeOf(const http::Request& request);
constexpr char kApplyPatch[] = "application/apply-patch+yaml";

}  // namespace coreflow::apiserver
