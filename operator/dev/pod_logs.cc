#include "operator/dev/pod_logs.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/route.h"
#include "pkg/base/time.h"
#include "pkg/runner/log_times.h"

namespace coreflow::dev {

namespace {

using apiserver::BadRequest;
using apiserver::Failure;
using apiserver::Outcome;
using apiserver::Route;

constexpr Duration kLookAgain = std::chrono::milliseconds(100);
constexpr int64_t kMostSince = int64_t{100} * 365 * 24 * 3600;  // seconds

std::string ReadFrom(const std::string& path, size_t from) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Where the last `lines` lines begin.
size_t TailAt(const std::string& text, int64_t lines) {
  size_t at = text.size();
  if (at > 0 && text[at - 1] == '\n') --at;
  while (lines > 0 && at > 0) {
    const size_t newline = text.rfind('\n', at - 1);
    if (newline == std::string::npos) return 0;
    if (--lines == 0) return newline + 1;
    at = newline;
  }
  return lines > 0 ? 0 : text.size();
}

// Puts before each line when it was written, where that is wanted.
class Stamper {
 public:
  explicit Stamper(bool stamps) : stamps_(stamps) {}

  // `time` of the place in `text` where a line begins.
  std::string Stamp(const std::string& text, const std::function<Time(size_t place)>& time) {
    if (!stamps_) return text;
    std::string stamped;
    for (size_t at = 0; at < text.size();) {
      const size_t newline = text.find('\n', at);
      const size_t end = newline == std::string::npos ? text.size() : newline + 1;
      if (at_start_) stamped += FormatMicroTime(time(at)) + " ";
      stamped.append(text, at, end - at);
      at_start_ = newline != std::string::npos;
      at = end;
    }
    return stamped;
  }

 private:
  const bool stamps_;
  bool at_start_ = true;  // of a line
};

// What of a log is asked for.
struct Wanted {
  int64_t lines = -1;  // the last ones; -1: all
  std::optional<Time> since = {};
  size_t bytes = SIZE_MAX;  // at most
  bool timestamps = false;
  bool follow = false;
};

bool IsOn(const Route& route, const char* option) {
  const std::string value = route.Get(option);
  return !value.empty() && value != "false" && value != "0";
}

Outcome<Wanted> WantedBy(const Route& route, Time now) {
  Wanted wanted{.lines = apiserver::ParseDecimal(route.Get("tailLines")),
                .timestamps = IsOn(route, "timestamps"),
                .follow = route.Is("follow")};
  if (IsOn(route, "previous")) return apiserver::NotImplemented("previous of logs");
  if (const int64_t most = apiserver::ParseDecimal(route.Get("limitBytes")); most >= 0) {
    wanted.bytes = static_cast<size_t>(most);
  }
  const std::string seconds = route.Get("sinceSeconds");
  const std::string time = route.Get("sinceTime");
  if (!seconds.empty() && !time.empty()) return BadRequest("at most one of sinceTime or sinceSeconds may be specified");
  if (!time.empty()) {
    wanted.since = ParseTime(time);
    if (!wanted.since) return BadRequest("sinceTime " + time + " is no time");
  }
  if (!seconds.empty()) {
    const int64_t count = apiserver::ParseDecimal(seconds);
    if (count <= 0) return BadRequest("sinceSeconds " + seconds + " is no number above 0");
    wanted.since = now - std::chrono::seconds(std::min(count, kMostSince));
  }
  return wanted;
}

// Where the first line begins that is wanted.
size_t BeginOf(const std::string& text, const runner::LogTimes& times, const Wanted& wanted) {
  const size_t tail = wanted.lines >= 0 ? TailAt(text, wanted.lines) : 0;
  if (!wanted.since) return tail;
  const size_t recent = std::min<size_t>(times.PlaceOf(*wanted.since), text.size());
  // In the middle of a line: that one is older.
  const size_t newline = recent == 0 ? 0 : text.find('\n', recent - 1);
  const size_t line = recent == 0 ? 0 : newline == std::string::npos ? text.size() : newline + 1;
  return std::max(tail, line);
}

// A log that is sent while it grows.
struct Follower : std::enable_shared_from_this<Follower> {
  Loop& loop;
  PodLogs::LogOf log_of;
  std::shared_ptr<http::Reply> reply;
  json::Value pod;
  std::string container;
  Stamper stamper;
  size_t sent = 0;
  size_t left = SIZE_MAX;  // to be sent at most
  bool gone = false;

  Follower(Loop& the_loop, PodLogs::LogOf the_logs, Stamper the_stamper)
      : loop(the_loop), log_of(std::move(the_logs)), stamper(the_stamper) {}

  void Look() {
    if (gone) return;
    const runner::LocalNode::Log log = log_of(pod, container);  // before the text: what comes later is read later
    std::string text = ReadFrom(log.path, sent);
    sent += text.size();
    text = stamper.Stamp(text, [now = loop.Now()](size_t) { return now; });  // it has just been written
    text.resize(std::min(text.size(), left));
    left -= text.size();
    if (!text.empty()) reply->Write(std::move(text));
    if (!log.live || left == 0) return reply->End();
    loop.After(kLookAgain, [self = shared_from_this()] { self->Look(); });
  }
};

// Sends `text`, and then what comes.
void Follow(Loop& loop, const std::shared_ptr<Follower>& follower, std::string text) {
  follower->reply->Begin({.status = 200, .headers = {{"content-type", "text/plain"}}});
  follower->reply->Write(std::move(text));
  follower->reply->OnGone([&loop, weak = std::weak_ptr<Follower>(follower)] {
    loop.Post([weak] {
      if (auto open = weak.lock()) open->gone = true;
    });
  });
  follower->Look();
}

Outcome<std::string> ContainerOf(const json::Value& pod, const std::string& wanted) {
  const std::string name = apiserver::NameOf(pod);
  std::string all;
  for (const char* list : {"initContainers", "containers"}) {
    for (const json::Value& container : pod["spec"][list].Elements()) {
      const std::string one = container["name"].StringOr("");
      if (one == wanted) return one;
      all += (all.empty() ? "" : " ") + one;
    }
  }
  if (!wanted.empty()) return BadRequest("container " + wanted + " is not valid for pod " + name);
  const auto& main = pod["spec"]["containers"].Elements();
  if (main.size() == 1) return main.front()["name"].StringOr("");
  return BadRequest("a container name must be specified for pod " + name + ", choose one of: [" + all + "]");
}

// "…/pods/NAME/log" as the route of the pod; nullopt for any other path.
std::optional<Outcome<Route>> PodRoute(const http::Request& request) {
  const size_t mark = std::min(request.target.find('?'), request.target.size());
  std::string path = request.target.substr(0, mark);
  if (request.method != "GET" || !path.ends_with("/log")) return std::nullopt;
  path.resize(path.size() - 4);
  auto route = apiserver::ParseRoute(path + request.target.substr(mark));
  if (route && (route->resource != &apiserver::Pods() || route->name.empty())) return std::nullopt;
  return route;
}

}  // namespace

bool PodLogs::Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  const auto route = PodRoute(request);
  if (!route) return false;
  auto refuse = [&](const Failure& failure) {
    reply->Send(apiserver::FailureResponse(failure));
    return true;
  };
  if (!*route) return refuse(route->failure());
  const auto wanted = WantedBy(**route, loop_.Now());
  if (!wanted) return refuse(wanted.failure());
  const auto found = store_.Get(apiserver::Pods(), (*route)->name_space + "/" + (*route)->name);
  if (!found) return refuse(apiserver::NotFound(apiserver::Pods(), (*route)->name));
  const auto container = ContainerOf(found->object(), (*route)->Get("container"));
  if (!container) return refuse(container.failure());
  const runner::LocalNode::Log log = log_of_(found->object(), *container);
  if (log.path.empty()) {
    return refuse(BadRequest("container \"" + *container + "\" in pod \"" + (*route)->name +
                             "\" is waiting to start: ContainerCreating"));
  }
  std::string text = ReadFrom(log.path, 0);
  const size_t size = text.size();
  const auto times = runner::LogTimes::Read(log.path);  // after the text: it has all of its times
  const size_t begin = BeginOf(text, times, *wanted);
  Stamper stamper(wanted->timestamps);
  text = stamper.Stamp(text.substr(begin), [&](size_t place) { return times.At(begin + place); });
  const bool full = text.size() >= wanted->bytes;
  if (full) text.resize(wanted->bytes);
  if (full || !wanted->follow) {
    reply->Send(apiserver::PlainResponse(200, std::move(text)));
    return true;
  }
  auto follower = std::make_shared<Follower>(loop_, log_of_, stamper);
  follower->reply = reply;
  follower->pod = found->object();
  follower->container = *container;
  follower->sent = size;
  follower->left = wanted->bytes - text.size();
  Follow(loop_, follower, std::move(text));
  return true;
}

}  // namespace coreflow::dev
