#include "pkg/compare/compare.h"

#include <algorithm>
#include <map>
#include <utility>

#include "pkg/compare/items.h"
#include "pkg/json/write.h"

namespace coreflow::compare {

namespace {

Side SideOf(const Run& run) {
  return {
      .name = run.name, .state = run.state, .reason = run.reason, .over = run.over, .start = run.start, .end = run.end};
}

End EndOf(const Item& item) {
  return {.state = item.state, .reason = item.reason, .attempts = item.attempts, .exit_code = item.exit_code};
}

const Step* Find(const Run& run, const std::string& name) {
  const auto found = std::ranges::find(run.steps, name, &Step::name);
  return found == run.steps.end() ? nullptr : &*found;
}

// Goes over the names of either map: calls tell(name, before, after) with pointers, null where there is none.
template <typename Map, typename Tell>
void ForEachName(const Map& before, const Map& after, const Tell& tell) {
  for (const auto& [name, value] : before) {
    const auto other = after.find(name);
    tell(name, &value, other == after.end() ? nullptr : &other->second);
  }
  for (const auto& [name, value] : after) {
    if (!before.contains(name)) tell(name, static_cast<const typename Map::mapped_type*>(nullptr), &value);
  }
}

template <typename T>
std::optional<T> Copied(const T* value) {
  return value ? std::optional(*value) : std::nullopt;
}

std::string Declaration(const std::string& parameter) { return "parameters[" + parameter + "]"; }

class Comparison {
 public:
  Comparison(const Run& before, const Run& after) : before_(before), after_(after) {}

  Difference Compare() {
    difference_ = {.before = SideOf(before_), .after = SideOf(after_), .spec = DiffFields(before_.spec, after_.spec)};
    const json::Object old(before_.parameters.begin(), before_.parameters.end());
    const json::Object now(after_.parameters.begin(), after_.parameters.end());
    ForEachName(old, now, [&](const std::string& name, const json::Value* one, const json::Value* other) {
      if (one && other && *one == *other) return;
      difference_.parameters.push_back({.path = name, .before = Copied(one), .after = Copied(other)});
      // That it came or went is told already.
      if (!one || !other) std::erase_if(difference_.spec, [&](const auto& of) { return of.path == Declaration(name); });
    });
    for (const Step& step : before_.steps) CompareStep(step.name, &step, Find(after_, step.name));
    for (const Step& step : after_.steps) {
      if (!Find(before_, step.name)) CompareStep(step.name, nullptr, &step);
    }
    CompareTimes();
    // A run that goes on has none yet, and so has one that failed; that it did is told.
    if (before_.state == after_.state && before_.over && after_.over) {
      CompareOutputs({}, before_.outputs, after_.outputs);
    }
    return std::move(difference_);
  }

 private:
  void CompareStep(const std::string& name, const Step* before, const Step* after) {
    const Step none;
    const Step& old = before ? *before : none;
    const Step& now = after ? *after : none;
    if (before && after && old.script != now.script) {
      difference_.scripts.push_back(
          {.step = name, .before = old.script.value_or(""), .after = now.script.value_or("")});
    }
    for (const ItemPair& pair : PairItems(old, now)) {
      ComparePair(PlaceOf(name, pair), pair);
    }
    const TimeChange time{.step = name, .before = TimeTaken(old), .after = TimeTaken(now)};
    // Of one that is still to run nothing is known.
    const bool known = (time.before || before_.over) && (time.after || after_.over);
    if (known && IsNotable(time)) difference_.times.push_back(time);
  }

  void ComparePair(const Place& place, const ItemPair& pair) {
    const bool known =
        (pair.before ? pair.before->ended : before_.over) && (pair.after ? pair.after->ended : after_.over);
    if (!known) return;
    const auto before = pair.before ? std::optional(EndOf(*pair.before)) : std::nullopt;
    const auto after = pair.after ? std::optional(EndOf(*pair.after)) : std::nullopt;
    if (before != after) difference_.steps.push_back({.at = place, .before = before, .after = after});
    if (!pair.before || !pair.after) return;
    CompareImages(place.step, *pair.before, *pair.after);
    // What did not succeed gives nothing, and that it did not is told.
    if (pair.before->state != pair.after->state) return;
    CompareOutputs(place, {pair.before->outputs.begin(), pair.before->outputs.end()},
                   {pair.after->outputs.begin(), pair.after->outputs.end()});
    ForEachName(
        pair.before->artifacts, pair.after->artifacts,
        [&](const std::string& name, const artifact::Artifact* one, const artifact::Artifact* other) {
          if (one && other && *one == *other) return;
          difference_.artifacts.push_back({.at = place, .name = name, .before = Copied(one), .after = Copied(other)});
        });
  }

  void CompareImages(const std::string& step, const Item& before, const Item& after) {
    if (before.image != after.image) return;  // the spec tells that
    const bool seen = !before.digest.empty() && !after.digest.empty();
    const bool keyed = !before.cache_key.empty() && !after.cache_key.empty() && !before.given.empty();
    ImageChange change{.step = step, .image = before.image};
    if (seen) {
      change.before = before.digest;
      change.after = after.digest;
      if (before.digest == after.digest) return;
    } else if (!keyed || before.given != after.given || before.cache_key == after.cache_key) {
      return;
    }
    if (std::ranges::find(difference_.images, change) == difference_.images.end()) {
      difference_.images.push_back(std::move(change));
    }
  }

  void CompareOutputs(const Place& place, const std::map<std::string, json::Value>& before,
                      const std::map<std::string, json::Value>& after) {
    ForEachName(before, after, [&](const std::string& name, const json::Value* one, const json::Value* other) {
      if (one && other && *one == *other) return;
      difference_.outputs.push_back({.at = place, .name = name, .before = Copied(one), .after = Copied(other)});
    });
  }

  void CompareTimes() {
    std::ranges::stable_sort(difference_.times, std::ranges::greater(),
                             [](const TimeChange& change) { return std::chrono::abs(change.longer()); });
    if (!before_.over || !after_.over || !before_.start || !before_.end || !after_.start || !after_.end) return;
    difference_.time = {.before = *before_.end - *before_.start, .after = *after_.end - *after_.start};
  }

  const Run& before_;
  const Run& after_;
  Difference difference_;
};

}  // namespace

std::string NameOf(const Place& place) {
  if (place.item.IsNull()) return place.step;
  return place.step + " (" + (place.item.IsString() ? place.item.AsString() : json::Write(place.item)) + ")";
}

bool Differs(const Difference& difference) {
  return !difference.parameters.empty() || !difference.spec.empty() || !difference.scripts.empty() ||
         !difference.images.empty() || !difference.steps.empty() || !difference.outputs.empty() ||
         !difference.artifacts.empty() ||
         (difference.before.over && difference.after.over &&
          (difference.before.state != difference.after.state || difference.before.reason != difference.after.reason));
}

bool IsNotable(const TimeChange& change) {
  const Duration longer = std::chrono::abs(change.longer());
  const Duration longest = std::max(change.before.value_or(Duration(0)), change.after.value_or(Duration(0)));
  return longer >= std::chrono::seconds(2) && longer * 10 >= longest;
}

Difference Compare(const Run& before, const Run& after) { return Comparison(before, after).Compare(); }

}  // namespace coreflow::compare
