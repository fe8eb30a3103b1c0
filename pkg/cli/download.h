#pragma once

#include <string>

#include "pkg/artifact/artifact.h"
#include "pkg/base/result.h"
#include "pkg/cli/store_reader.h"

namespace coreflow::cli {

// Where an artifact goes.
struct Destination {
  std::string file = {};    // "-": stdout; empty: it is unpacked
  std::string folder = {};  // to unpack it into
  bool replace = false;     // a file of that name
};

// Brings an artifact there: nothing has that name before all of it has come and its digest is right. Only stdout has
// got some by then. kAlreadyExists when the name is taken; other errors of StoreReader::Read and of what it is written
// to.
Result<void> Download(Environment& environment, const StoreReader& reader, const artifact::Artifact& artifact,
                      const Destination& destination);

}  // namespace coreflow::cli
