#pragma once

#include <string>
#include <string_view>

#include "pkg/http/transport.h"

// Names of headers, whose case means nothing.
namespace coreflow::http {

// ASCII letters only, as in the names of headers and hosts.
std::string LowerCase(std::string_view text);

bool HasHeader(const Request& request, std::string_view name);

}  // namespace coreflow::http
