#include "pkg/archive/header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "pkg/base/check.h"

namespace coreflow::archive {

namespace {

struct Field {
  size_t at;
  size_t size;
};

constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUser{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kTarget{157, 100};
constexpr Field kMagic{257, 8};
constexpr Field kPrefix{345, 155};
constexpr std::string_view kUstar{"ustar\00000", 8};
constexpr uint64_t kMostOfUstar = 077777777777;  // bytes: eleven digits

Error Wrong(const std::string& what) { return {.code = Code::kInvalid, .message = what}; }

std::string_view Text(std::string_view block, Field field) {
  const std::string_view text = block.substr(field.at, field.size);
  return text.substr(0, text.find('\0'));
}

// Octal digits, then spaces or zero bytes only. No digit at all is 0.
Result<uint64_t> Number(std::string_view block, Field field) {
  std::string_view text = block.substr(field.at, field.size);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 8);
  if (error == std::errc::result_out_of_range) return Wrong("a number in a header is too big");
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\0'; })) {
    return Wrong("a number in a header is not octal");
  }
  return number;
}

uint64_t Checksum(std::string_view block) {
  uint64_t sum = 0;
  for (size_t i = 0; i < block.size(); ++i) {
    const bool own = i >= kChecksum.at && i < kChecksum.at + kChecksum.size;
    sum += own ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

void Put(std::string* block, Field field, std::string_view text) { block->replace(field.at, text.size(), text); }

// With as many digits as leave room for a zero byte.
void PutNumber(std::string* block, Field field, uint64_t number) {
  std::array<char, 32> digits{};
  const int count = std::snprintf(digits.data(), digits.size(), "%0*llo", static_cast<int>(field.size) - 1,
                                  static_cast<unsigned long long>(number));
  Put(block, field, {digits.data(), static_cast<size_t>(count)});
}

std::string FormatBlock(const Header& header) {
  std::string block(kBlock, '\0');
  Put(&block, kName, header.name.substr(0, kName.size));
  PutNumber(&block, kMode, header.mode);
  PutNumber(&block, kUser, 0);
  PutNumber(&block, kGroup, 0);
  PutNumber(&block, kSize, header.size);
  PutNumber(&block, kTime, 0);
  block[kType.at] = header.type;
  Put(&block, kTarget, header.target.substr(0, kTarget.size));
  Put(&block, kMagic, kUstar);
  // Six digits, a zero byte and a space, as everybody writes it.
  PutNumber(&block, {kChecksum.at, kChecksum.size - 1}, Checksum(block));
  block[kChecksum.at + kChecksum.size - 1] = ' ';
  return block;
}

// "27 path=…\n", whose length counts its own digits.
std::string Record(std::string_view key, std::string_view value) {
  const size_t rest = key.size() + value.size() + 3;
  size_t length = rest + 1;
  while (std::to_string(length).size() + rest != length) ++length;
  return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

struct ParsedRecord {
  std::string_view key;
  std::string_view value;
  size_t length;
};

Result<ParsedRecord> FirstRecord(std::string_view records) {
  const Error wrong = Wrong("an extended header is malformed");
  size_t length = 0;
  const auto [end, error] =
      std::from_chars(records.data(), records.data() + std::min<size_t>(records.size(), 8), length);
  const auto digits = static_cast<size_t>(end - records.data());
  if (error != std::errc() || length > records.size() || length < digits + 3) return wrong;
  std::string_view record = records.substr(0, length);
  if (record[digits] != ' ' || record.back() != '\n') return wrong;
  record = record.substr(digits + 1, length - digits - 2);
  const size_t equals = record.find('=');
  if (equals == std::string_view::npos || equals == 0) return wrong;
  return ParsedRecord{.key = record.substr(0, equals), .value = record.substr(equals + 1), .length = length};
}

template <typename T>
Result<void> SetOnce(std::optional<T>* place, T value) {
  if (place->has_value()) return Wrong("an extended header says the same twice");
  *place = std::move(value);
  return {};
}

Result<uint64_t> Decimal(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return Wrong("a size in an extended header is no number");
  return number;
}

}  // namespace

Result<Header> ParseHeader(std::string_view block) {
  CHECK(block.size() == kBlock, "the caller reads whole blocks");
  TRY(const uint64_t checksum, Number(block, kChecksum));
  if (checksum != Checksum(block)) return Wrong("the checksum of a header is wrong");
  if (block.substr(kMagic.at, kMagic.size) != kUstar) return Wrong("a header is neither ustar nor pax");
  Header header{.type = block[kType.at]};
  TRY(header.size, Number(block, kSize));
  TRY(const uint64_t mode, Number(block, kMode));
  header.mode = static_cast<uint32_t>(mode & 07777);
  const std::string_view prefix = Text(block, kPrefix);
  header.name = prefix.empty() ? "" : std::string(prefix) + "/";
  header.name += Text(block, kName);
  header.target = Text(block, kTarget);
  return header;
}

Result<Extension> ParseExtension(std::string_view records) {
  Extension extension;
  while (!records.empty()) {
    TRY(const ParsedRecord record, FirstRecord(records));
    records.remove_prefix(record.length);
    if (record.key == "path") TRY_VOID(SetOnce(&extension.name, std::string(record.value)));
    if (record.key == "linkpath") TRY_VOID(SetOnce(&extension.target, std::string(record.value)));
    if (record.key == "size") {
      TRY(const uint64_t size, Decimal(record.value));
      TRY_VOID(SetOnce(&extension.size, size));
    }
    if (record.key.starts_with("GNU.sparse.")) return Wrong("a sparse file: pack it whole");
  }
  return extension;
}

std::string FormatHeader(const Entry& entry) {
  Header header{.type = entry.kind == Kind::kFile     ? '0'
                        : entry.kind == Kind::kFolder ? '5'
                                                      : '2',
                .name = entry.name + (entry.kind == Kind::kFolder ? "/" : ""),
                .size = entry.size,
                .mode = entry.executable || entry.kind != Kind::kFile ? 0755u : 0644u,
                .target = entry.target};
  std::string records;
  if (header.name.size() > kName.size) records += Record("path", header.name);
  if (header.target.size() > kTarget.size) records += Record("linkpath", header.target);
  if (header.size > kMostOfUstar) {
    records += Record("size", std::to_string(header.size));
    header.size = 0;
  }
  std::string blocks;
  if (!records.empty()) {
    blocks = FormatBlock({.type = 'x', .name = "pax", .size = records.size(), .mode = 0644}) + records;
    blocks.append(Padding(records.size()), '\0');
  }
  return blocks + FormatBlock(header);
}

}  // namespace coreflow::archive
