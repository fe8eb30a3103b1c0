#pragma once

#include <functional>

namespace coreflow::http {

// cpprestsdk's threads: one pool for the whole process, on which everything runs that its clients do.

// Gives the pool its size. To be called before the library is used; more calls do nothing. Thread-safe.
void FixCpprestPool();

// Runs `work` soon, on a thread of the pool, while all others of them stand still; after two seconds in which they
// never all did, it runs elsewhere. For what must not meet a handler: the library closes a socket under a lock which a
// handler that reads on (Asio's composed reads) doesn't take, and crashes. Thread-safe; never runs `work` at once.
void RunAloneInCpprestPool(std::function<void()> work);

}  // namespace coreflow::http
