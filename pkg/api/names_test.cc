#include "pkg/api/names.h"

#include <gtest/gtest.h>

#include <cctype>
#include <ostream>
#include <vector>

namespace coreflow::api {
namespace {

struct Case {
  std::string name;
  bool (*rule)(std::string_view);
  std::vector<std::string> good;
  std::vector<std::string> bad;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class NamesTest : public testing::TestWithParam<Case> {};

TEST_P(NamesTest, TellsGoodFromBad) {
  for (const std::string& name : GetParam().good) EXPECT_TRUE(GetParam().rule(name)) << "\"" << name << "\"";
  for (const std::string& name : GetParam().bad) EXPECT_FALSE(GetParam().rule(name)) << "\"" << name << "\"";
}

const std::string kNul("a\0b", 3);
const std::string kDigest(64, 'a');

INSTANTIATE_TEST_SUITE_P(
    Rules, NamesTest,
    testing::Values(
        Case{"StepName",
             IsStepName,
             {"a", "a1", "word-count", std::string(40, 'a')},
             {"", "-a", "a-", "1a", "A", "a_b", "a.b", std::string(41, 'a'), kNul, "\xC3\xA4"}},
        Case{"ParameterName",
             IsParameterName,
             {"a", "aB_9", std::string(63, 'a')},
             {"", "A", "_a", "9a", "a-b", std::string(64, 'a'), kNul}},
        Case{"ObjectName",
             IsObjectName,
             {"a", "a.b-c", "0", std::string(63, 'a')},
             {"", "a.", ".a", "a..b", "a-.b", "A", "a_b", std::string(64, 'a'), kNul}},
        Case{"DnsSubdomain",
             [](std::string_view name) { return IsDnsSubdomain(name); },
             {"a", "a.b", std::string(63, 'a') + "." + std::string(63, 'b')},
             {"", "a..b", std::string(254, 'a')}},
        Case{"EnvName", IsEnvName, {"A", "_a", "a.b-c", "my.VAR"}, {"", "1A", "a b", "a=b", ".", "..a", kNul}},
        Case{"LabelKey",
             IsLabelKey,
             {"app", "a.b/c_D.e-f", std::string(63, 'a')},
             {"", "/a", "a/", "a/b/c", "-a", "A B", "A/b", std::string(64, 'a')}},
        Case{"LabelValue", IsLabelValue, {"", "a", "1.2-3_4"}, {"-a", "a-", "a b", std::string(64, 'a')}},
        Case{"ImageReference",
             IsImageReference,
             {"busybox", "busybox:1.36", "library/busybox", "registry.k8s.io/pause:3.10", "localhost/a",
              "localhost:5000/a/b:c", "Ghcr.IO/owner.x/a", "a@sha256:" + kDigest, "r.io:80/a:t@sha256:" + kDigest,
              "a__b/c-d---e.f"},
             {"", "Busybox", "busy box", "busybox:", ":1", "a//b", "/a", "a/", "a:b:c", "a@sha256:12", "a@",
              "a@" + kDigest, "https://r.io/a", "a..b", "-a", "a___b", "a:" + std::string(129, 't'), "a\n"}},
        Case{"Quantity",
             IsQuantity,
             {"0", "1", "500m", "1.5Gi", ".5", "1.", "1e3", "2E-3", "100n", "10Ei"},
             {"", "m", "-1", "1 Gi", "1GiB", "1e", "1e+", "1.5.5", "1kib", "lots", "1e9999"}}),
    [](const auto& info) { return info.param.name; });

TEST(NamesTest, ImageReferenceRefusesARegistryInUpperCasePathOnly) {
  EXPECT_FALSE(IsImageReference("ghcr.io/owner/Name"));
}

TEST(NamesTest, UpperCaseIsAsciiOnly) { EXPECT_EQ(UpperCase("inputPath_2"), "INPUTPATH_2"); }

// Names come from objects that anybody wrote: no length and no byte may break a rule's code.
TEST(NamesTest, AnyBytesOfAnyLengthAreSafe) {
  for (size_t length = 0; length <= 300; ++length) {
    for (int byte = 0; byte < 256; byte += length % 7 + 1) {
      std::string name(length, static_cast<char>(byte));
      bool any = IsStepName(name) || IsParameterName(name) || IsObjectName(name) || IsDnsSubdomain(name) ||
                 IsEnvName(name) || IsLabelKey(name) || IsLabelValue(name) || IsImageReference(name) ||
                 IsQuantity(name);
      bool plain = (byte < 128 && std::isalnum(byte)) || byte == '_' || byte == '-' || length == 0;
      EXPECT_TRUE(plain || !any) << length << " times byte " << byte;
    }
  }
}

}  // namespace
}  // namespace coreflow::api
