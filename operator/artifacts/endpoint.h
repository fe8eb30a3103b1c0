#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/data/data_service.h"
#include "pkg/engine/courier_setup.h"
#include "pkg/logging/log.h"
#include "pkg/store/store.h"

namespace coreflow::artifacts {

// Where pods bring and get artifacts.
struct EndpointOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;                      // 0: any free one
  std::string url = {};                   // how pods reach it, "https://…"; empty: without TLS at address and port
  std::string image = {};                 // of couriers
  std::vector<std::string> command = {};  // of couriers; empty: as it is in CoreFlow's image
  data::ReviewToken review = {};          // of people's tokens; empty: only couriers read
};

struct Endpoint {
  std::unique_ptr<data::DataService> service = {};
  std::shared_ptr<const engine::CourierSetup> setup = {};
};

// Listens when it returns. Keys come from the store, which outlives it, so that all that use the store are one
// endpoint. The errors of DataService::Start and of the store.
Result<Endpoint> StartEndpoint(const EndpointOptions& options, store::Store& store, const logging::Log& log);

}  // namespace coreflow::artifacts
