#include "pkg/kube/list_page.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::kube {
namespace {

std::string Item(const std::string& name, const std::string& more = "") {
  return R"({"metadata":{"namespace":"n","name":")" + name + R"(","uid":"u","resourceVersion":"7"})" + more + "}";
}
std::string List(const std::string& items) {
  return R"({"kind":"PodList","metadata":{"resourceVersion":"12","continue":"t"},"items":[)" + items + "]}";
}
SeenObject Seen(const std::string& name, const std::string& text) {
  return {.key = {"n", name}, .version = {"u", "7"}, .object = *json::Parse(text)};
}

TEST(ListPage, HasItemsVersionAndToken) {
  EXPECT_EQ(
      *ReadListPage(List(Item("a") + "," + Item("b"))),
      (ListPage{
          .resource_version = "12", .continue_token = "t", .items = {Seen("a", Item("a")), Seen("b", Item("b"))}}));
}

TEST(ListPage, ItemsComeWithoutManagedFields) {
  const std::string item = R"({"metadata":{"name":"a","managedFields":[{"manager":"m"}]}})";
  EXPECT_EQ(ReadListPage(List(item))->items.front().object, *json::Parse(R"({"metadata":{"name":"a"}})"));
}

TEST(ListPage, ItemsHaveTheShapeThatIsAskedForAndTheListIsWhole) {
  static constexpr json::Shape kName[] = {{"name"}};
  static constexpr json::Shape kPod[] = {{"metadata", json::Shape::Read::kNamed, kName}};
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  for (const std::string& other : {std::string("{}"), R"({"metadata":{"name":"b"},"spec":)" + deep + "}"}) {
    auto page = ReadListPage(List(Item("a", R"(,"spec":{})") + "," + other),
                             {.read = json::Shape::Read::kNamed, .members = kPod});
    EXPECT_EQ(page->resource_version, "12");
    EXPECT_EQ(page->continue_token, "t");
    EXPECT_EQ(page->items.front().object, *json::Parse(R"({"metadata":{"name":"a"}})")) << "beside " << other;
  }
}

TEST(ListPage, MayBeEmpty) {
  EXPECT_EQ(*ReadListPage(R"({"metadata":{"resourceVersion":"12"},"items":null})"),
            (ListPage{.resource_version = "12"}));
}

TEST(ListPage, AnItemNestedTooDeepIsNamedAndTheOthersAreRead) {
  std::string deep = std::string(300, '[') + std::string(300, ']');
  auto page = ReadListPage(List(Item("a") + "," + Item("bad", R"(,"spec":)" + deep) + "," + Item("b")));
  EXPECT_EQ(
      *page,
      (ListPage{.resource_version = "12",
                .continue_token = "t",
                .items = {Seen("a", Item("a")),
                          {.key = {"n", "bad"}, .version = {"u", "7"}, .trouble = json::Parse(deep).error().message},
                          Seen("b", Item("b"))}}));
}

TEST(ListPage, AListThatIsCutAnywhereIsAnError) {
  std::string whole = List(Item("a") + "," + Item("b"));
  for (size_t size = 0; size < whole.size() - 1; ++size) {
    std::string cut = whole.substr(0, size);
    bool all_items = cut.ends_with("]");
    EXPECT_TRUE(!ReadListPage(cut) || (all_items && ReadListPage(cut)->items.size() == 2)) << cut;
  }
}

TEST(ListPage, OtherAnswersAreErrors) {
  for (const char* text :
       {"", "<html>", "{}", "[]", R"({"items":[]})", R"({"metadata":{"resourceVersion":7},"items":[]})",
        R"({"kind":"Pod","metadata":{"resourceVersion":"7"}})", R"({"metadata":{"resourceVersion":"7"},"items":{}})"}) {
    auto page = ReadListPage(text);
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, Code::kUnavailable);
  }
}

}  // namespace
}  // namespace coreflow::kube
