#pragma once

#include <string>
#include <vector>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/store.h"

namespace coreflow::apiserver {

// One page of a list.
struct Page {
  std::vector<VersionPtr> items = {};
  uint64_t rv = 0;                  // of the snapshot
  std::string continue_token = {};  // empty on the last page
  int64_t remaining = -1;           // items after this page; -1: not said
};

// Reads limit, continue, resourceVersion, resourceVersionMatch and the selectors of a list. `stale_by`: a list that
// allows any age (resourceVersion=0) is served as it was that many writes ago.
Outcome<Page> ListPage(const Store& store, const Route& route, uint64_t stale_by);

}  // namespace coreflow::apiserver
