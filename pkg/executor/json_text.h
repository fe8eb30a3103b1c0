#pragma once

#include <string>
#include <string_view>

namespace coreflow::executor {

// Any bytes as a string of JSON, with its quotes. Each byte that belongs to no character of UTF-8 becomes \ufffd.
// pkg/json can do that, too, but is larger than all of this program.
std::string JsonText(std::string_view bytes);

}  // namespace coreflow::executor
