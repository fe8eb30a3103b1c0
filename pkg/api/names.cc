#include "pkg/api/names.h"

#include <algorithm>

namespace coreflow::api {

namespace {

bool Lower(char c) { return c >= 'a' && c <= 'z'; }
bool Upper(char c) { return c >= 'A' && c <= 'Z'; }
bool Digit(char c) { return c >= '0' && c <= '9'; }
bool Alnum(char c) { return Lower(c) || Upper(c) || Digit(c); }
bool LowerAlnum(char c) { return Lower(c) || Digit(c); }

template <typename Allowed>
bool All(std::string_view text, Allowed allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}

// Cuts `text` at the first `separator` and gives the front; `text` keeps what is behind it, or nothing.
std::string_view CutFront(std::string_view& text, char separator) {
  size_t at = text.find(separator);
  std::string_view front = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return front;
}

bool IsDotted(std::string_view name, size_t longest) {
  if (name.empty() || name.size() > longest || name.back() == '.') return false;
  while (!name.empty()) {
    if (!IsDnsLabel(CutFront(name, '.'))) return false;
  }
  return true;
}

// One part of an image's path: [a-z0-9]+ joined by one '.', one or two '_', or any number of '-'.
bool IsPathComponent(std::string_view part) {
  if (part.empty() || !LowerAlnum(part.front()) || !LowerAlnum(part.back())) return false;
  for (size_t i = 0; i < part.size();) {
    size_t start = i;
    while (!LowerAlnum(part[i])) ++i;  // ends: the last character is one
    std::string_view joint = part.substr(start, i - start);
    bool dashes = All(joint, [](char c) { return c == '-'; });
    if (!dashes && joint != "." && joint != "_" && joint != "__") return false;
    while (i < part.size() && LowerAlnum(part[i])) ++i;
  }
  return true;
}

// Of the parts of a reference only a registry may have a dot with upper case, a port, or be localhost.
bool IsRegistry(std::string_view part) {
  std::string_view host = CutFront(part, ':');
  if (!All(part, Digit)) return false;
  bool named = !host.empty() && All(host, [](char c) { return Alnum(c) || c == '.' || c == '-'; });
  return named && Alnum(host.front()) && Alnum(host.back());
}

bool IsDigest(std::string_view digest) {
  std::string_view algorithm = CutFront(digest, ':');
  auto hex = [](char c) { return Digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  return !algorithm.empty() && Alnum(algorithm.front()) && digest.size() >= 32 && All(digest, hex) &&
         (algorithm != "sha256" || digest.size() == 64);
}

bool IsTag(std::string_view tag) {
  auto word = [](char c) { return Alnum(c) || c == '_'; };
  return !tag.empty() && tag.size() <= 128 && word(tag.front()) &&
         All(tag, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

}  // namespace

bool IsStepName(std::string_view name) {
  return !name.empty() && name.size() <= 40 && Lower(name.front()) && name.back() != '-' &&
         All(name, [](char c) { return LowerAlnum(c) || c == '-'; });
}

bool IsParameterName(std::string_view name) {
  return !name.empty() && name.size() <= 63 && Lower(name.front()) &&
         All(name, [](char c) { return Alnum(c) || c == '_'; });
}

bool IsObjectName(std::string_view name) { return IsDotted(name, 63); }

bool IsDnsSubdomain(std::string_view name) { return IsDotted(name, 253); }

bool IsDnsLabel(std::string_view name) {
  return !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
         All(name, [](char c) { return LowerAlnum(c) || c == '-'; });
}

bool IsEnvName(std::string_view name) {
  if (name.empty() || Digit(name.front()) || name == "." || name.substr(0, 2) == "..") return false;
  return All(name, [](char c) { return Alnum(c) || c == '_' || c == '-' || c == '.'; });
}

bool IsLabelKey(std::string_view key) {
  size_t slash = key.find('/');
  if (slash != std::string_view::npos) {
    if (!IsDnsSubdomain(key.substr(0, slash))) return false;
    key.remove_prefix(slash + 1);
  }
  return !key.empty() && IsLabelValue(key);
}

bool IsLabelValue(std::string_view value) {
  if (value.empty()) return true;
  return value.size() <= 63 && Alnum(value.front()) && Alnum(value.back()) &&
         All(value, [](char c) { return Alnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool IsImageReference(std::string_view image) {
  size_t at = image.find('@');
  if (at != std::string_view::npos) {
    if (!IsDigest(image.substr(at + 1))) return false;
    image = image.substr(0, at);
  }
  size_t slash = image.rfind('/');
  size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  if (colon != std::string_view::npos) {
    if (!IsTag(image.substr(colon + 1))) return false;
    image = image.substr(0, colon);
  }
  if (image.empty() || image.size() > 255 || image.back() == '/') return false;
  std::string_view rest = image;
  std::string_view first = CutFront(rest, '/');
  bool more = image.size() > first.size();
  bool registry = more && (first.find_first_of(".:") != std::string_view::npos || first == "localhost" ||
                           std::any_of(first.begin(), first.end(), Upper));
  if (registry ? !IsRegistry(first) : !IsPathComponent(first)) return false;
  while (!rest.empty()) {
    if (!IsPathComponent(CutFront(rest, '/'))) return false;
  }
  return true;
}

bool IsQuantity(std::string_view text) {
  size_t digits = 0, i = 0;
  for (bool dot = false; i < text.size() && (Digit(text[i]) || (text[i] == '.' && !dot)); ++i) {
    dot = dot || text[i] == '.';
    digits += Digit(text[i]) ? 1 : 0;
  }
  if (digits == 0) return false;
  std::string_view suffix = text.substr(i);
  constexpr std::string_view kSuffixes[] = {"",  "n", "u",  "m",  "k",  "M",  "G",  "T",
                                            "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  if (std::find(std::begin(kSuffixes), std::end(kSuffixes), suffix) != std::end(kSuffixes)) return true;
  if (suffix.size() < 2 || (suffix[0] != 'e' && suffix[0] != 'E')) return false;
  suffix.remove_prefix(1);
  if (suffix[0] == '-' || suffix[0] == '+') suffix.remove_prefix(1);
  return !suffix.empty() && suffix.size() <= 3 && All(suffix, Digit);
}

std::string UpperCase(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = Lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

}  // namespace coreflow::api
