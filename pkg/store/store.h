#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/store/digest.h"

namespace coreflow::store {

// Gives the bytes of a blob in order: fills a part of the buffer and says how much; 0 is the end. An error ends the
// put.
using Source = std::function<Result<size_t>(std::span<char>)>;

// Takes the bytes of a blob in order. An error ends the read.
using Sink = std::function<Result<void>(std::string_view)>;

struct Blob {
  Digest digest = {};
  uint64_t size = 0;

  bool operator==(const Blob&) const = default;
};

// What the caller knows of a blob before it is put. With the digest, a blob that is there already is not read, and a
// big one that was cut short goes on where it was, if the store can do that.
struct Expected {
  std::optional<Digest> digest = {};
  std::optional<uint64_t> size = {};
};

struct ListedBlob {
  Blob blob = {};
  Duration age = {};  // since it was put last, by the store's own clock
};

struct EntryPage {
  std::vector<std::string> names = {};
  std::string next = {};  // names the next page; empty: this was the last one
};

// Blobs named by their SHA-256, and small entries with names of their own. Thread-safe, and several processes may use
// the same store. Calls block: they are for worker threads. Whatever the size of a blob, a call holds at most 64 MiB.
//
// Errors, beside those named below: kUnavailable when the store can't be reached for now; kTooMany when it is full;
// kUnauthorized and kForbidden when it does not let us in; kInvalid when it is not set up as it should be. They name
// the store, and never show a key.
class Store {
 public:
  virtual ~Store() = default;

  // Blobs. One is visible only when it is whole and safe from a crash.

  // Puts all that the source gives. kInvalid when that is not what was expected, and then nothing is put. A blob that
  // is there already is made young again, so that it outlives a sweep under way: a sweeper spares what is younger than
  // kSpared.
  virtual Result<Blob> PutBlob(const Source& source, const Expected& expected = {}) = 0;

  // The whole blob. kNotFound when there is none; kGone when what is stored is not what was put: the sink has to throw
  // away what it got, and the blob is of no use. The last piece may come before the error.
  virtual Result<void> ReadBlob(const Digest& digest, const Sink& sink) = 0;

  // `length` bytes from `offset`, or as many as there are. The digest can't be checked.
  virtual Result<void> ReadBlobRange(const Digest& digest, uint64_t offset, uint64_t length, const Sink& sink) = 0;

  // kNotFound when there is none.
  virtual Result<uint64_t> BlobSize(const Digest& digest) = 0;

  // How long ago it was put last, by the store's own clock. kNotFound when there is none.
  virtual Result<Duration> BlobAge(const Digest& digest) = 0;

  // Success, too, when there is none.
  virtual Result<void> DeleteBlob(const Digest& digest) = 0;

  // All blobs, in no order. What is put or deleted meanwhile may be left out. An error of `visit` ends the listing.
  virtual Result<void> ListBlobs(const std::function<Result<void>(const ListedBlob&)>& visit) = 0;

  // Entries: up to kMostEntryBytes under a name as CheckEntryName wants it. The store does not look into them.

  // kAlreadyExists when there is one; then it is unchanged. Of several at once, one wins, or all that put the same
  // bytes.
  virtual Result<void> PutEntryIfAbsent(const std::string& name, const std::string& value) = 0;
  // Replaces it as a whole: others see the old value or the new one.
  virtual Result<void> PutEntry(const std::string& name, const std::string& value) = 0;
  // kNotFound when there is none.
  virtual Result<std::string> GetEntry(const std::string& name) = 0;
  // Success, too, when there is none.
  virtual Result<void> DeleteEntry(const std::string& name) = 0;
  // Up to `limit` (1 to 1,000) names that begin with `prefix`, in an order of the store's own. `page` is the `next` of
  // the page before; empty: the first page. Names put or deleted meanwhile may be left out; none comes twice.
  virtual Result<EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) = 0;

  // Removes what cut-off puts left behind and that nothing has touched for that long.
  virtual Result<void> SweepLeftovers(Duration untouched_for) = 0;
};

inline constexpr size_t kMostEntryBytes = size_t{1} << 20;
inline constexpr size_t kMostEntriesOfPage = 1000;
inline constexpr Duration kSpared = std::chrono::hours(24);

}  // namespace coreflow::store
