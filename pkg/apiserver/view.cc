#include "pkg/apiserver/view.h"

#include <optional>

#include "pkg/apiserver/event_view.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/watch.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

using Form = View::Form;

bool Has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// One alternative of an Accept header; nullopt for what there is no such form of.
std::optional<Form> FormOf(std::string_view accepted) {
  if (Has(accepted, "*/*") || Has(accepted, "application/*")) return Form::kFull;
  if (!Has(accepted, "application/json")) return std::nullopt;
  if (Has(accepted, "as=PartialObjectMetadata")) return Form::kMetadata;
  if (Has(accepted, "as=Table")) return Form::kTable;
  return Has(accepted, "as=") ? std::nullopt : std::optional(Form::kFull);
}

std::optional<Form> FirstForm(std::string_view header) {
  if (header.empty()) return Form::kFull;
  for (std::string_view rest = header;;) {
    const size_t comma = rest.find(',');
    if (const auto form = FormOf(rest.substr(0, comma))) return form;
    if (comma == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

json::Value View::Of(const Resource& resource, const VersionPtr& version) const {
  if (form == Form::kFull) return FromStored(resource, version->object());
  if (form == Form::kMetadata) return OnlyMetadata(version->object());
  json::Object metadata{{"resourceVersion", version->object()["metadata"]["resourceVersion"]}};
  return TableOf(resource, {version}, std::move(metadata), row_object, loop->Now());
}

std::string View::Text(const Resource& resource, const VersionPtr& version) const {
  return IsWhole(resource) ? version->Text() : json::Write(Of(resource, version));
}

Outcome<View> ViewOf(const http::Request& request, const Route& route, const Loop& loop) {
  const auto form = FirstForm(HeaderOf(request, "Accept"));
  if (!form) {
    return Failure{.code = 406,
                   .reason = "NotAcceptable",
                   .message = "only the following media types are accepted: application/json"};
  }
  const std::string wanted = route.Get("includeObject");
  const RowObject rows = wanted == "None"     ? RowObject::kNone
                         : wanted == "Object" ? RowObject::kWhole
                                              : RowObject::kMetadata;
  return View{.form = *form, .row_object = rows, .loop = &loop};
}

}  // namespace coreflow::apiserver
