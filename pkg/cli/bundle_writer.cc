#include "pkg/cli/bundle_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "pkg/archive/header.h"

namespace coreflow::cli {

namespace {

constexpr char kFolder[] = "coreflow-support";
constexpr size_t kLongestName = 200;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

std::string SafeName(std::string_view name) {
  std::string safe(name.substr(0, kLongestName));
  std::ranges::replace_if(
      safe, [](char c) { return !IsPlain(c); }, '_');
  if (safe.empty() || safe.front() == '.') safe.insert(0, "_");
  return safe;
}

}  // namespace

BundleWriter::BundleWriter(NewFile& file) : gzip_([&file](std::string_view bytes) { return file.Write(bytes); }) {}

Result<void> BundleWriter::Add(const std::vector<std::string>& path, std::string_view text) {
  if (text.size() > kMostBytes - bytes_) {
    ++beyond_;
    return {};
  }
  bytes_ += text.size();
  ++files_;
  std::string name;
  for (const std::string& part : path) name += (name.empty() ? "" : "/") + SafeName(part);
  index_ += fmt::format("{:>10}  {}\n", text.size(), name);
  return Write(name, text);
}

void BundleWriter::Omit(const std::string& what, const std::string& why) {
  omitted_.push_back(fmt::format("{}: {}", what, why));
}

Result<void> BundleWriter::Finish() {
  if (beyond_ > 0) Omit(fmt::format("{} files", beyond_), fmt::format("the archive has {} MiB", kMostBytes >> 20));
  std::string text = fmt::format("     BYTES  FILE\n{}\n", index_);
  text += omitted_.empty() ? "Nothing that was looked for is missing.\n" : "What could not be had, and why:\n\n";
  for (const std::string& line : omitted_) text += line + "\n";
  TRY_VOID(Write("index.txt", text));
  TRY_VOID(gzip_.Add(std::string(2 * archive::kBlock, '\0')));
  return gzip_.Finish();
}

Result<void> BundleWriter::Write(const std::string& name, std::string_view text) {
  TRY_VOID(gzip_.Add(archive::FormatHeader({.name = fmt::format("{}/{}", kFolder, name), .size = text.size()})));
  TRY_VOID(gzip_.Add(text));
  return gzip_.Add(std::string(archive::Padding(text.size()), '\0'));
}

}  // namespace coreflow::cli
