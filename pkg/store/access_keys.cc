#include "pkg/store/access_keys.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "pkg/files/descriptor.h"

namespace coreflow::store {

namespace {

constexpr size_t kMostOfFile = size_t{1} << 20;

using Settings = std::map<std::string, std::string, std::less<>>;

Error Wrong(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

// Files and Secrets often end with a line break.
std::string Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

// They stand in headers.
Result<AccessKey> Checked(AccessKey key, const std::string& where) {
  const auto is_odd = [](const std::string& part) {
    return std::ranges::any_of(part, [](char c) { return c <= ' ' || c > '~'; });
  };
  if (is_odd(key.id) || is_odd(key.secret.Reveal()) || is_odd(key.session_token.Reveal())) {
    return Wrong("the access key of " + where + " has characters that no access key has");
  }
  return key;
}

Result<std::string> ReadFile(const std::string& path) {
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return files::SystemError(path, errno);
  std::string text(kMostOfFile, '\0');
  TRY(const size_t count, files::ReadFull(file, text, path));
  text.resize(count);
  return text;
}

// What stands in that section: lines "name = value".
std::optional<Settings> SectionOf(std::string_view text, const std::string& section) {
  std::optional<Settings> settings;
  bool inside = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string line = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[')) {
      inside = line == "[" + section + "]";
      if (inside && !settings) settings.emplace();
    } else if (const size_t equals = line.find('='); inside && equals != std::string::npos && line.front() != '#') {
      (*settings)[Trimmed(line.substr(0, equals))] = Trimmed(line.substr(equals + 1));
    }
  }
  return settings;
}

Result<AccessKey> FromFile(const std::string& path, const std::string& section) {
  TRY(const std::string text, ReadFile(path));
  auto settings = SectionOf(text, section);
  if (!settings) return Wrong(path + ": has no section [" + section + "]");
  for (const char* name : {"aws_access_key_id", "aws_secret_access_key"}) {
    if ((*settings)[name].empty()) return Wrong(path + ": section [" + section + "] has no " + name);
  }
  return Checked({.id = (*settings)["aws_access_key_id"],
                  .secret = Secret((*settings)["aws_secret_access_key"]),
                  .session_token = Secret((*settings)["aws_session_token"])},
                 path);
}

}  // namespace

Result<AccessKey> FindAccessKey(const Variable& variable) {
  AccessKey key{.id = Trimmed(variable("AWS_ACCESS_KEY_ID")),
                .secret = Secret(Trimmed(variable("AWS_SECRET_ACCESS_KEY"))),
                .session_token = Secret(Trimmed(variable("AWS_SESSION_TOKEN")))};
  const bool has_secret = !key.secret.Reveal().empty();
  if (!key.id.empty() && has_secret) return Checked(std::move(key), "the environment");
  if (!key.id.empty()) return Wrong("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  if (has_secret) return Wrong("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not");

  const std::string named = variable("AWS_SHARED_CREDENTIALS_FILE");
  const std::string home = variable("HOME");
  const std::string profile = variable("AWS_PROFILE");
  auto found = FromFile(named.empty() ? home + "/.aws/credentials" : named, profile.empty() ? "default" : profile);
  if (found || found.error().code == Code::kInvalid) return found;
  if (!named.empty()) return Wrong("AWS_SHARED_CREDENTIALS_FILE: " + found.error().message);
  return Wrong(
      "there is no access key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE to the "
      "path of a file that has them");
}

}  // namespace coreflow::store
