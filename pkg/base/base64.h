#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coreflow {

// RFC 4648, standard alphabet, padded.
std::string EncodeBase64(std::string_view bytes);

// nullopt for anything that EncodeBase64 would not write; the padding may be left out.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace coreflow
