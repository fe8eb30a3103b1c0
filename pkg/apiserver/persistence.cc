#include "pkg/apiserver/persistence.h"

#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

#include "pkg/apiserver/object.h"
#include "pkg/base/check.h"
#include "pkg/json/parse.h"

namespace coreflow::apiserver {

namespace {

// Raised with every change that older programs can't read.
constexpr int kFormat = 1;

class Statement {
 public:
  Statement(sqlite3* database, const char* text) {
    ok_ = sqlite3_prepare_v2(database, text, -1, &statement_, nullptr) == SQLITE_OK;
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  explicit operator bool() const { return ok_; }
  Statement& Text(int at, std::string_view text) {
    sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& Number(int at, uint64_t number) {
    sqlite3_bind_int64(statement_, at, static_cast<int64_t>(number));
    return *this;
  }
  int Step() { return sqlite3_step(statement_); }
  // Runs it and makes it ready for the next time.
  bool Run() {
    const bool done = sqlite3_step(statement_) == SQLITE_DONE;
    return sqlite3_reset(statement_) == SQLITE_OK && done;
  }
  std::string TextOf(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text ? text : "", static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }
  int64_t NumberOf(int column) const { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_ = nullptr;
  bool ok_ = false;
};

}  // namespace

class Persistence::Impl {
 public:
  explicit Impl(Store& store) : store_(store) {}
  ~Impl() {
    put_.reset();
    drop_.reset();
    version_.reset();
    sqlite3_close(database_);
  }

  Result<void> Open(const std::string& path) {
    path_ = path;
    if (sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) != SQLITE_OK) {
      return Trouble("open");
    }
    // The lock is held for good: the second who opens the file is told at once.
    for (const char* text : {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL",
                             "PRAGMA synchronous = NORMAL", "BEGIN IMMEDIATE", "COMMIT"}) {
      if (sqlite3_exec(database_, text, nullptr, nullptr, nullptr) != SQLITE_OK) return Trouble("open");
    }
    TRY_VOID(CheckFormat());
    TRY_VOID(Load());
    put_ = std::make_unique<Statement>(database_, "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)");
    drop_ = std::make_unique<Statement>(database_, "DELETE FROM objects WHERE resource = ? AND key = ?");
    version_ = std::make_unique<Statement>(database_, "UPDATE state SET version = ?");
    if (!*put_ || !*drop_ || !*version_) return Trouble("read");
    return {};
  }

  void Record(const Change& change) {
    const std::string resource = change.resource->Qualified();
    bool ok = sqlite3_exec(database_, "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK;
    if (change.after) {
      put_->Text(1, resource).Text(2, change.key).Number(3, change.rv).Text(4, change.after->Text());
      ok = ok && put_->Run();
    } else {
      drop_->Text(1, resource).Text(2, change.key);
      ok = ok && drop_->Run();
    }
    ok = ok && version_->Number(1, change.rv).Run();
    ok = ok && sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK;
    if (!ok) std::fprintf(stderr, "can't write to %s: %s\n", path_.c_str(), sqlite3_errmsg(database_));
    CHECK(ok, "what was acknowledged is kept");
  }

 private:
  Error Trouble(const char* doing) const {
    const int code = sqlite3_errcode(database_);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      return {.code = Code::kConflict, .message = path_ + " is in use by another process"};
    }
    return {.code = Code::kInvalid,
            .message = std::string("can't ") + doing + " " + path_ + ": " +
                       (database_ ? sqlite3_errmsg(database_) : "out of memory")};
  }

  Result<void> CheckFormat() {
    Statement ask(database_, "PRAGMA user_version");
    if (!ask || ask.Step() != SQLITE_ROW) return Trouble("read");
    const int64_t format = ask.NumberOf(0);
    if (format > kFormat) {
      return Error{.code = Code::kInvalid, .message = path_ + " was written by a later version of this program"};
    }
    if (format == kFormat) return {};
    Statement strangers(database_, "SELECT name FROM sqlite_schema");
    if (!strangers || strangers.Step() != SQLITE_DONE) {
      return Error{.code = Code::kInvalid, .message = path_ + " is a database of another program"};
    }
    const std::string make =
        "BEGIN; CREATE TABLE objects (resource TEXT, key TEXT, version INTEGER, body TEXT, PRIMARY KEY (resource, key)) "
        "WITHOUT ROWID; CREATE TABLE state (version INTEGER); INSERT INTO state VALUES (" +
        std::to_string(store_.Current()) + "); PRAGMA user_version = " + std::to_string(kFormat) + "; COMMIT";
    if (sqlite3_exec(database_, make.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return Trouble("make");
    return {};
  }

  Result<void> Load() {
    Statement state(database_, "SELECT version FROM state");
    if (!state || state.Step() != SQLITE_ROW) return Trouble("read");
    Statement objects(database_, "SELECT resource, key, version, body FROM objects");
    if (!objects) return Trouble("read");
    std::vector<Store::Kept> kept;
    int step = objects.Step();
    for (; step == SQLITE_ROW; step = objects.Step()) {
      const std::string resource = objects.TextOf(0);
      auto body = json::Parse(objects.TextOf(3));
      if (!body) return Error{.code = Code::kInvalid, .message = path_ + ": " + body.error().message};
      const Resource* known = FindKind((*body)["apiVersion"].StringOr(""), (*body)["kind"].StringOr(""));
      // What an older version had and this one has not stays in the file.
      if (!known || known->Qualified() != resource) continue;
      kept.push_back({known, objects.TextOf(1), *std::move(body), static_cast<uint64_t>(objects.NumberOf(2))});
    }
    if (step != SQLITE_DONE) return Trouble("read");
    store_.Restore(std::move(kept), static_cast<uint64_t>(state.NumberOf(0)));
    return {};
  }

  Store& store_;
  std::string path_;
  sqlite3* database_ = nullptr;
  std::unique_ptr<Statement> put_;
  std::unique_ptr<Statement> drop_;
  std::unique_ptr<Statement> version_;
};

Persistence::Persistence(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Persistence::~Persistence() = default;

Result<std::unique_ptr<Persistence>> Persistence::Open(const std::string& path, Store& store) {
  auto impl = std::make_unique<Impl>(store);
  TRY_VOID(impl->Open(path));
  auto persistence = std::unique_ptr<Persistence>(new Persistence(std::move(impl)));
  store.Keep([&impl = *persistence->impl_](const Change& change) { impl.Record(change); });
  return persistence;
}

}  // namespace coreflow::apiserver
