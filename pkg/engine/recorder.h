#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/engine/action.h"
#include "pkg/engine/item.h"
#include "pkg/graph/graph.h"

namespace coreflow::engine {

// A pod that is kept, finalizer and all, until what it shows is stored elsewhere.
struct HeldPod {
  std::string name;
  std::string uid;
  std::string done;  // Succeeded or Failed, for kLabelDone

  bool operator==(const HeldPod&) const = default;
};

// Folds finished items into records. One record is on its way at a time; what comes meanwhile goes into the next.
class Recorder {
 public:
  // As RecordName() takes them.
  Recorder(std::string object_name, std::string uid, int32_t run);

  // A finished item, or a step that ended without items (`index` nullopt, for a step that has items: as a whole). The
  // pods are let go once it is stored.
  void Add(const std::string& step, std::optional<int32_t> index, const ItemResult& result, std::vector<HeldPod> pods,
           Time now);

  // The next record to write, if it is time: enough is waiting, something has waited long enough, or `all` is asked
  // for. nullopt while one is on its way.
  std::optional<WriteRecord> Flush(Time now, bool all);
  // When Flush would give something although nothing more comes.
  std::optional<Time> NextFlush() const;

  // Whether `body`, which is stored under `index` and was not seen before, has results that we have not.
  bool IsAnothers(int32_t index, const json::Value& body) const;
  // What is stored under `index` (from 1), as often as it is seen. It is the truth, whoever wrote it: items of ours
  // that it lacks go into a later record. Gives the pods to let go.
  std::vector<HeldPod> OnStored(int32_t index, const json::Value& body);

  // All pods that are kept until a record is stored.
  std::vector<HeldPod> Held() const;
  bool Holds(const std::string& pod_name) const { return held_.contains(pod_name); }
  bool AllStored() const { return pending_.empty(); }
  int32_t records() const { return next_index_; }

 private:
  struct Entry {
    json::Value item;
    size_t bytes = 0;
    std::vector<HeldPod> pods;
    Time since;
  };

  const std::string object_name_;
  const std::string uid_;
  const int32_t run_;
  std::deque<Entry> pending_;
  std::map<std::string, int> held_;  // pods of pending entries
  size_t bytes_ = 0;
  int32_t next_index_ = 1;
  size_t in_flight_ = 0;  // entries at the front that are on their way
};

// An item as a record keeps it, and back; nullopt when it is not one.
json::Value ToRecordItem(const std::string& step, std::optional<int32_t> index, const ItemResult& result);
struct RecordItem {
  std::string step;
  std::optional<int32_t> index;
  ItemResult result;
};
std::optional<RecordItem> FromRecordItem(const json::Value& item);
// Whether it tells of the whole step, which ended without items; else of one of its items.
bool EndedAsAWhole(const RecordItem& item, const graph::Step& step);

// The digests of the large outputs that these records name.
std::set<std::string> LargeOutputsIn(const std::map<int32_t, json::Value>& records);

}  // namespace coreflow::engine
