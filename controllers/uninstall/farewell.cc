#include "controllers/uninstall/farewell.h"

#include <utility>

#include "pkg/kube/request.h"

namespace coreflow::uninstall {

Farewell::Farewell(Loop& loop, kube::Client& client, Options options)
    : loop_(loop), client_(client), options_(std::move(options)) {}

void Farewell::Start(std::function<void()> done) {
  release_ = std::make_unique<Uninstall>(
      loop_, client_,
      Uninstall::Options{
          .namespaces = {options_.ns}, .owner = options_.owner, .suspend = false, .patience = kPatience, .settle = {}});
  auto request = kube::Get(kube::kNamespaces, {.name = options_.ns});
  if (!request) return loop_.Post(std::move(done));
  client_.Send(*std::move(request),
               [release = std::weak_ptr<Uninstall>(release_), done = std::move(done)](const kube::Answer& answer) {
                 auto alive = release.lock();
                 if (!alive) return;
                 if (answer.body["status"]["phase"].StringOr("") != "Terminating") return done();
                 alive->Start([done](const Uninstall::Summary&) { done(); });
               },
               {.deadline = kPatience / 2, .max_retries = 1});
}

}  // namespace coreflow::uninstall
