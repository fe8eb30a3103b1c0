#include "pkg/store/observed_store.h"

#include <type_traits>
#include <utility>

namespace coreflow::store {

namespace {

class ObservedStore final : public Store {
 public:
  ObservedStore(Store& under, Tell tell) : under_(under), tell_(std::move(tell)) {}

  Result<Blob> PutBlob(const Source& source, const Expected& expected) override {
    bool theirs = false;
    const Source heard = [&](std::span<char> buffer) {
      auto read = source(buffer);
      theirs = theirs || !read;
      return read;
    };
    return Told(
        Operation::kPutBlob, [&] { return under_.PutBlob(heard, expected); }, &theirs);
  }
  Result<void> ReadBlob(const Digest& digest, const Sink& sink) override {
    bool theirs = false;
    const Sink heard = Heard(sink, theirs);
    return Told(
        Operation::kReadBlob, [&] { return under_.ReadBlob(digest, heard); }, &theirs);
  }
  Result<void> ReadBlobRange(const Digest& digest, uint64_t offset, uint64_t length, const Sink& sink) override {
    bool theirs = false;
    const Sink heard = Heard(sink, theirs);
    return Told(
        Operation::kReadBlob, [&] { return under_.ReadBlobRange(digest, offset, length, heard); }, &theirs);
  }
  Result<uint64_t> BlobSize(const Digest& digest) override {
    return Told(Operation::kReadBlob, [&] { return under_.BlobSize(digest); });
  }
  Result<Duration> BlobAge(const Digest& digest) override {
    return Told(Operation::kReadBlob, [&] { return under_.BlobAge(digest); });
  }
  Result<void> DeleteBlob(const Digest& digest) override {
    return Told(Operation::kDelete, [&] { return under_.DeleteBlob(digest); });
  }
  Result<void> ListBlobs(const std::function<Result<void>(const ListedBlob&)>& visit) override {
    return Told(Operation::kList, [&] { return under_.ListBlobs(visit); });
  }
  Result<void> PutEntryIfAbsent(const std::string& name, const std::string& value) override {
    return Told(Operation::kPutEntry, [&] { return under_.PutEntryIfAbsent(name, value); });
  }
  Result<void> PutEntry(const std::string& name, const std::string& value) override {
    return Told(Operation::kPutEntry, [&] { return under_.PutEntry(name, value); });
  }
  Result<std::string> GetEntry(const std::string& name) override {
    return Told(Operation::kGetEntry, [&] { return under_.GetEntry(name); });
  }
  Result<void> DeleteEntry(const std::string& name) override {
    return Told(Operation::kDelete, [&] { return under_.DeleteEntry(name); });
  }
  Result<EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) override {
    return Told(Operation::kList, [&] { return under_.ListEntries(prefix, limit, page); });
  }
  Result<void> SweepLeftovers(Duration untouched_for) override {
    return Told(Operation::kDelete, [&] { return under_.SweepLeftovers(untouched_for); });
  }

 private:
  static Sink Heard(const Sink& sink, bool& theirs) {
    return [&](std::string_view piece) {
      auto taken = sink(piece);
      theirs = theirs || !taken;
      return taken;
    };
  }

  template <typename Call>
  std::invoke_result_t<Call> Told(Operation operation, const Call& call, const bool* theirs = nullptr) {
    auto result = call();
    const Error cancelled{.code = Code::kCancelled, .message = "the caller gave up"};
    tell_(operation, result ? nullptr : theirs && *theirs ? &cancelled : &result.error());
    return result;
  }

  Store& under_;
  const Tell tell_;
};

}  // namespace

const char* OperationName(Operation operation) {
  switch (operation) {
    case Operation::kPutBlob: return "PutBlob";
    case Operation::kReadBlob: return "ReadBlob";
    case Operation::kPutEntry: return "PutEntry";
    case Operation::kGetEntry: return "GetEntry";
    case Operation::kDelete: return "Delete";
    case Operation::kList: return "List";
  }
  return "?";
}

std::unique_ptr<Store> Observe(Store& under, Tell tell) {
  return std::make_unique<ObservedStore>(under, std::move(tell));
}

}  // namespace coreflow::store
