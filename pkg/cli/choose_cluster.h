#pragma once

#include "pkg/base/result.h"
#include "pkg/cli/environment.h"
#include "pkg/kubeconfig/config.h"

namespace coreflow::cli {

// The cluster that kubectl would take: the file of the choice, else those of $KUBECONFIG or ~/.kube/config, else, where
// none of them exists, the pod's own account. Reads files. kUnavailable with what to do where there is nothing.
//
// What `coreflow dev` runs counts too: by the name of its context, and where nothing else is configured.
Result<kubeconfig::Config> ChooseCluster(const Environment& environment, const ClusterChoice& choice);

// Where `coreflow dev` keeps its state unless told otherwise.
std::string DevFolder(const Environment& environment);

}  // namespace coreflow::cli
