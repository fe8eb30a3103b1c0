#pragma once

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/listing.h"
#include "pkg/apiserver/resource.h"
#include "pkg/apiserver/view.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// Answers of the API server as HTTP responses.

http::Response JsonResponse(int status, std::string body);
http::Response FailureResponse(const Failure& failure);
http::Response PlainResponse(int status, std::string text);

http::Response ObjectResponse(int status, const Resource& resource, const VersionPtr& version, const View& view);
// A list: PodList, whose items lack kind and apiVersion, or WorkflowList, whose items have them; or a table.
http::Response ListResponse(const Resource& resource, const Page& page, const View& view);
// The success that a delete answers with where it does not answer with the object.
http::Response DeletedResponse(const Resource& resource, const json::Value& object);

}  // namespace coreflow::apiserver
