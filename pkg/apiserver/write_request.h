#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/registry.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/view.h"
#include "pkg/apiserver/write_query.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// One POST, PUT or PATCH: from its request to its answer. What a client sends is taken in (intake.h) and its owner
// noted (metadata.managedFields) as far as the registry wants that, before the registry sees it.
class WriteRequest {
 public:
  // All of them outlive it.
  WriteRequest(Registry& registry, const http::Request& request, const Route& route, const View& view)
      : registry_(registry), request_(request), route_(route), view_(view), resource_(*route.resource) {}

  Outcome<http::Response> Answer();

 private:
  using Edit = Registry::Edit;

  Outcome<http::Response> Post();
  Outcome<http::Response> Put();
  Outcome<http::Response> Patch();
  Outcome<http::Response> Apply();
  // The object in the body, which must be of the kind that the path names.
  Outcome<json::Value> ReadObject() const;
  // As `refuse` says, when unknown fields are to be refused; else the object without them.
  Outcome<json::Value> TakeIn(const json::Value& object, const std::function<Failure(const std::string& why)>& refuse);
  // The object of the body, taken in.
  Outcome<json::Value> TakeBody();
  // With the managers of its fields.
  json::Value Track(const json::Value& live, const json::Value& object) const;
  // What was applied, if it is what the path names, with defaults.
  Outcome<json::Value> Placed(const json::Value& live, json::Value object) const;
  Outcome<http::Response> Update(const Edit& edit);
  http::Response Respond(int status, const VersionPtr& version) const;
  bool Exists() const;

  Registry& registry_;
  const http::Request& request_;
  const Route& route_;
  const View& view_;
  const Resource& resource_;
  WriteQuery query_;
  WriteOptions options_;
  std::vector<std::string> unknown_;  // fields to warn of
};

}  // namespace coreflow::apiserver
