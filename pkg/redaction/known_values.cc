#include "pkg/redaction/known_values.h"

#include <algorithm>
#include <cstring>

#include "pkg/json/write.h"
#include "pkg/redaction/credentials.h"

namespace coreflow::redaction {

namespace {

uint64_t Beginning(std::string_view text) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, text.data(), KnownValues::kShortest);
  return bytes;
}

size_t CommonLength(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

void KnownValues::Add(const json::Value& value) {
  if (value.IsString()) AddText(value.AsString());
  if (value.IsNumber()) AddText(json::Write(value));
  for (const json::Value& element : value.Elements()) Add(element);
  for (const auto& [name, member] : value.Members()) Add(member);
}

void KnownValues::AddText(std::string_view text) {
  AddWhole(text);
  if (text.find('\n') == std::string_view::npos) return;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    AddWhole(text.substr(at, end - at));
    at = end + 1;
  }
}

void KnownValues::AddWhole(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return;
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1).substr(0, kLongest);
  if (text.size() < kShortest) return;
  if (bytes_ + text.size() > kMostBytes) {
    full_ = true;
    return;
  }
  bytes_ += text.size();
  beginnings_.insert(Beginning(text));
  if (text.size() <= kWindow) {
    short_.emplace(text);
  } else {
    std::vector<std::string>& alike = long_[std::string(text.substr(0, kWindow))];
    if (alike.size() < kMostAlike && std::ranges::find(alike, text) == alike.end()) alike.emplace_back(text);
  }
  const std::string quoted = json::Quote(text);
  const std::string_view inside = std::string_view(quoted).substr(1, quoted.size() - 2);
  if (inside != text && inside.find("\\\\\\\\") == std::string_view::npos) AddWhole(inside);
}

// How many bytes at the beginning of the text are one of the values; 0: none.
size_t KnownValues::MatchAt(std::string_view text) const {
  if (text.size() < kShortest || !beginnings_.contains(Beginning(text))) return 0;
  if (text.size() >= kWindow) {
    const auto alike = long_.find(std::string(text.substr(0, kWindow)));
    if (alike != long_.end()) {
      // The end of one that was too many to be kept: up to where a value may end in a text.
      size_t longest = std::min(text.find_first_of(" \t\r\n\"'\\", kWindow), text.size());
      if (alike->second.size() < kMostAlike) longest = kWindow;
      for (const std::string& value : alike->second) longest = std::max(longest, CommonLength(text, value));
      return longest;
    }
  }
  for (size_t length = std::min(text.size(), kWindow); length >= kShortest; --length) {
    if (short_.contains(std::string(text.substr(0, length)))) return length;
  }
  return 0;
}

std::string KnownValues::Mask(std::string_view text) const {
  std::string masked;
  for (size_t at = 0; at < text.size();) {
    const size_t length = MatchAt(text.substr(at));
    if (length == 0) {
      masked += text[at++];
    } else {
      masked += kMasked;
      at += length;
    }
  }
  return masked;
}

}  // namespace coreflow::redaction
