#include "pkg/apiserver/listing.h"

#include <algorithm>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/page_token.h"
#include "pkg/apiserver/selector.h"

namespace coreflow::apiserver {

namespace {

constexpr const char* kInconsistentContinue =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list.";

struct Request {
  int64_t limit = 0;
  int64_t rv = -1;  // -1: not given
  bool exact = false;
  bool continued = false;
  PageToken token = {};
};

std::vector<Cause> CheckOptions(const Route& route) {
  std::vector<Cause> causes;
  const std::string match = route.Get("resourceVersionMatch");
  if (!match.empty()) {
    if (route.Get("resourceVersion").empty()) {
      causes.push_back(ForbiddenField("resourceVersionMatch",
                                      "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if (!route.Get("continue").empty()) {
      causes.push_back(
          ForbiddenField("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
    }
    if (match != "Exact" && match != "NotOlderThan") {
      causes.push_back({"FieldValueNotSupported", "resourceVersionMatch",
                        "Unsupported value: \"" + match + "\": supported values: \"Exact\", \"NotOlderThan\", \"\""});
    }
    if (match == "Exact" && route.Get("resourceVersion") == "0") {
      causes.push_back(ForbiddenField("resourceVersionMatch",
                                      "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
  }
  return causes;
}

Outcome<Request> ReadRequest(const Route& route) {
  const std::vector<Cause> causes = CheckOptions(route);
  if (!causes.empty()) return Invalid("meta.k8s.io", "ListOptions", "", causes);
  Request request;
  const std::string rv = route.Get("resourceVersion");
  const std::string limit = route.Get("limit");
  if (!rv.empty() && (request.rv = ParseDecimal(rv)) < 0) {
    return BadRequest("Invalid value: \"" + rv + "\": strconv.ParseUint: parsing \"" + rv + "\": invalid syntax");
  }
  if (!limit.empty() && (request.limit = ParseDecimal(limit)) < 0) {
    return BadRequest("strconv.ParseInt: parsing \"" + limit + "\": invalid syntax");
  }
  if (const std::string token = route.Get("continue"); !token.empty()) {
    if (request.rv > 0) return BadRequest("specifying resource version is not allowed when using continue");
    auto decoded = DecodePageToken(token);
    if (!decoded) return decoded.failure();
    request.token = *decoded;
    request.continued = true;
    return request;
  }
  const std::string match = route.Get("resourceVersionMatch");
  // With a limit, an unqualified version means exactly that one; kept by the real server for old clients.
  request.exact = match == "Exact" || (match.empty() && request.rv > 0 && request.limit > 0);
  if (request.rv == 0) request.limit = 0;
  return request;
}

// The resourceVersion of the snapshot to serve.
Outcome<uint64_t> ChooseSnapshot(const Store& store, const Request& request, uint64_t stale_by) {
  const uint64_t current = store.Current();
  if (request.continued) {
    if (request.token.rv < 0) return current;
    const auto wanted = static_cast<uint64_t>(request.token.rv);
    if (wanted > current) return TooLargeResourceVersion(wanted, current);
    if (wanted >= store.Compacted()) return wanted;
    Failure expired = Expired(kInconsistentContinue);
    expired.continue_token = EncodePageToken({-1, request.token.start});
    return expired;
  }
  if (request.rv > 0 && static_cast<uint64_t>(request.rv) > current) {
    return TooLargeResourceVersion(static_cast<uint64_t>(request.rv), current);
  }
  if (request.exact) {
    const auto wanted = static_cast<uint64_t>(request.rv);
    if (wanted < store.Compacted()) return Expired("The resourceVersion for the provided list is too old.");
    return wanted;
  }
  if (request.rv == 0 && stale_by > 0) return std::max(store.Compacted(), current - std::min(current, stale_by));
  return current;
}

bool HasPrefix(const std::string& key, const std::string& prefix) { return key.compare(0, prefix.size(), prefix) == 0; }

Page Cut(const Store::Objects& objects, const std::string& prefix, const Request& request, const Selector& selector) {
  Page page;
  auto it = objects.lower_bound(prefix + (request.continued ? request.token.start : ""));
  for (; it != objects.end() && HasPrefix(it->first, prefix); ++it) {
    // As the real server: with a selector the page after a full one may be empty.
    if (request.limit > 0 && page.items.size() == static_cast<size_t>(request.limit)) break;
    if (selector.Matches(it->second->object())) page.items.push_back(it->second);
  }
  if (it == objects.end() || !HasPrefix(it->first, prefix)) return page;
  if (selector.empty()) {
    page.remaining = std::distance(it, std::find_if(it, objects.end(), [&prefix](const auto& object) {
                                     return !HasPrefix(object.first, prefix);
                                   }));
  }
  page.continue_token = it->first.substr(prefix.size());
  return page;
}

}  // namespace

Outcome<Page> ListPage(const Store& store, const Route& route, uint64_t stale_by) {
  auto request = ReadRequest(route);
  if (!request) return request.failure();
  auto selector = Selector::Parse(*route.resource, route.Get("labelSelector"), route.Get("fieldSelector"));
  if (!selector) return selector.failure();
  const auto rv = ChooseSnapshot(store, *request, stale_by);
  if (!rv) return rv.failure();
  const std::string prefix = route.name_space.empty() ? "" : route.name_space + "/";
  const bool now = *rv == store.Current();
  Page page = now ? Cut(store.List(*route.resource), prefix, *request, *selector)
                  : Cut(store.ListAt(*route.resource, *rv).value_or(Store::Objects{}), prefix, *request, *selector);
  page.rv = *rv;
  if (!page.continue_token.empty()) {
    const int64_t snapshot = request->continued && request->token.rv < 0 ? -1 : static_cast<int64_t>(*rv);
    page.continue_token = EncodePageToken({snapshot, page.continue_token});
  }
  return page;
}

}  // namespace coreflow::apiserver
