#include "pkg/cli/locate_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

namespace coreflow::cli {

namespace {

struct Candidate {
  std::string context = {};
  LocatedRun located = {};
};

// Why a context gave no run.
struct Miss {
  std::string context = {};
  Error error = {};
  bool asked = false;  // it was, and does not know the run
};

std::variant<LocatedRun, Miss> Look(Environment& environment, const Arguments& arguments, const std::string& context,
                                    const std::string& named) {
  auto session = Session::Open(environment, arguments, context);
  if (!session) return Miss{.context = context, .error = session.error()};
  auto run = FindRun(**session, named);
  if (run) return LocatedRun{.session = *std::move(session), .run = *std::move(run)};
  return Miss{.context = context, .error = run.error(), .asked = run.error().code == Code::kNotFound};
}

// Leaves what is meant most: of exact names and beginnings the exact ones, of @latest the last.
void Narrow(std::vector<Candidate>& candidates, const std::string& named) {
  if (named.starts_with('@')) {
    auto last =
        std::ranges::max_element(candidates, {}, [](const Candidate& one) { return StartOf(one.located.run.object); });
    if (last != candidates.begin()) std::swap(*last, candidates.front());
    candidates.erase(candidates.begin() + 1, candidates.end());
    return;
  }
  const std::string name = named.substr(named.find('/') + 1);  // all of it where there is no slash
  const auto exact = [&](const Candidate& one) { return one.located.run.key.name == name; };
  if (std::ranges::any_of(candidates, exact)) std::erase_if(candidates, std::not_fn(exact));
}

std::string Names(const std::vector<Candidate>& candidates) {
  std::string names;
  for (const Candidate& one : candidates) names += (names.empty() ? "" : ", ") + one.context;
  return names;
}

}  // namespace

std::vector<std::string> ContextsOf(const Arguments& arguments) {
  std::vector<std::string> contexts;
  for (const std::string& context : arguments.All("context")) {
    if (std::ranges::count(contexts, context) == 0) contexts.push_back(context);
  }
  if (contexts.empty()) contexts.emplace_back();
  return contexts;
}

void ShowContextError(Environment& environment, const std::string& context, const Error& error) {
  environment.err(fmt::format("{}: context {}: {}\n", environment.program, context, error.message));
}

Result<LocatedRun> LocateRun(Environment& environment, const Arguments& arguments, const std::string& named) {
  const std::vector<std::string> contexts = ContextsOf(arguments);
  std::vector<Candidate> candidates;
  std::vector<Miss> misses;
  for (const std::string& context : contexts) {
    auto found = Look(environment, arguments, context, named);
    if (auto* located = std::get_if<LocatedRun>(&found)) {
      candidates.push_back({.context = context, .located = std::move(*located)});
    } else {
      misses.push_back(std::get<Miss>(std::move(found)));
      if (contexts.size() == 1 || misses.back().error.code == Code::kCancelled) return misses.back().error;
    }
  }
  if (contexts.size() == 1) return std::move(candidates.front().located);
  for (const Miss& miss : misses) {
    if (!miss.asked || candidates.empty()) ShowContextError(environment, miss.context, miss.error);
  }
  if (candidates.empty()) {
    // That one can't be asked weighs more than that the others do not know the run.
    const auto unasked = std::ranges::find(misses, false, &Miss::asked);
    return Error{.code = unasked == misses.end() ? Code::kNotFound : unasked->error.code,
                 .message = fmt::format("{} was found in none of the contexts {}", named, fmt::join(contexts, ", "))};
  }
  Narrow(candidates, named);
  if (candidates.size() > 1) {
    return Error{
        .code = Code::kInvalid,
        .message = fmt::format("{} is in the contexts {}; say which with one --context", named, Names(candidates))};
  }
  Candidate& one = candidates.front();
  environment.err(fmt::format("{} is in context {}\n", one.located.run.key.name, one.context));
  return std::move(one.located);
}

}  // namespace coreflow::cli
