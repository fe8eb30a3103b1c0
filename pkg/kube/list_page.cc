#include "pkg/kube/list_page.h"

#include <optional>
#include <string_view>
#include <utility>

#include "pkg/json/parse.h"
#include "pkg/kube/raw_json.h"

namespace coreflow::kube {
namespace {

std::optional<ListPage> ReadParsed(const json::Value& list) {
  const json::Value* items = list.Find("items");
  if (items == nullptr || !(items->IsArray() || items->IsNull())) return std::nullopt;
  ListPage page{.resource_version = list["metadata"]["resourceVersion"].StringOr(""),
                .continue_token = list["metadata"]["continue"].StringOr("")};
  for (const json::Value& item : items->Elements()) page.items.push_back(ReadObject(item));
  return page;
}

// One item that can't be parsed would take the whole page with it; so each is parsed on its own. A list that is cut
// must stay an error: what it lacks would pass for deleted.
std::optional<ListPage> ReadRaw(std::string_view text, const json::Shape& shape) {
  std::string_view metadata = RawMember(text, "metadata").value_or("");
  ListPage page{.resource_version = RawString(metadata, "resourceVersion"),
                .continue_token = RawString(metadata, "continue")};
  auto items = RawElements(RawMember(text, "items").value_or(""));
  if (!items) return std::nullopt;
  for (std::string_view item : *items) page.items.push_back(ReadRawObject(item, shape));
  return page;
}

}  // namespace

Result<ListPage> ReadListPage(std::string_view text, const json::Shape& shape) {
  const json::Shape items{.name = "items", .read = shape.read, .members = shape.members};
  auto list = json::Parse(text, {.members = {&items, 1}});
  std::optional<ListPage> page = list ? ReadParsed(*list) : ReadRaw(text, shape);
  if (!page || page->resource_version.empty()) {
    return Error{.code = Code::kUnavailable, .message = "the answer is no list with a resourceVersion"};
  }
  return *std::move(page);
}

}  // namespace coreflow::kube
