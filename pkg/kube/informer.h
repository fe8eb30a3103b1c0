#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"
#include "pkg/kube/decoded_object.h"
#include "pkg/kube/object_key.h"

namespace coreflow::kube {

// Takes what an informer sees, on the loop's thread. What the calls say together is always a state the server was in,
// per object; an object that is deleted and made again under its name is a delete of the old uid, then an upsert.
class InformerHandler {
 public:
  virtual ~InformerHandler() = default;

  // The object is there, new or changed. Not called again for a version already told.
  virtual void OnUpsert(const ObjectKey& key, const ObjectVersion& version, std::shared_ptr<const void> object) = 0;

  // The object is gone, or does not match the selectors any more. `version` is that of the deletion, or the last one
  // known when a list showed that it is missing.
  virtual void OnDelete(const ObjectKey& key, const ObjectVersion& version) = 0;

  // Everything that was there at the first list has been told. Once, for the life of the informer.
  virtual void OnSynced() = 0;

  // The object is there, but can't be read; OnDelete follows when it goes. Fields that could not be made out are
  // empty.
  virtual void OnUndecodable(const ObjectKey& key, const ObjectVersion& version, const std::string& message) = 0;
};

struct InformerOptions {
  Resource resource = {};
  Selection selection = {};
  bool metadata_only = false;

  // What of each object `decode` looks at; a shape that names members may come with others all the same. Keeps
  // metadata.name, namespace, uid and resourceVersion.
  json::Shape shape = kObjectShape;

  // Runs on the transport's threads. Items of a list may lack apiVersion and kind.
  DecodeObject decode = {};

  // Uniform in [0, 1). Called on the loop's thread.
  std::function<double()> random = {};

  int page_size = 500;
  Duration idle = std::chrono::seconds(150);          // longest silence of a watch; bookmarks come every minute
  Duration list_deadline = std::chrono::seconds(60);  // for one page

  // Called when everything of a list has been told, the first and every later one.
  std::function<void()> on_listed = {};

  // Called when a list or watch ended in error; the informer goes on by itself. For logs.
  std::function<void(const ApiError& error)> on_trouble = {};
};

// For metrics; each counts from the informer's start.
struct InformerCounts {
  uint64_t lists = 0;             // begun
  uint64_t watches = 0;           // begun
  uint64_t frames = 0;            // taken
  uint64_t frames_backwards = 0;  // dropped: older than what the same watch had shown
  uint64_t frames_unknown = 0;    // skipped: of a type we do not know
  uint64_t undecodable = 0;
};

// Keeps a handler up to date with the objects of one resource: lists, then watches, for ever. It keeps the version of
// each object, not the objects. Everything on the loop's thread; client, loop and handler outlive it.
class Informer {
 public:
  Informer(Loop& loop, Client& client, InformerOptions options, InformerHandler& handler);
  // Ends the watch. The handler is not called any more.
  ~Informer();
  Informer(const Informer&) = delete;
  Informer& operator=(const Informer&) = delete;

  // Begins. Once. To start informers in order, start each in the OnSynced of the one before.
  void Start();

  // Drops the watch and lists again, as after a 410: for audits.
  void Relist();

  bool synced() const;
  // Everything up to this resourceVersion has been told; bookmarks move it too. Empty before the first list is
  // complete.
  const std::string& resource_version() const;
  size_t size() const;
  const InformerCounts& counts() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::kube
