#include "pkg/schema/format.h"

#include <algorithm>
#include <map>
#include <memory>

#include "pkg/cel/regex.h"
#include "pkg/cel/time_text.h"

namespace coreflow::schema {

namespace {

using Check = bool (*)(std::string_view);

// The format's name without dashes: "date-time" and "datetime" are the same.
std::string Plain(std::string_view format) {
  std::string plain(format);
  plain.erase(std::remove(plain.begin(), plain.end(), '-'), plain.end());
  return plain;
}

// Compiled once for each format.
class Pattern {
 public:
  explicit Pattern(const char* pattern) : regex_(*cel::Regex::Compile(pattern)) {}
  bool operator()(std::string_view text) const { return regex_->Matches(text); }

 private:
  const std::shared_ptr<const cel::Regex> regex_;
};

bool IsDate(std::string_view text) {
  return text.size() == 10 && cel::ParseTimestamp(std::string(text) + "T00:00:00Z").has_value();
}

// Any separator before the fraction, any offset: the server's pattern has it so.
bool IsDateTime(std::string_view text) {
  static const Pattern kTime("(?i)^[0-9]{2}:[0-9]{2}:[0-9]{2}(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
  size_t t = text.find_first_of("tT");
  if (t == std::string_view::npos || !IsDate(text.substr(0, t))) return false;
  std::string_view time = text.substr(t + 1);
  return kTime(time) && time.substr(0, 2) <= "23" && time.substr(3, 2) <= "59" && time.substr(6, 2) <= "59";
}

// Anything with a number and a unit in it will do.
bool IsDuration(std::string_view text) {
  static const Pattern kLoose(
      "(?i)\\d\\s*((ns|us|µs|ms|s|m|h|hr|d|w|wk)([^A-Za-zµ]|$)|nano|micro|milli|sec|min|hour|day|week)");
  return cel::ParseDuration(text) || kLoose(text);
}

bool IsBase64(std::string_view text) {
  static const Pattern kPattern("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$");
  return kPattern(text);
}

bool IsUri(std::string_view text) {
  static const Pattern kPattern("^([A-Za-z][A-Za-z0-9+.-]*:[^\\s]+|/[^\\s]*)$");
  return kPattern(text);
}
bool IsEmail(std::string_view text) {
  static const Pattern kPattern("^([^@<>]*<)?[^\\s@<>,;]+@[^\\s@<>,;]+>?$");
  return kPattern(text);
}
bool IsMac(std::string_view text) {
  static const Pattern kPattern(
      "^([0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}([:-][0-9A-Fa-f]{2}){0,2}|[0-9A-Fa-f]{4}(\\.[0-9A-Fa-f]{4}){2,3})$");
  return kPattern(text);
}
bool IsUuid(std::string_view text) {
  static const Pattern kPattern("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
  return kPattern(text);
}
bool IsUuid3(std::string_view text) {
  static const Pattern kPattern("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3");
  return IsUuid(text) && kPattern(text);
}
bool IsUuid4(std::string_view text) {
  static const Pattern kPattern("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab]");
  return IsUuid(text) && kPattern(text);
}
bool IsUuid5(std::string_view text) {
  static const Pattern kPattern("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab]");
  return IsUuid(text) && kPattern(text);
}
bool IsObjectId(std::string_view text) {
  static const Pattern kPattern("^[0-9a-fA-F]{24}$");
  return kPattern(text);
}
bool IsHexColor(std::string_view text) {
  static const Pattern kPattern("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$");
  return kPattern(text);
}
bool IsSsn(std::string_view text) {
  static const Pattern kPattern("^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$");
  return kPattern(text);
}
bool IsAnything(std::string_view) { return true; }
bool IsShortName(std::string_view text) {
  static const Pattern kPattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$");
  return text.size() <= 63 && kPattern(text);
}
bool IsLongName(std::string_view text) {
  static const Pattern kPattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");
  return text.size() <= 253 && kPattern(text);
}

// Not among them, though the server knows them: isbn, creditcard, rgbcolor.
const std::map<std::string, Check, std::less<>>& Checks() {
  static const std::map<std::string, Check, std::less<>> kChecks = {{"bsonobjectid", IsObjectId},
                                                                    {"uri", IsUri},
                                                                    {"email", IsEmail},
                                                                    {"hostname", IsHostname},
                                                                    {"ipv4", IsIpv4},
                                                                    {"ipv6", IsIpv6},
                                                                    {"cidr", IsCidr},
                                                                    {"mac", IsMac},
                                                                    {"uuid", IsUuid},
                                                                    {"uuid3", IsUuid3},
                                                                    {"uuid4", IsUuid4},
                                                                    {"uuid5", IsUuid5},
                                                                    {"ssn", IsSsn},
                                                                    {"hexcolor", IsHexColor},
                                                                    {"byte", IsBase64},
                                                                    {"password", IsAnything},
                                                                    {"date", IsDate},
                                                                    {"duration", IsDuration},
                                                                    {"datetime", IsDateTime},
                                                                    {"k8sshortname", IsShortName},
                                                                    {"k8slongname", IsLongName}};
  return kChecks;
}

}  // namespace

bool IsCheckedFormat(std::string_view format) { return !format.empty() && Checks().contains(Plain(format)); }

bool HasFormat(std::string_view text, std::string_view format) {
  auto check = Checks().find(Plain(format));
  return check == Checks().end() || check->second(text);
}

}  // namespace coreflow::schema
