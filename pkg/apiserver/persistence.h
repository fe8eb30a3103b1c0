#pragma once

#include <memory>
#include <string>

#include "pkg/apiserver/store.h"
#include "pkg/base/result.h"

namespace coreflow::apiserver {

// Keeps a store in an SQLite file: what was written is there when the write returns, also after the process is killed
// at any moment; the last writes before a power failure may be lost, all from one moment on. History is not kept:
// watches from before a restart begin anew. On the store's thread; the store outlives it.
class Persistence {
 public:
  // Fills the store, which must be empty, with what the file has, and follows it from then on. The file is made if it
  // is not there; one process at a time may have it. kConflict when another has it, kInvalid when it is no such file,
  // is of a later version or can't be read.
  //
  // A write that the disk refuses later ends the program: going on would acknowledge what is not kept.
  static Result<std::unique_ptr<Persistence>> Open(const std::string& path, Store& store);

  ~Persistence();

 private:
  class Impl;
  explicit Persistence(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coreflow::apiserver
