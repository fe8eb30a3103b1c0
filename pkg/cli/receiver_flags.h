#pragma once

#include <string>
#include <vector>

#include "pkg/cli/command.h"
#include "pkg/outbox/receiver.h"

namespace coreflow::cli {

// The flags about who is told of runs, of commands that start a control plane on this machine; the operator's own.
std::vector<Flag> ReceiverFlags();

// Who is sent spans, and who events; nobody where no flag says so.
outbox::Receiver SpanReceiver(const Arguments& arguments);
outbox::Receiver EventReceiver(const Arguments& arguments);

// What is wrong with the flags, or empty.
std::string WrongReceiverFlags(const Arguments& arguments);

}  // namespace coreflow::cli
