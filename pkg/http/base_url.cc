#include "pkg/http/base_url.h"

#include <algorithm>
#include <charconv>

namespace coreflow::http {

namespace {

Error Bad(std::string_view url, std::string_view why) {
  return {.code = Code::kInvalid,
          .message = "not the URL of a server: \"" + std::string(url) + "\": " + std::string(why)};
}

bool IsAlphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool AllOf(std::string_view text, std::string_view punctuation) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return IsAlphanumeric(c) || punctuation.find(c) != std::string_view::npos; });
}

std::string Lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

// Cuts "[::1]" or "host" off the front of `authority`, so that "" or ":port" is left.
bool TakeHost(std::string_view* authority, BaseUrl* parts) {
  if (authority->starts_with('[')) {
    size_t end = authority->find(']');
    if (end == std::string_view::npos) return false;
    parts->host = Lower(authority->substr(1, end - 1));
    parts->ipv6_literal = true;
    authority->remove_prefix(end + 1);
    return AllOf(parts->host, ":.") && parts->host.find(':') != std::string::npos;
  }
  size_t end = std::min(authority->find(':'), authority->size());
  parts->host = Lower(authority->substr(0, end));
  authority->remove_prefix(end);
  return !parts->host.empty() && AllOf(parts->host, "-._");
}

bool TakePort(std::string_view text, BaseUrl* parts) {
  if (text.empty()) {
    parts->port = parts->tls ? 443 : 80;
    return true;
  }
  text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts->port);
  return error == std::errc() && end == text.data() + text.size() && parts->port != 0;
}

}  // namespace

Result<BaseUrl> ParseBaseUrl(std::string_view url) {
  BaseUrl parts;
  std::string_view rest = url;
  size_t scheme = rest.find("://");
  std::string name = Lower(rest.substr(0, std::min(scheme, rest.size())));
  if (scheme == std::string_view::npos || (name != "http" && name != "https")) {
    return Bad(url, "it must begin with https:// or http://");
  }
  parts.tls = name == "https";
  rest.remove_prefix(scheme + 3);

  size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = rest.substr(slash);
  if (authority.find('@') != std::string_view::npos) return Bad("(not shown)", "it must not hold a user name");
  if (!TakeHost(&authority, &parts)) return Bad(url, "it has no valid host");
  if (!authority.empty() && authority.front() != ':') return Bad(url, "it has no valid host");
  if (!TakePort(authority, &parts)) return Bad(url, "it has no valid port");
  if (!AllOf(path, "-._~!$&'()*+,;=:@/%")) return Bad(url, "it must not hold a query, a fragment or odd characters");
  while (path.ends_with('/')) path.remove_suffix(1);
  parts.path = path;
  return parts;
}

}  // namespace coreflow::http
