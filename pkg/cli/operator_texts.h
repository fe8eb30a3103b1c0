#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/bundle_writer.h"
#include "pkg/cli/session.h"
#include "pkg/json/value.h"
#include "pkg/redaction/redactor.h"

namespace coreflow::cli {

// A pod of the operator, as far as it takes to ask it.
struct OperatorPod {
  kube::ObjectKey key = {};
  std::string container = {};  // named operator, or the first
  int64_t metrics_port = 0;    // 0: it has none
  bool restarted = false;      // so there is a log of the container before
};

// Of a Pod from anybody.
OperatorPod OperatorPodOf(const json::Value& pod);

// Adds the ends of its logs, and what /metrics says, which takes the right to get pods/proxy. What can't be read is
// noted. Errors: kCancelled after Ctrl-C, and those of the file.
Result<void> AddOperatorTexts(Session& session, const OperatorPod& pod, const redaction::Redactor& redactor,
                              BundleWriter& bundle);

// The same where the operator is part of the API server, as in `coreflow dev`, and its metrics stand where an API
// server has its own. Adds nothing when it is not.
Result<void> AddMetricsOfServer(Session& session, const redaction::Redactor& redactor, BundleWriter& bundle);

}  // namespace coreflow::cli
