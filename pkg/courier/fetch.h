#pragma once

#include <functional>
#include <string>

#include "pkg/artifact/courier_job.h"
#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/courier/patience.h"

namespace coreflow::courier {

struct FetchOptions {
  std::string volume = artifact::kVolumePath;
  std::string executor = {};                     // the file of coreflow-exec; only needed for jobs with outputs
  Duration patience = std::chrono::minutes(10);  // with a service that can't be reached
  Patience::Sleep sleep = {};
  std::function<void(const std::string&)> report = {};  // told why there is to be another try
};

// Makes the volume ready for the step: its inputs, and where there are outputs the executor and the folder for the
// courier's socket. What an earlier try left is replaced. An optional input that is not there leaves nothing; an empty
// list is an empty folder. The error's message begins with what it is about: "input model: …".
Result<void> Fetch(const artifact::CourierJob& job, const FetchOptions& options);

}  // namespace coreflow::courier
