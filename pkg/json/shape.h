#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace coreflow::json {

// What Parse reads of a value; the rest costs no more than reading past it. Where a shape meets an array it goes on in
// each element. It says nothing of strings, numbers and the like: these are read whole. Meant to be a constant, since
// it points to names and members:
//
//   constexpr Shape kStatus[] = {{"phase"}, {"reason"}};
//   constexpr Shape kPod[] = {{"metadata"}, {"status", Shape::Read::kNamed, kStatus}};
//   Parse(text, {.read = Shape::Read::kNamed, .members = kPod});
struct Shape {
  enum class Read : uint8_t {
    kAll,      // every member, those that are named below as their own shape says
    kNamed,    // only the members that are named below
    kNothing,  // the member itself is left out
  };

  std::string_view name = {};  // of the member; of a whole document it does not matter
  Read read = Read::kAll;
  std::span<const Shape> members = {};
};

}  // namespace coreflow::json
