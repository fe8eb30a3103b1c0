#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "pkg/http/exchange.h"

namespace coreflow::http {

// Gathers the whole answer for Transport::Send; more than `max_body` bytes end it with kInvalid. Messages of errors
// begin with `what`, which says what was being done: "GET /api/v1/pods".
std::unique_ptr<Receiver> Whole(std::string what, size_t max_body, Transport::Completion done);

// Hands the pieces on for Transport::Stream.
std::unique_ptr<Receiver> Pieces(std::string what, std::shared_ptr<Sink> sink, Transport::StreamEnd end);

}  // namespace coreflow::http
