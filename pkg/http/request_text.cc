#include "pkg/http/request_text.h"

#include <algorithm>
#include <array>

#include "pkg/http/headers.h"

namespace coreflow::http {

namespace {

std::string Host(const BaseUrl& server) { return server.ipv6_literal ? "[" + server.host + "]" : server.host; }

// With the port only where it is not the one that everybody takes: servers compare it with their own name.
std::string HostHeader(const BaseUrl& server) {
  return server.port == (server.tls ? 443 : 80) ? Host(server) : Authority(server);
}

bool TakesBody(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

void Append(std::string* text, std::string_view name, std::string_view value) {
  text->append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string Authority(const BaseUrl& server) { return Host(server) + ":" + std::to_string(server.port); }

std::string RequestText(const Request& request, const BaseUrl& server, bool to_proxy) {
  constexpr size_t kRoomForHead = 2048;  // a token is half of it
  std::string text;
  text.reserve(kRoomForHead + request.body.size());
  text.append(request.method).append(" ");
  if (to_proxy) text.append("http://").append(HostHeader(server));
  text.append(server.path).append(request.target).append(" HTTP/1.1\r\n");
  if (!HasHeader(request, "Host")) Append(&text, "Host", HostHeader(server));
  for (const auto& [name, value] : request.headers) Append(&text, name, value);
  if (!request.body.empty() && !HasHeader(request, "Content-Type")) Append(&text, "Content-Type", "application/json");
  if (!request.body.empty() || TakesBody(request.method)) {
    Append(&text, "Content-Length", std::to_string(request.body.size()));
  }
  return text.append("\r\n").append(request.body);
}

std::string ConnectText(const BaseUrl& server) {
  const std::string authority = Authority(server);
  return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
}

bool IsRepeatable(std::string_view method) {
  constexpr auto kRepeatable = std::to_array<std::string_view>({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"});
  return std::find(kRepeatable.begin(), kRepeatable.end(), method) != kRepeatable.end();
}

}  // namespace coreflow::http
