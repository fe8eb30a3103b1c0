#pragma once

#include <string_view>

#include "pkg/base/result.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// kInvalid when the request can't be put on a wire as it is: a method or header name that is no token (RFC 9110
// §5.6.2), a header value with a control character, a target that does not begin with / or has a byte that should have
// been percent-encoded. So nothing that came from an object can start a header or a request of its own.
Result<void> CheckRequest(const Request& request);

// The same for one header, from wherever it comes.
Result<void> CheckHeader(std::string_view name, std::string_view value);

}  // namespace coreflow::http
