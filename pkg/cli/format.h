#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/cli/command.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// What -o chooses.
enum class Format { kTable, kWide, kJson, kYaml, kName, kJsonLines, kJsonPath, kCustomColumns };

// -o of commands that list or get.
Flag OutputFlag();
Format FormatOf(const Arguments& arguments);
// What follows jsonpath= or custom-columns=.
std::string TemplateOf(const Arguments& arguments);

// Whether the format is made of whole objects, without the command's help.
bool IsOfObjects(Format format);

// "workflow.coreflow.dev/word-count".
std::string QualifiedName(const json::Value& object);

std::string NameOf(const json::Value& object);
std::string NamespaceOf(const json::Value& object);

}  // namespace coreflow::cli
