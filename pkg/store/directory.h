#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/store/store.h"

namespace coreflow::store {

// A store in a folder of this machine, or of a volume that several machines mount (their clocks should agree to within
// minutes). Below it:
//
//   blobs/ab/abcd…           a blob, in the folder of its digest's first two digits
//   entries/NAMESPACE/KIND/  entries; meant for up to 100,000 of a kind, since each page of a listing reads all names
//   tmp/                     what is being put; SweepLeftovers() clears it
//
// Files have mode 0600, folders 0700. Needs a file system with atomic renames, which all that Kubernetes mounts are.
// Links below the folder are never followed, so whoever can write there can break the store but not lead it elsewhere.
// A put that was cut short starts from the beginning.
//
// The folder is made when it does not exist; the one above it has to. kInvalid when it is none, kForbidden when it may
// not be written to.
//
// `blob_bytes`: the most that blobs may take, whole or not yet, in blocks of 4 KiB; several processes may exceed it by
// a sixteenth each.
Result<std::unique_ptr<Store>> NewDirectoryStore(const std::string& path, std::optional<uint64_t> blob_bytes = {});

}  // namespace coreflow::store
