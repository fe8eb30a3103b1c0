#include "pkg/apiserver/page_token.h"

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

// base64url without padding, RFC 4648 section 5.
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (unsigned char byte : bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[(bits >> (count - 6)) & 63];
  }
  if (count > 0) text += kAlphabet[(bits << (6 - count)) & 63];
  return text;
}

std::string DecodeBase64(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return "";
    bits = (bits << 6) | static_cast<uint32_t>(digit);
    count += 6;
    if (count >= 8) bytes += static_cast<char>((bits >> (count -= 8)) & 255);
  }
  return bytes;
}

}  // namespace

std::string EncodePageToken(const PageToken& token) {
  return EncodeBase64(json::Write(json::Object{{"v", "meta.k8s.io/v1"}, {"rv", token.rv}, {"start", token.start}}));
}

Outcome<PageToken> DecodePageToken(std::string_view text) {
  const auto parsed = json::Parse(DecodeBase64(text));
  if (!parsed) return BadRequest("continue key is not valid: " + parsed.error().message);
  if ((*parsed)["v"].StringOr("") != "meta.k8s.io/v1") {
    return BadRequest("continue key is not valid: server does not recognize this encoded version " +
                      (*parsed)["v"].StringOr(""));
  }
  PageToken token{.rv = (*parsed)["rv"].IntOr(0), .start = (*parsed)["start"].StringOr("")};
  if (token.rv == 0 || token.start.empty()) return BadRequest("continue key is not valid: incorrect encoded start");
  return token;
}

}  // namespace coreflow::apiserver
