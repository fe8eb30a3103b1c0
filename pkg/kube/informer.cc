#include "pkg/kube/informer.h"

#include <algorithm>
#include <utility>

#include "pkg/base/check.h"
#include "pkg/base/overloaded.h"
#include "pkg/base/resource_version.h"
#include "pkg/json/line_sink.h"
#include "pkg/kube/backoff.h"
#include "pkg/kube/list_watch.h"
#include "pkg/kube/version_table.h"
#include "pkg/kube/watch_decoder.h"

namespace coreflow::kube {
namespace {

constexpr int kLeastWatchSeconds = 300;
constexpr Duration kAtOnce = std::chrono::seconds(1);

// Decodes a watch on the transport's thread and hands the frames of each piece on together.
class FrameSink : public http::Sink, public json::LineSink {
 public:
  using Take = std::function<void(std::vector<DecodedFrame>)>;

  FrameSink(const json::Shape& shape, DecodeObject decode, Take take)
      : decode_(std::move(decode)), take_(std::move(take)), decoder_(shape) {}

  void OnHeaders(const http::Response&) override {}
  void OnBytes(std::string_view bytes) override {
    std::vector<DecodedFrame> frames;
    for (WatchFrame& frame : decoder_.Feed(bytes)) frames.push_back(DecodeFrame(std::move(frame), decode_));
    if (!frames.empty()) take_(std::move(frames));
  }
  void OnLines(const std::vector<json::Value>& lines) override {
    std::vector<DecodedFrame> frames;
    frames.reserve(lines.size());
    for (const json::Value& line : lines) frames.push_back(DecodeFrame(decoder_.FrameOf(line), decode_));
    take_(std::move(frames));
  }

 private:
  const DecodeObject decode_;
  const Take take_;
  WatchDecoder decoder_;
};

}  // namespace

// Sends what list_watch decides, and tells the handler what comes back. The handler may destroy the informer in any
// call: handler_ is null from then on, and every path looks before it goes on.
class Informer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Loop& loop, Client& client, InformerOptions options, InformerHandler& handler)
      : loop_(loop), client_(client), options_(std::move(options)), handler_(&handler) {}

  void Step(const list_watch::Input& input);
  void Stop();

  bool synced() const { return synced_; }
  const std::string& told() const { return told_; }
  size_t size() const { return table_.size(); }
  const InformerCounts& counts() const { return counts_; }

 private:
  void SendList(const list_watch::SendList& list);
  void EndList();
  void SendWatch(const std::string& resource_version);
  void Wait(Duration at_least);

  void OnListFailed(const ApiError& error);
  void OnPage(const DecodedPage& page);
  void OnFrames(uint64_t turn, const std::vector<DecodedFrame>& frames);
  void OnFrame(const DecodedFrame& frame);
  void OnWatchEnd(std::optional<ApiError> error);

  void Upsert(const DecodedObject& object);
  void Delete(const ObjectKey& key, const ObjectVersion& version);
  void Report(const ApiError& error) const;

  Loop& loop_;
  Client& client_;
  const InformerOptions options_;
  InformerHandler* handler_;

  list_watch::State state_;
  uint64_t turn_ = 0;          // counts what was sent and awaited; answers of an earlier turn are not taken
  Client::Ticket ticket_ = 0;  // of this turn's request
  Duration watch_began_{};
  bool watch_silent_ = true;

  VersionTable table_;
  Backoff backoff_;
  std::string told_;
  bool synced_ = false;
  InformerCounts counts_;
};

void Informer::Impl::Step(const list_watch::Input& input) {
  if (handler_ == nullptr) return;
  bool was_watching = std::holds_alternative<list_watch::Watching>(state_);
  list_watch::Step step = list_watch::Next(std::move(state_), input);
  state_ = std::move(step.state);
  if (was_watching && !(step.outputs.empty() && std::holds_alternative<list_watch::Watching>(state_))) {
    client_.Cancel(std::exchange(ticket_, 0));
    ++turn_;
  }
  for (const list_watch::Output& output : step.outputs) {
    std::visit(overloaded{
                   [&](const list_watch::SendList& list) { SendList(list); },
                   [&](const list_watch::EndList&) { EndList(); },
                   [&](const list_watch::SendWatch& watch) { SendWatch(watch.resource_version); },
                   [&](const list_watch::Wait& wait) { Wait(wait.at_least); },
               },
               output);
    if (handler_ == nullptr) return;
  }
}

void Informer::Impl::Stop() {
  handler_ = nullptr;
  ++turn_;
  client_.Cancel(std::exchange(ticket_, 0));
}

void Informer::Impl::SendList(const list_watch::SendList& list) {
  if (list.continue_token.empty()) {
    table_.BeginList();
    ++counts_.lists;
  }
  auto request = List(options_.resource, options_.selection,
                      {.limit = list.whole ? 0 : options_.page_size,
                       .continue_token = list.continue_token,
                       .metadata_only = options_.metadata_only});
  if (!request) {  // the selection is wrong: said as often as a server would
    loop_.Post([weak = weak_from_this(), turn = ++turn_, error = ErrorWithoutAnswer(request.error())] {
      auto self = weak.lock();
      if (self && self->turn_ == turn) self->OnListFailed(error);
    });
    return;
  }
  auto done = [weak = weak_from_this(), turn = ++turn_](Answer answer) {
    auto self = weak.lock();
    if (!self || self->turn_ != turn) return;
    if (!answer.ok()) return self->OnListFailed(*answer.error);
    self->OnPage(*std::static_pointer_cast<const DecodedPage>(answer.decoded));
  };
  auto decode = [shape = options_.shape,
                 decode = options_.decode](std::string_view text) -> Result<std::shared_ptr<const void>> {
    TRY(DecodedPage page, DecodePage(text, shape, decode));
    return std::shared_ptr<const void>(std::make_shared<const DecodedPage>(std::move(page)));
  };
  // No retries: list_watch has its own.
  ticket_ =
      client_.Send(*std::move(request), done, {.deadline = options_.list_deadline, .max_retries = 0, .decode = decode});
}

void Informer::Impl::OnListFailed(const ApiError& error) {
  Report(error);
  Step(list_watch::ListFailed{error});
}

void Informer::Impl::OnPage(const DecodedPage& page) {
  for (const DecodedObject& item : page.items) {
    Upsert(item);
    if (handler_ == nullptr) return;
  }
  if (page.continue_token.empty()) told_ = page.resource_version;
  Step(list_watch::PageCame{page.resource_version, page.continue_token});
}

void Informer::Impl::EndList() {
  for (const auto& [key, version] : table_.EndList()) {
    handler_->OnDelete(key, version);
    if (handler_ == nullptr) return;
  }
  if (!std::exchange(synced_, true)) handler_->OnSynced();
  if (handler_ != nullptr && options_.on_listed) options_.on_listed();
}

void Informer::Impl::SendWatch(const std::string& resource_version) {
  int spread = static_cast<int>(options_.random() * kLeastWatchSeconds);
  auto request = Watch(options_.resource, options_.selection,
                       {.resource_version = resource_version,
                        .timeout_seconds = kLeastWatchSeconds + spread,
                        .metadata_only = options_.metadata_only});
  CHECK(request.has_value(), "a selection that could be listed can be watched");
  ++counts_.watches;
  watch_began_ = loop_.Monotonic();
  watch_silent_ = true;
  uint64_t turn = ++turn_;
  auto take = [&loop = loop_, weak = weak_from_this(), turn](std::vector<DecodedFrame> frames) {
    loop.Post([weak, turn, frames = std::move(frames)] {
      if (auto self = weak.lock()) self->OnFrames(turn, frames);
    });
  };
  ticket_ = client_.Stream(*std::move(request), options_.idle,
                           std::make_shared<FrameSink>(options_.shape, options_.decode, take),
                           [weak = weak_from_this(), turn](std::optional<ApiError> error) {
                             auto self = weak.lock();
                             if (self && self->turn_ == turn) self->OnWatchEnd(std::move(error));
                           });
}

void Informer::Impl::OnFrames(uint64_t turn, const std::vector<DecodedFrame>& frames) {
  for (const DecodedFrame& frame : frames) {
    if (turn_ != turn) return;  // the watch has ended, or the informer is gone
    OnFrame(frame);
  }
}

void Informer::Impl::OnFrame(const DecodedFrame& frame) {
  const ObjectVersion& version = frame.object.version;
  if (frame.type == FrameType::kUnknown) {
    ++counts_.frames_unknown;
    return;
  }
  if (frame.type == FrameType::kError) return OnWatchEnd(ErrorOfStatus(frame.status, 500));
  if (IsOlderVersion(version.resource_version, list_watch::VersionOf(state_))) {
    ++counts_.frames_backwards;
    return;
  }
  watch_silent_ = false;
  ++counts_.frames;
  uint64_t turn = turn_;
  if (frame.type == FrameType::kDeleted) Delete(frame.object.key, version);
  if (frame.type == FrameType::kAdded || frame.type == FrameType::kModified) Upsert(frame.object);
  if (turn_ != turn || version.resource_version.empty()) return;
  told_ = version.resource_version;
  Step(list_watch::VersionSeen{version.resource_version});
}

void Informer::Impl::OnWatchEnd(std::optional<ApiError> error) {
  if (error) Report(*error);
  bool at_once = watch_silent_ && loop_.Monotonic() - watch_began_ < kAtOnce;
  Step(list_watch::WatchEnded{.error = std::move(error), .at_once = at_once});
}

void Informer::Impl::Wait(Duration at_least) {
  Duration delay = std::max(at_least, backoff_.Next(loop_.Monotonic(), options_.random()));
  loop_.After(delay, [weak = weak_from_this(), turn = ++turn_] {
    auto self = weak.lock();
    if (self && self->turn_ == turn) self->Step(list_watch::Due{});
  });
}

void Informer::Impl::Upsert(const DecodedObject& object) {
  if (object.key.name.empty()) {
    ++counts_.undecodable;
    return handler_->OnUndecodable(object.key, object.version, object.trouble);
  }
  VersionTable::Change change = table_.Upsert(object.key, object.version);
  if (change.gone) {
    handler_->OnDelete(object.key, *change.gone);
    if (handler_ == nullptr) return;
  }
  if (!change.news) return;
  if (object.trouble.empty()) return handler_->OnUpsert(object.key, object.version, object.object);
  ++counts_.undecodable;
  handler_->OnUndecodable(object.key, object.version, object.trouble);
}

void Informer::Impl::Delete(const ObjectKey& key, const ObjectVersion& version) {
  auto known = table_.Erase(key);
  if (!known) return;
  // Another uid than the one we knew: that one's deletion, and the creation of this one, were missed.
  handler_->OnDelete(key, {.uid = known->uid, .resource_version = version.resource_version});
}

void Informer::Impl::Report(const ApiError& error) const {
  if (options_.on_trouble) options_.on_trouble(error);
}

Informer::Informer(Loop& loop, Client& client, InformerOptions options, InformerHandler& handler)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options), handler)) {}

Informer::~Informer() { impl_->Stop(); }

void Informer::Start() { impl_->Step(list_watch::Due{}); }

void Informer::Relist() { impl_->Step(list_watch::RelistWanted{}); }

bool Informer::synced() const { return impl_->synced(); }

const std::string& Informer::resource_version() const { return impl_->told(); }

size_t Informer::size() const { return impl_->size(); }

const InformerCounts& Informer::counts() const { return impl_->counts(); }

}  // namespace coreflow::kube
