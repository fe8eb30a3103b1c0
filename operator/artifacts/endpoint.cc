#include "operator/artifacts/endpoint.h"

#include <fmt/format.h>

#include <utility>

#include "pkg/data/data_key.h"
#include "pkg/data/identity.h"

namespace coreflow::artifacts {

Result<Endpoint> StartEndpoint(const EndpointOptions& options, store::Store& store, const logging::Log& log) {
  engine::CourierSetup setup{.image = options.image, .url = options.url};
  if (!options.command.empty()) setup.command = options.command;
  TRY(setup.key, data::LoadOrMakeKey(store));
  data::DataService::Options listen{
      .address = options.address, .port = options.port, .key = setup.key, .review = options.review};
  if (!options.url.empty()) {
    TRY(listen.identity, data::LoadOrMakeIdentity(store));
    setup.certificate = listen.identity->fingerprint;
  }
  Endpoint endpoint;
  TRY(endpoint.service, data::DataService::Start(std::move(listen), store, log));
  if (setup.url.empty()) setup.url = fmt::format("http://{}:{}", options.address, endpoint.service->port());
  endpoint.setup = std::make_shared<const engine::CourierSetup>(std::move(setup));
  return endpoint;
}

}  // namespace coreflow::artifacts
