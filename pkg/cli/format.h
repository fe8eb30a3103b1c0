#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/cli/command.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// What -o chooses.
enum class Format { kTable, kWide, kJson, kYaml, kName, kJsonLines };

// -o of commands that list or get.
Flag OutputFlag();
Format FormatOf(const Arguments& arguments);

// Whether the format is made of whole objects, without the command's help.
bool IsOfObjects(Format format);

// Objects in such a format, as kubectl prints them. `as_list`: also one object is an element of a List.
std::string PrintObjects(Format format, const std::vector<json::Value>& objects, bool as_list);

// "workflow.coreflow.dev/word-count".
std::string QualifiedName(const json::Value& object);

std::string NameOf(const json::Value& object);
std::string NamespaceOf(const json::Value& object);

}  // namespace coreflow::cli
