#pragma once

#include <memory>

#include "pkg/base/result.h"
#include "pkg/http/options.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// A Transport on cpprestsdk: HTTP/1.1, one connection for each request in flight, kept alive between requests. Make
// few and keep them for the life of the process. kInvalid when the options make no sense (bad URL, unreadable PEM).
//
// The first call fixes cpprestsdk's pool at two threads and switches OpenSSL's default trust off for the process (see
// default_trust.h): call it before other threads read the environment.
//
// Limits of the library that callers meet:
//  - a request on a kept-alive connection that the server closes without an answer is sent again, whatever its method:
//    creates must be idempotent;
//  - a host that is an IPv6 literal is refused with kInvalid: give a name;
//  - one address of a name is tried; trying again is the caller's business.
//
// Destroying the transport cancels what is under way (kCancelled) and returns when no completion or sink runs any more.
// It must not happen inside a completion or a sink.
Result<std::unique_ptr<Transport>> NewCpprestTransport(Options options);

}  // namespace coreflow::http
