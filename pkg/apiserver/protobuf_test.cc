#include "pkg/apiserver/protobuf.h"

#include <gtest/gtest.h>

#include <string>

#include "pkg/json/write.h"

namespace coreflow::apiserver {
namespace {

// A field of bytes; shorter than 128.
std::string Bytes(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}
std::string Number(int number, char value) { return {static_cast<char>(number << 3), value}; }
std::string Message(const std::string& kind, const std::string& raw) {
  return std::string("k8s\0", 4) + Bytes(1, Bytes(1, "v1") + Bytes(2, kind)) + Bytes(2, raw) + Bytes(3, "");
}
std::string Decode(const std::string& bytes) {
  const auto value = FromProtobuf(bytes);
  return value ? json::Write(*value) : value.error().message;
}

TEST(Protobuf, ReadsWhatStandsInPlaceOfItsParent) {
  const std::string claim = Bytes(10, Bytes(1, "claim") + Number(2, 1));
  const std::string volume = Bytes(1, Bytes(1, "v") + Bytes(2, claim));
  EXPECT_EQ(Decode(Message("Pod", Bytes(1, Bytes(1, "p")) + Bytes(2, volume))),
            R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"volumes":[{"name":"v",)"
            R"("persistentVolumeClaim":{"claimName":"claim","readOnly":true}}]}})");
}

TEST(Protobuf, ReadsMapsQuantitiesAndTimes) {
  const std::string hard = Bytes(1, Bytes(1, "pods") + Bytes(2, Bytes(1, "3")));
  EXPECT_EQ(Decode(Message("ResourceQuota", Bytes(2, hard))),
            R"({"apiVersion":"v1","kind":"ResourceQuota","spec":{"hard":{"pods":"3"}}})");
  EXPECT_EQ(Decode(Message("ConfigMap", Bytes(1, Bytes(8, "") + Bytes(9, Number(1, 5))))),
            R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"deletionTimestamp":"1970-01-01T00:00:05Z"}})");
}

TEST(Protobuf, ZeroIsSomethingOnlyWhereNothingIsPossible) {
  EXPECT_EQ(Decode(Message("Pod", Bytes(2, Number(4, 0) + Number(11, 0)))),
            R"({"apiVersion":"v1","kind":"Pod","spec":{"terminationGracePeriodSeconds":0}})");
}

TEST(Protobuf, RefusesWhatIsNone) {
  EXPECT_EQ(Decode("{}"), "no protobuf of Kubernetes: it does not start as one");
  EXPECT_EQ(Decode(Message("Workflow", "")), "no protobuf of Kubernetes: the kind Workflow is not known");
  EXPECT_EQ(Decode(Message("Pod", "\x0a\x7f")), "no protobuf of Kubernetes: it ends too early");
  EXPECT_EQ(Decode(Message("Pod", "\x08\xff")), "no protobuf of Kubernetes: it ends within a number");
  EXPECT_EQ(Decode(Message("Pod", "\x0b")), "no protobuf of Kubernetes: an unknown type of field");
}

TEST(Protobuf, WhateverTheBytesNothingBreaks) {
  const std::string whole = Message("Pod", Bytes(1, Bytes(1, "p") + Bytes(8, Number(1, 5))) + Bytes(2, Bytes(2, "x")));
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      Decode(bytes);
    }
    Decode(whole.substr(0, at));
  }
}

}  // namespace
}  // namespace coreflow::apiserver
