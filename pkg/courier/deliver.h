#pragma once

#include <string>

#include "pkg/artifact/courier_job.h"
#include "pkg/base/result.h"
#include "pkg/courier/blob_client.h"

namespace coreflow::courier {

// Gets an artifact and makes the file or the folder at `path` of it, in place of what may be there; any user may read
// and write it. Blobs are checked as they come, archives as archive::Extractor does. After an error there is nothing at
// the path, or a part.
//
// kUnavailable is the service's alone: another try may go well. A full disk is kInvalid, as are bad archives.
Result<void> Deliver(const BlobClient& client, const artifact::Parcel& parcel, const std::string& path);

// An empty folder at `path`, in place of what may be there, that any user may read and write.
Result<void> MakeEmptyFolder(const std::string& path);

}  // namespace coreflow::courier
