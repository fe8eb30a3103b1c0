#include "pkg/apiserver/route.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace coreflow::apiserver {

namespace {

std::vector<std::string> Segments(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const size_t end = path.find('/');
    if (end != 0) segments.push_back(PercentDecode(path.substr(0, end)));
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  return segments;
}

void ParseQuery(std::string_view query, Route& route) {
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const size_t equals = pair.find('=');
    std::string value = equals == std::string_view::npos ? "" : PercentDecode(pair.substr(equals + 1));
    // The first of several counts.
    if (!pair.empty()) route.query.emplace(PercentDecode(pair.substr(0, equals)), std::move(value));
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool SameLetters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// "namespaces/ci/pods/p" is about a pod, "namespaces/ci" and "namespaces/ci/status" about a namespace.
bool InsideNamespace(const std::vector<std::string>& segments, size_t at) {
  return segments.size() > at + 2 && segments[at] == "namespaces" && segments[at + 2] != "status" &&
         segments[at + 2] != "finalize";
}

}  // namespace

std::string Route::Get(std::string_view parameter) const {
  auto it = query.find(parameter);
  return it == query.end() ? "" : it->second;
}

bool Route::Is(std::string_view parameter) const {
  const std::string value = Get(parameter);
  return value == "true" || value == "1";
}

Outcome<Route> ParseRoute(std::string_view target) {
  Route route;
  const size_t mark = target.find('?');
  if (mark != std::string_view::npos) ParseQuery(target.substr(mark + 1), route);
  const std::vector<std::string> segments = Segments(target.substr(0, mark));
  const Failure nowhere{
      .code = 404, .reason = "NotFound", .message = "the server could not find the requested resource"};
  const bool core = segments.size() >= 3 && segments[0] == "api";
  const bool grouped = segments.size() >= 4 && segments[0] == "apis";
  if (!core && !grouped) return nowhere;
  const std::string group = core ? "" : segments[1];
  const std::string& version = segments[core ? 1 : 2];
  size_t at = core ? 2 : 3;
  if (InsideNamespace(segments, at)) {
    route.name_space = segments[at + 1];
    at += 2;
  }
  route.resource = FindResource(group, version, segments[at]);
  if (!route.resource) return NotImplemented("the resource " + segments[at] + " of " + group + "/" + version);
  if (segments.size() > at + 1) route.name = segments[at + 1];
  if (segments.size() > at + 2) route.subresource = segments[at + 2];
  if (segments.size() > at + 3) return nowhere;
  if (!route.resource->namespaced && !route.name_space.empty()) return nowhere;
  if (route.resource->namespaced && !route.name.empty() && route.name_space.empty()) return nowhere;
  if (route.subresource.empty()) return route;
  if (route.subresource != "status" || route.resource == &Namespaces())
    return NotImplemented("the subresource " + route.subresource);
  if (!route.resource->has_status) return nowhere;
  return route;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string HeaderOf(const http::Request& request, std::string_view name) {
  for (const auto& [header, value] : request.headers) {
    if (SameLetters(header, name)) return value;
  }
  return "";
}

}  // namespace coreflow::apiserver
