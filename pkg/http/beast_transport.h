#pragma once

#include <memory>

#include "pkg/base/result.h"
#include "pkg/http/options.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// A Transport on Boost.Beast: HTTP/1.1, one connection for each request in flight, kept alive between requests, all of
// them on one thread of the transport, which also runs completions and sinks: one that is slow slows all. kInvalid when
// the options make no sense (bad URL, unreadable PEM, a proxy that is not plain HTTP).
//
//  - every address of a name is tried, in the order of the resolver;
//  - a request on a kept-alive connection that the server closes without an answer is sent again, once and on a new
//    connection, if its method does the same again (GET, PUT, DELETE) or nothing of it was sent; else it is
//    kUnavailable;
//  - a name that the resolver is still looking for holds the destructor up.
//
// Destroying the transport cancels what is under way (kCancelled) and returns when no completion or sink runs any more.
// It must not happen inside a completion or a sink.
Result<std::unique_ptr<Transport>> NewBeastTransport(const Options& options);

}  // namespace coreflow::http
