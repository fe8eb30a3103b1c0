#include "pkg/kube/event.h"

#include "pkg/base/hash.h"

namespace coreflow::kube {
namespace {

constexpr size_t kMaxNote = 1024;
constexpr size_t kMaxName = 253;
constexpr size_t kHash = 16;

// Not inside a character of more than one byte.
std::string CutUtf8(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

json::Value Series(const EventTimes& times) {
  return json::Object{{"count", times.count}, {"lastObservedTime", FormatMicroTime(times.last)}};
}

}  // namespace

ObjectKey EventKey(const Event& event, Time first, uint64_t sequence) {
  const ObjectKey& about = event.regarding.key;
  std::string unique = event.regarding.uid + '/' + event.reason + '/' +
                       std::to_string(first.time_since_epoch().count()) + '/' + std::to_string(sequence);
  return {.ns = about.ns.empty() ? "default" : about.ns,
          .name = about.name.substr(0, kMaxName - kHash - 1) + "." + NameHash(unique, kHash)};
}

json::Value EventObject(const ObjectKey& key, const Event& event, const EventTimes& times, const EventSource& source) {
  const ObjectReference& about = event.regarding;
  json::Object regarding{
      {"apiVersion", about.api_version}, {"kind", about.kind}, {"name", about.key.name}, {"uid", about.uid}};
  if (!about.key.ns.empty()) regarding["namespace"] = about.key.ns;
  json::Object object{{"apiVersion", "events.k8s.io/v1"},
                      {"kind", "Event"},
                      {"metadata", json::Object{{"namespace", key.ns}, {"name", key.name}}},
                      {"eventTime", FormatMicroTime(times.first)},
                      {"reportingController", source.controller},
                      {"reportingInstance", source.instance},
                      {"action", event.action},
                      {"reason", event.reason},
                      {"regarding", std::move(regarding)},
                      {"note", CutUtf8(event.note, kMaxNote)},
                      {"type", event.warning ? "Warning" : "Normal"}};
  if (times.count > 1) object["series"] = Series(times);
  return object;
}

json::Value SeriesPatch(const EventTimes& times) { return json::Object{{"series", Series(times)}}; }

}  // namespace coreflow::kube
