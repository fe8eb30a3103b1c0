#pragma once

#include "pkg/base/result.h"
#include "pkg/cli/environment.h"
#include "pkg/kubeconfig/config.h"

namespace coreflow::cli {

// The cluster that kubectl would take: the file of the choice, else those of $KUBECONFIG or ~/.kube/config, else, where
// none of them exists, the pod's own account. Reads files. kUnavailable with what to do where there is nothing.
Result<kubeconfig::Config> ChooseCluster(const Environment& environment, const ClusterChoice& choice);

}  // namespace coreflow::cli
