#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/bundle_writer.h"
#include "pkg/cli/session.h"
#include "pkg/redaction/redactor.h"

namespace coreflow::cli {

// What of a cluster is wanted.
struct BundleScope {
  std::string ns = {};           // of runs; empty: all
  std::string operator_ns = {};  // where the operator is installed
};

// Adds what a maintainer needs of a cluster: objects of runs and of the operator, events, and the operator's logs and
// metrics, all of it redacted. Reads only, never a Secret, and a page of objects at a time. What can't be read is
// noted. Errors: kCancelled after Ctrl-C, and those of the file.
Result<void> CollectCluster(Session& session, const BundleScope& scope, redaction::Redactor& redactor,
                            BundleWriter& bundle);

// Notes that something could not be had, and goes on; kCancelled is given back.
Result<void> NoteMissing(const std::string& what, const Error& error, const redaction::Redactor& redactor,
                         BundleWriter& bundle);

}  // namespace coreflow::cli
