#include "pkg/kube/list_watch.h"

#include "pkg/base/overloaded.h"

namespace coreflow::kube::list_watch {
namespace {

// So many watches refused in a row, and the version itself is suspected: client-go lists again after the first.
constexpr int kMaxFailures = 3;

Duration Asked(const ApiError& error) { return error.retry_after.value_or(Duration(0)); }

Step BeginList() { return {Listing{}, {SendList{}}}; }
Step ListLater(Duration at_least) { return {Empty{}, {Wait{at_least}}}; }
Step WatchFrom(std::string version, int failures) {
  return {Watching{.resource_version = version, .failures = failures}, {SendWatch{version}}};
}

Step AfterPage(const PageCame& page) {
  if (!page.continue_token.empty()) {
    return {Listing{.continue_token = page.continue_token}, {SendList{.continue_token = page.continue_token}}};
  }
  Step step = WatchFrom(page.resource_version, 0);
  step.outputs.insert(step.outputs.begin(), EndList{});
  return step;
}

Step AfterListFailed(const Listing& state, const ApiError& error) {
  bool tokens_expired = IsExpired(error) && !state.continue_token.empty();
  if (tokens_expired) return {Listing{.whole = true}, {SendList{.whole = true}}};
  return ListLater(Asked(error));
}

// The server answered, and would not serve the watch.
Step AfterRefusal(const Watching& state, const ApiError& error) {
  bool passing = error.status >= 500 || error.status == 401 || error.status == 403 || error.status == 408;
  if (!passing || state.failures + 1 >= kMaxFailures) return ListLater(Asked(error));
  return {Listed{state.resource_version, state.failures + 1}, {Wait{Asked(error)}}};
}

Step AfterWatch(const Watching& state, const WatchEnded& end) {
  if (!end.error) {
    if (!end.at_once) return WatchFrom(state.resource_version, state.failures);
    return AfterRefusal(state, {.status = 500});
  }
  const ApiError& error = *end.error;
  // A watch that got somewhere was healthy: the first list after it need not wait.
  if (IsExpired(error)) return state.progressed ? BeginList() : ListLater(Asked(error));
  if (IsVersionTooLarge(error)) return ListLater(Asked(error));
  if (error.status == 0 || error.status == 429) {
    return {Listed{state.resource_version, state.failures}, {Wait{Asked(error)}}};
  }
  return AfterRefusal(state, error);
}

}  // namespace

Step Next(State state, const Input& input) {
  Step same{state, {}};
  return std::visit(overloaded{
                        [](const Empty&, const Due&) { return BeginList(); },
                        [](const Listed& s, const Due&) { return WatchFrom(s.resource_version, s.failures); },
                        [](const Listing&, const PageCame& page) { return AfterPage(page); },
                        [](const Listing& s, const ListFailed& failed) { return AfterListFailed(s, failed.error); },
                        [](const Watching&, const VersionSeen& seen) {
                          return Step{Watching{.resource_version = seen.resource_version, .progressed = true}, {}};
                        },
                        [](const Watching& s, const WatchEnded& end) { return AfterWatch(s, end); },
                        [](const Listed&, const RelistWanted&) { return BeginList(); },
                        [](const Watching&, const RelistWanted&) { return BeginList(); },
                        [&](const auto&, const auto&) { return same; },
                    },
                    state, input);
}

const std::string& VersionOf(const State& state) {
  static const std::string kNone;
  if (auto* listed = std::get_if<Listed>(&state)) return listed->resource_version;
  if (auto* watching = std::get_if<Watching>(&state)) return watching->resource_version;
  return kNone;
}

void PrintTo(const Step& step, std::ostream* out) {
  std::visit(overloaded{
                 [&](const Empty&) { *out << "Empty"; },
                 [&](const Listing& s) { *out << "Listing(" << s.continue_token << (s.whole ? ", whole)" : ")"); },
                 [&](const Listed& s) { *out << "Listed(" << s.resource_version << ", " << s.failures << ")"; },
                 [&](const Watching& s) {
                   *out << "Watching(" << s.resource_version << ", " << s.failures
                        << (s.progressed ? ", progressed)" : ")");
                 },
             },
             step.state);
  for (const Output& output : step.outputs) {
    std::visit(
        overloaded{
            [&](const SendList& o) { *out << ", SendList(" << o.continue_token << (o.whole ? ", whole)" : ")"); },
            [&](const EndList&) { *out << ", EndList"; },
            [&](const SendWatch& o) { *out << ", SendWatch(" << o.resource_version << ")"; },
            [&](const Wait& o) { *out << ", Wait(" << o.at_least.count() << " ms)"; },
        },
        output);
  }
}

}  // namespace coreflow::kube::list_watch
