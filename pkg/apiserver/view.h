#pragma once

#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/store.h"
#include "pkg/apiserver/table.h"
#include "pkg/base/loop.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// How a client wants objects: whole, their metadata alone, or as rows of a table.
struct View {
  enum class Form { kFull, kMetadata, kTable };
  Form form = Form::kFull;
  RowObject row_object = RowObject::kMetadata;  // of a table
  const Loop* loop = nullptr;                   // for ages in a table

  // Whether it shows an object as it is stored.
  bool IsWhole(const Resource& resource) const { return form == Form::kFull && resource.stored_as == nullptr; }
  // One object as it is shown.
  json::Value Of(const Resource& resource, const VersionPtr& version) const;
  // Its JSON.
  std::string Text(const Resource& resource, const VersionPtr& version) const;
};

// What the Accept header and `includeObject` ask for; 406 when the server has no such form.
Outcome<View> ViewOf(const http::Request& request, const Route& route, const Loop& loop);

}  // namespace coreflow::apiserver
