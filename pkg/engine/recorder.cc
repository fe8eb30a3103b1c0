#include "pkg/engine/recorder.h"

#include <algorithm>
#include <set>
#include <utility>

#include "pkg/engine/names.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

// A record stays under 256 KiB; a single item has at most some 5 KiB.
constexpr size_t kMaxBytes = size_t{128} << 10;
constexpr size_t kMaxItems = 500;
constexpr Duration kMaxAge = std::chrono::seconds(5);
constexpr int32_t kFormat = 1;

using StoredUnder = std::pair<std::string, int64_t>;

// Of an item as it is recorded: its step and its index.
StoredUnder PlaceOf(const json::Value& item) { return {item["step"].StringOr(""), item["index"].IntOr(-1)}; }

std::optional<Time> TimeOf(const json::Value& value) {
  return value.IsString() ? ParseTime(value.AsString()) : std::nullopt;
}

}  // namespace

json::Value ToRecordItem(const std::string& step, std::optional<int32_t> index, const ItemResult& result) {
  json::Object item{{"step", step}, {"state", StateName(result.state)}, {"reason", api::Token(result.reason)}};
  if (index) item["index"] = *index;
  if (!result.message.empty()) item["message"] = result.message;
  if (result.attempts > 0) item["attempts"] = result.attempts;
  if (result.exit_code) item["exitCode"] = *result.exit_code;
  const bool large = result.artifacts.contains(artifact::kOutputsArtifact);
  if (!result.outputs.empty() && !large) item["outputs"] = result.outputs;
  if (!result.artifacts.empty()) item["artifacts"] = artifact::ToJson(result.artifacts);
  if (result.usage) item["usage"] = artifact::ToJson(*result.usage);
  if (result.start_time) item["startTime"] = FormatTime(*result.start_time);
  if (result.completion_time) item["completionTime"] = FormatTime(*result.completion_time);
  if (!result.pod_name.empty()) item["podName"] = result.pod_name;
  if (!result.node_name.empty()) item["nodeName"] = result.node_name;
  if (result.cache) item["cache"] = ToJson(*result.cache);
  return item;
}

std::optional<RecordItem> FromRecordItem(const json::Value& item) {
  auto state = ParseEndState(item["state"].StringOr(""));
  if (!state || !item["step"].IsString()) return std::nullopt;
  RecordItem out{.step = item["step"].AsString(), .index = {}, .result = {.state = *state}};
  if (item["index"].IsInt()) {
    if (item["index"].AsInt() < 0 || item["index"].AsInt() > 1'000'000) return std::nullopt;
    out.index = static_cast<int32_t>(item["index"].AsInt());
  }
  out.result.reason = api::ParseReason(item["reason"].StringOr("")).value_or(api::Reason::kInternalError);
  out.result.message = item["message"].StringOr("");
  out.result.attempts = static_cast<int32_t>(std::clamp<int64_t>(item["attempts"].IntOr(0), 0, 1 << 30));
  if (item["exitCode"].IsInt()) out.result.exit_code = static_cast<int32_t>(item["exitCode"].AsInt());
  out.result.outputs = item["outputs"].Members();
  out.result.artifacts = artifact::ReadArtifacts(item["artifacts"]);
  out.result.usage = artifact::ReadUsage(item["usage"]);
  out.result.start_time = TimeOf(item["startTime"]);
  out.result.completion_time = TimeOf(item["completionTime"]);
  out.result.pod_name = item["podName"].StringOr("");
  out.result.node_name = item["nodeName"].StringOr("");
  out.result.cache = ReadCacheVerdict(item["cache"]);
  return out;
}

bool EndedAsAWhole(const RecordItem& item, const graph::Step& step) {
  return !item.index && (step.HasItems() || (item.result.attempts == 0 && !item.result.cache));
}

std::set<std::string> LargeOutputsIn(const std::map<int32_t, json::Value>& records) {
  std::set<std::string> digests;
  for (const auto& [index, body] : records) {
    for (const json::Value& item : body["results"].Elements()) {
      const artifact::Artifacts artifacts = artifact::ReadArtifacts(item["artifacts"]);
      const auto large = artifacts.find(artifact::kOutputsArtifact);
      if (large != artifacts.end()) digests.insert(large->second.digest);
    }
  }
  return digests;
}

Recorder::Recorder(std::string object_name, std::string uid, int32_t run)
    : object_name_(std::move(object_name)), uid_(std::move(uid)), run_(run) {}

void Recorder::Add(const std::string& step, std::optional<int32_t> index, const ItemResult& result,
                   std::vector<HeldPod> pods, Time now) {
  Entry entry{.item = ToRecordItem(step, index, result), .bytes = 0, .pods = std::move(pods), .since = now};
  entry.bytes = json::Write(entry.item).size() + 1;
  bytes_ += entry.bytes;
  for (const HeldPod& pod : entry.pods) ++held_[pod.name];
  pending_.push_back(std::move(entry));
}

std::optional<Time> Recorder::NextFlush() const {
  if (pending_.empty() || in_flight_ > 0) return std::nullopt;
  return pending_.front().since + kMaxAge;
}

std::optional<WriteRecord> Recorder::Flush(Time now, bool all) {
  if (pending_.empty() || in_flight_ > 0) return std::nullopt;
  const bool due = bytes_ >= kMaxBytes || pending_.size() >= kMaxItems || now >= pending_.front().since + kMaxAge;
  if (!due && !all) return std::nullopt;
  json::Array items;
  size_t bytes = 0;
  while (in_flight_ < pending_.size() && in_flight_ < kMaxItems && bytes < kMaxBytes) {
    bytes += pending_[in_flight_].bytes;
    items.push_back(pending_[in_flight_++].item);
  }
  return WriteRecord{
      .run = run_,
      .index = next_index_,
      .name = RecordName(object_name_, uid_, run_, next_index_),
      .body = json::Object{{"run", run_}, {"index", next_index_}, {"format", kFormat}, {"results", std::move(items)}}};
}

std::vector<HeldPod> Recorder::Held() const {
  std::vector<HeldPod> pods;
  for (const Entry& entry : pending_) pods.insert(pods.end(), entry.pods.begin(), entry.pods.end());
  return pods;
}

bool Recorder::IsAnothers(int32_t index, const json::Value& body) const {
  if (index < next_index_) return false;
  std::set<StoredUnder> ours;
  for (const Entry& entry : pending_) ours.insert(PlaceOf(entry.item));
  return !std::ranges::all_of(body["results"].Elements(),
                              [&](const json::Value& item) { return ours.contains(PlaceOf(item)); });
}

std::vector<HeldPod> Recorder::OnStored(int32_t index, const json::Value& body) {
  // An earlier one, seen again, says nothing of the one that is on its way.
  if (index >= next_index_) {
    next_index_ = index + 1;
    in_flight_ = 0;
  }
  std::set<StoredUnder> stored;
  for (const json::Value& item : body["results"].Elements()) stored.insert(PlaceOf(item));
  std::vector<HeldPod> released;
  std::deque<Entry> rest;
  for (Entry& entry : pending_) {
    if (!stored.contains(PlaceOf(entry.item))) {
      rest.push_back(std::move(entry));
      continue;
    }
    bytes_ -= entry.bytes;
    for (HeldPod& pod : entry.pods) {
      if (auto it = held_.find(pod.name); it != held_.end() && --it->second <= 0) held_.erase(it);
      released.push_back(std::move(pod));
    }
  }
  pending_ = std::move(rest);
  return released;
}

}  // namespace coreflow::engine
