#pragma once

#include <memory>

#include "pkg/http/credentials.h"
#include "pkg/http/exchange.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// What differs between HTTP libraries: putting one request on a connection and reading its answer.
class Wire {
 public:
  virtual ~Wire() = default;

  enum class Kind { kWhole, kStream };

  // Sends the request, which is valid and complete with its credentials, on a connection that shows `certificate`, and
  // reports to the exchange: Head, Bytes, Close, in this order, or Close with an error. Returns without waiting, and
  // before the exchange hears of it. Thread-safe. Connections need no time limit but the exchange's end.
  virtual void Start(Request request, Kind kind, ClientCertificate certificate, std::shared_ptr<Exchange> exchange) = 0;
};

}  // namespace coreflow::http
