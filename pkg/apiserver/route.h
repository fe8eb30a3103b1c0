#pragma once

#include <map>
#include <string>
#include <string_view>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/resource.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// What a request is about.
struct Route {
  const Resource* resource = nullptr;
  std::string name_space = {};   // empty: all, or none
  std::string name = {};         // empty: the collection
  std::string subresource = {};  // "status", or empty
  std::map<std::string, std::string, std::less<>> query = {};

  // The parameter's value; empty when it is not given.
  std::string Get(std::string_view parameter) const;
  // Whether it is given and means true, as Go reads it.
  bool Is(std::string_view parameter) const;
};

// Reads a target such as "/apis/coreflow.dev/v1alpha1/namespaces/ci/workflows/w/status?dryRun=All". 404 for paths that
// are none of the API's, 501 for resources and subresources that the real server has and this one does not.
Outcome<Route> ParseRoute(std::string_view target);

// Undoes percent-encoding; '+' is a blank.
std::string PercentDecode(std::string_view text);

// A header's value, whatever the case of its name; empty when there is none.
std::string HeaderOf(const http::Request& request, std::string_view name);

}  // namespace coreflow::apiserver
