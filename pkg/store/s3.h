#pragma once

#include <functional>
#include <memory>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/http/transport.h"
#include "pkg/store/s3_options.h"
#include "pkg/store/store.h"

namespace coreflow::store {

// What the world is to a client of S3; for tests.
struct S3World {
  std::function<Time()> now;            // the wall clock
  std::function<void(Duration)> pause;  // before a request is sent again

  static S3World Real();
};

// A store in a bucket of S3, or of a server that speaks its protocol (and, for PutEntryIfAbsent, knows If-None-Match on
// PutObject: AWS, Ceph, MinIO and SeaweedFS do). Below the prefix: blobs/DIGEST, entries/NAME, and uploads/ for big
// blobs whose digest is not known beforehand, which S3 itself then copies to their place.
//
//  - A blob over 8 MiB goes up in parts of that size, two at a time, and has at most 10,000 of them (78 GiB). With the
//    digest expected, a put that was cut short leaves its parts to the next one, which sends the others only.
//  - A blob comes down in ranges, so that a slow sink holds no connection, and a cut one costs a range.
//  - A request that is answered with 429 or 5xx, or not at all, is sent up to six times within about 15 seconds.
//  - Of a bucket that keeps versions, only the newest are seen.
//
// kInvalid when the options make no sense; whether the server is there and lets us in, the first call tells.
Result<std::unique_ptr<Store>> NewS3Store(const S3Options& options);

// The same over a transport to S3Origin(options).
Result<std::unique_ptr<Store>> NewS3Store(const S3Options& options, std::unique_ptr<http::Transport> transport,
                                          S3World world);

}  // namespace coreflow::store
