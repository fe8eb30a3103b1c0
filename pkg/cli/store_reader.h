#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "pkg/artifact/artifact.h"
#include "pkg/base/result.h"
#include "pkg/base/secret.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// Reads what the store keeps of a namespace, through the API server's proxy and CoreFlow's data service (see
// pkg/artifact/reading.h). The session outlives it.
class StoreReader {
 public:
  // Takes the next bytes, on a thread of the transport or on the loop's, never two at once. An error ends the read.
  using Take = std::function<Result<void>(std::string_view bytes)>;

  // Learns what the data service of CoreFlow in `operator_ns` wants, and gets a token for it if it has to: that makes
  // the account artifact::kReaderAccount in `ns` where it is missing, and says so on stderr. kNotFound when there is no
  // data service; kForbidden says which right is missing, or that nobody may read there.
  static Result<StoreReader> Open(Session& session, const std::string& ns, const std::string& operator_ns);

  // Hands the bytes over as they come and holds them against their digest. kGone when they are others; then `take` has
  // got what is of no use, as after any other error. kUnavailable when they are cut off, kCancelled after Ctrl-C.
  Result<void> Read(const artifact::Artifact& blob, const Take& take) const;

 private:
  StoreReader(Session& session, std::string ns, std::string operator_ns)
      : session_(&session), ns_(std::move(ns)), operator_ns_(std::move(operator_ns)) {}

  Session* session_;
  std::string ns_;
  std::string operator_ns_;
  Secret<std::string> token_;  // empty: none is wanted
};

}  // namespace coreflow::cli
