#include "pkg/store/sigv4.h"

#include <algorithm>
#include <map>
#include <vector>

#include "pkg/base/hash.h"
#include "pkg/base/hex.h"
#include "pkg/base/hmac.h"
#include "pkg/http/headers.h"

namespace coreflow::store {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kService = "s3";

// "20130524T000000Z"
std::string BasicTime(Time time) {
  std::string text = FormatTime(time);  // "2013-05-24T00:00:00Z"
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

// Sorted, and each parameter with its "=".
std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  while (!query.empty()) {
    const std::string_view next = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(next.size() + 1, query.size()));
    const size_t equals = next.find('=');
    parameters.emplace_back(next.substr(0, equals), equals == std::string_view::npos ? "" : next.substr(equals + 1));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string text;
  for (const auto& [name, value] : parameters) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

std::string_view Trimmed(std::string_view value) {
  const size_t first = value.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(' ') - first + 1);
}

// Names in lower case, in their order, with the values.
std::map<std::string, std::string> CanonicalHeaders(const http::Request& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) headers[http::LowerCase(name)] = Trimmed(value);
  return headers;
}

std::string SignedNames(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names.append(names.empty() ? "" : ";").append(name);
  return names;
}

std::string CanonicalRequest(const http::Request& request, const std::map<std::string, std::string>& headers,
                             const std::string& payload_sha256) {
  const std::string_view target = request.target;
  const size_t question = target.find('?');
  std::string text = request.method + "\n";
  text.append(target.substr(0, question)).append("\n");
  if (question != std::string_view::npos) text += CanonicalQuery(target.substr(question + 1));
  text += "\n";
  for (const auto& [name, value] : headers) text.append(name).append(":").append(value).append("\n");
  return text.append("\n").append(SignedNames(headers)).append("\n").append(payload_sha256);
}

std::string SigningKey(const AccessKey& key, std::string_view date, std::string_view region) {
  std::string derived = HmacSha256("AWS4" + key.secret.Reveal(), date);
  derived = HmacSha256(derived, region);
  derived = HmacSha256(derived, kService);
  return HmacSha256(derived, "aws4_request");
}

}  // namespace

void Sign(http::Request* request, const std::string& payload_sha256, const AccessKey& key, const SigningScope& scope) {
  const std::string time = BasicTime(scope.time);
  const std::string date = time.substr(0, 8);
  request->headers.emplace_back("Host", scope.host);
  request->headers.emplace_back("x-amz-content-sha256", payload_sha256);
  request->headers.emplace_back("x-amz-date", time);
  if (!key.session_token.Reveal().empty()) {
    request->headers.emplace_back("x-amz-security-token", key.session_token.Reveal());
  }
  const auto headers = CanonicalHeaders(*request);
  const std::string where = date + "/" + scope.region + "/" + std::string(kService) + "/aws4_request";
  const std::string to_sign = std::string(kAlgorithm) + "\n" + time + "\n" + where + "\n" +
                              Sha256Hex(CanonicalRequest(*request, headers, payload_sha256));
  const std::string signature = ToHex(HmacSha256(SigningKey(key, date, scope.region), to_sign));
  request->headers.emplace_back("Authorization", std::string(kAlgorithm) + " Credential=" + key.id + "/" + where +
                                                     ",SignedHeaders=" + SignedNames(headers) +
                                                     ",Signature=" + signature);
}

std::string UriEncode(std::string_view text, bool keep_slash) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos || (c == '/' && keep_slash)) {
      encoded += c;
    } else {
      encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return encoded;
}

}  // namespace coreflow::store
