#include "pkg/data/data_service.h"

#include <atomic>
#include <memory>
#include <utility>

#include "pkg/data/blob_request.h"
#include "pkg/http/connection_threads.h"
#include "pkg/http/sockets.h"
#include "pkg/http/tls_context.h"

namespace coreflow::data {

namespace {

class Service : public DataService {
 public:
  Service(Options options, std::optional<http::TlsContext> tls, store::Store& store, logging::Log log,
          files::Descriptor listener)
      : options_(std::move(options)),
        tls_(std::move(tls)),
        store_(store),
        log_(std::move(log)),
        port_(http::PortOf(listener)),
        readers_(options_.review ? std::make_unique<Readers>(options_.review) : nullptr),
        threads_(std::move(listener), {.most = options_.most_connections, .limit = options_.idle_limit},
                 [this](http::BlockingConnection& connection) { Serve(connection); }) {}
  ~Service() override { Stop(); }

  uint16_t port() const override { return port_; }
  void Stop() override { threads_.Stop(options_.stop_grace); }

 private:
  void Serve(http::BlockingConnection& connection) {
    connection.SetDeadline(std::chrono::steady_clock::now() + options_.head_limit);
    if (tls_) {
      if (auto secured = connection.SecureAsServer(*tls_); !secured) {
        return log_.Debug("no connection with a client", {{"error", secured.error().message}});
      }
    }
    const BlobTerms terms{.key = options_.key.Reveal(),
                          .most_bytes = options_.most_bytes,
                          .readers = readers_.get(),
                          .reading = reading_,
                          .most_readers = options_.most_readers};
    ServeBlobRequest(connection, terms, store_, log_);
  }

  const Options options_;
  const std::optional<http::TlsContext> tls_;
  store::Store& store_;
  const logging::Log log_;
  const uint16_t port_;
  const std::unique_ptr<Readers> readers_;  // null: there are none
  std::atomic<int> reading_ = 0;
  http::ConnectionThreads threads_;
};

}  // namespace

Result<std::unique_ptr<DataService>> DataService::Start(Options options, store::Store& store, logging::Log log) {
  std::optional<http::TlsContext> tls;
  if (options.identity) {
    TRY(tls, http::TlsContext::ForServer(options.identity->certificate, options.identity->key.Reveal()));
  }
  TRY(files::Descriptor listener, http::ListenOn(options.address, options.port));
  return std::unique_ptr<DataService>(
      std::make_unique<Service>(std::move(options), std::move(tls), store, std::move(log), std::move(listener)));
}

}  // namespace coreflow::data
