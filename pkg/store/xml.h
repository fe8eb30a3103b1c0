#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::store {

// An element of an XML document: what S3 answers with.
struct XmlElement {
  std::string name = {};  // without its namespace's prefix
  std::string text = {};  // its own, without that of its children
  std::vector<XmlElement> children = {};

  // The first child of that name, or null.
  const XmlElement* Find(std::string_view child) const;
  // Its text, or "".
  std::string TextOf(std::string_view child) const;
};

// Reads a document of elements and text; attributes and comments are passed over. kInvalid for bad syntax, for document
// types, for sections and entities other than the five of XML and numbers, and for nesting deeper than 16. Safe for
// input from anybody.
Result<XmlElement> ParseXml(std::string_view text);

}  // namespace coreflow::store
