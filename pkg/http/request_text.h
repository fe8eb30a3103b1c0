#pragma once

#include <string>
#include <string_view>

#include "pkg/http/base_url.h"
#include "pkg/http/transport.h"

// Requests as HTTP/1.1 writes them. What they hold has passed CheckRequest.
namespace coreflow::http {

// "10.0.0.1:6443", "[::1]:443".
std::string Authority(const BaseUrl& server);

// The whole request. `to_proxy`: for a proxy that is to pass it on.
std::string RequestText(const Request& request, const BaseUrl& server, bool to_proxy);

// Asks a proxy for a tunnel to the server.
std::string ConnectText(const BaseUrl& server);

// Whether a request may be sent again when nobody knows what became of the first one: it does the same again, or
// nothing.
bool IsRepeatable(std::string_view method);

}  // namespace coreflow::http
