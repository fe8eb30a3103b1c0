#include "pkg/store/xml.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::store {
namespace {

std::string Show(const XmlElement& element) {
  std::string text = element.name + "(" + element.text;
  for (const auto& child : element.children) text += Show(child);
  return text + ")";
}

struct Document {
  std::string text;
  std::string want;  // as Show() has it, or what the error says
};
void PrintTo(const Document& document, std::ostream* out) { *out << document.text.substr(0, 60); }

class XmlTest : public testing::TestWithParam<Document> {};

TEST_P(XmlTest, Reads) {
  const auto read = ParseXml(GetParam().text);
  EXPECT_EQ(read ? Show(*read) : read.error().message, GetParam().want);
}

std::string Nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "<a>";
  for (int i = 0; i < depth; ++i) text += "</a>";
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Good, XmlTest,
    testing::Values(Document{"<a/>", "a()"}, Document{"<?xml version=\"1.0\"?>\n<a x='1' y = \"2>\">t</a>\n", "a(t)"},
                    Document{" \n<?xml version=\"1.0\"?><s:a xmlns:s=\"u\"><s:b>1</s:b><c/></s:a>", "a(b(1)c())"},
                    Document{"<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#xe9;&#x20AC;&#x1F600;</a>", "a(<&>\"'ABé€😀)"},
                    Document{"<!-- c --><a>x<!-- <b> -->y</a ><!-- d -->", "a(xy)"},
                    Document{"<a>1<b>2</b>3</a>", "a(13b(2))"}));

INSTANTIATE_TEST_SUITE_P(
    Bad, XmlTest,
    testing::Values(
        Document{"", "bad XML: no element"}, Document{"text", "bad XML: no element"},
        Document{"<a>", "bad XML: cut off"}, Document{"<a", "bad XML: the end of a tag is missing"},
        Document{"<", "bad XML: a name is missing"}, Document{"<a></b>", "bad XML: a closing tag is missing"},
        Document{"<a></", "bad XML: a closing tag is missing"},
        Document{"<a/><b/>", "bad XML: something behind the document"},
        Document{"<a b></a>", "bad XML: an attribute has no value"},
        Document{"<a b=c></a>", "bad XML: the value of an attribute has no quotes"},
        Document{"<a b=\"c></a>", "bad XML: the end of an attribute is missing"},
        Document{"<a /x>", "bad XML: a tag ends wrongly"}, Document{"<a>&x;</a>", "bad XML: an unknown entity"},
        Document{"<a>&#xD800;</a>", "bad XML: an unknown entity"},
        Document{"<a>&#0;</a>", "bad XML: an unknown entity"}, Document{"<a>&#;</a>", "bad XML: an unknown entity"},
        Document{"<a>&amp</a>", "bad XML: an unknown entity"},
        Document{"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "bad XML: a name is missing"},
        Document{"<a><![CDATA[x]]></a>", "bad XML: neither element, text nor comment"},
        Document{"<a><!-- </a>", "bad XML: the end of something is missing"},
        Document{Nested(17), "bad XML: nested too deep"}));

TEST(XmlTest, SixteenLevelsAreFine) { EXPECT_TRUE(ParseXml(Nested(16)).has_value()); }

}  // namespace
}  // namespace coreflow::store
