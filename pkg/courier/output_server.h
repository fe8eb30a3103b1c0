#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pkg/artifact/courier_job.h"
#include "pkg/base/result.h"

namespace coreflow::courier {

// Takes artifacts from coreflow-exec at a socket and puts them into the store by way of the data service. One
// connection is one artifact, up to 16 at once; each holds less than 8 MiB.
//
//   exec:     PUT <name> <archive>\n, then frames (see frames.h): the file, or its folder as a tar archive
//   courier:  OK <64 hexadecimal digits> <bytes>\n      stored; of what is stored, which for TarZstd is compressed
//             AGAIN <message>\n                         the store can't be reached for now: begin anew later
//             ERROR <message>\n                         it won't get better
//
// The courier may say AGAIN and ERROR at any time. A connection that ends before its last frame stores
// nothing. Equal contents are stored as equal bytes.
class OutputServer {
 public:
  // Hears what was not stored, and why. Thread-safe; empty: nobody does.
  using Report = std::function<void(const std::string& why)>;

  // Listens at `path` when it returns, in place of what may be there. kInvalid when the job's service is none; errors
  // of the socket are passed on.
  static Result<std::unique_ptr<OutputServer>> Start(const artifact::CourierJob& job, const std::string& path,
                                                     Report report = {});

  // Cuts what is under way and waits for it.
  virtual ~OutputServer() = default;
};

}  // namespace coreflow::courier
