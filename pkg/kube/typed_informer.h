#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "pkg/kube/informer.h"

namespace coreflow::kube {

// What a TypedInformer calls; see InformerHandler. All must be set.
template <typename T>
struct TypedHandler {
  std::function<void(const ObjectKey&, const ObjectVersion&, std::shared_ptr<const T>)> on_upsert = {};
  std::function<void(const ObjectKey&, const ObjectVersion&)> on_delete = {};
  std::function<void()> on_synced = {};
  std::function<void(const ObjectKey&, const ObjectVersion&, const std::string& message)> on_undecodable = {};
};

// An Informer of objects of type T, which `decode` makes (a pure function; see InformerOptions.decode).
template <typename T>
class TypedInformer : private InformerHandler {
 public:
  using Decode = std::function<Result<T>(const json::Value&)>;

  TypedInformer(Loop& loop, Client& client, InformerOptions options, Decode decode, TypedHandler<T> handler)
      : handler_(std::move(handler)),
        informer_(loop, client, WithDecode(std::move(options), std::move(decode)), *this) {}

  void Start() { informer_.Start(); }
  const Informer& informer() const { return informer_; }
  Informer& informer() { return informer_; }

 private:
  static InformerOptions WithDecode(InformerOptions options, Decode decode) {
    options.decode = [decode = std::move(decode)](const json::Value& object) -> Result<std::shared_ptr<const void>> {
      TRY(T value, decode(object));
      return std::shared_ptr<const void>(std::make_shared<const T>(std::move(value)));
    };
    return options;
  }

  void OnUpsert(const ObjectKey& key, const ObjectVersion& version, std::shared_ptr<const void> object) override {
    handler_.on_upsert(key, version, std::static_pointer_cast<const T>(std::move(object)));
  }
  void OnDelete(const ObjectKey& key, const ObjectVersion& version) override { handler_.on_delete(key, version); }
  void OnSynced() override { handler_.on_synced(); }
  void OnUndecodable(const ObjectKey& key, const ObjectVersion& version, const std::string& message) override {
    handler_.on_undecodable(key, version, message);
  }

  TypedHandler<T> handler_;
  Informer informer_;
};

}  // namespace coreflow::kube
