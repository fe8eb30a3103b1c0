#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/kube/seen_object.h"

namespace coreflow::kube {

// One page of a list.
struct ListPage {
  std::string resource_version = {};  // of the whole list
  std::string continue_token = {};    // empty: the last page
  std::vector<SeenObject> items = {};

  bool operator==(const ListPage&) const = default;
};

// Reads the answer to a list. `shape` is of its items, and keeps what a SeenObject's key and version are taken from.
// Items that can't be read are kept, with their trouble. kUnavailable when it is no list with a resourceVersion.
Result<ListPage> ReadListPage(std::string_view text, const json::Shape& shape = kObjectShape);

}  // namespace coreflow::kube
