#pragma once

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/listing.h"
#include "pkg/apiserver/resource.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// Answers of the API server as HTTP responses.

http::Response JsonResponse(int status, std::string body);
http::Response FailureResponse(const Failure& failure);
http::Response PlainResponse(int status, std::string text);

// One object; `metadata_only` as PartialObjectMetadata.
http::Response ObjectResponse(int status, const Version& version, bool metadata_only);
// A list: PodList, whose items lack kind and apiVersion, or WorkflowList, whose items have them.
http::Response ListResponse(const Resource& resource, const Page& page, bool metadata_only);
// The success that a delete answers with where it does not answer with the object.
http::Response DeletedResponse(const Resource& resource, const json::Value& object);

// What the Accept header asks for.
enum class Form { kFull, kMetadata, kNone };
Form FormOf(const http::Request& request);

}  // namespace coreflow::apiserver
