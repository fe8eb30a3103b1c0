#include "pkg/data/data_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "pkg/artifact/artifact.h"
#include "pkg/base/hash.h"
#include "pkg/data/test_service.h"
#include "pkg/http/blocking_connection.h"
#include "pkg/http/message_reader.h"
#include "pkg/http/sockets.h"
#include "pkg/json/parse.h"

namespace coreflow::data {
namespace {

using artifact::GetToken;
using artifact::PutToken;
using testing::HasSubstr;
using testing::StartsWith;

constexpr Duration kLimit{60'000};
constexpr char kPath[] = "/v1/namespaces/team/pods/train-1/blobs";

// "200 the body", or "gone" when no answer came.
std::string Finish(http::BlockingConnection& connection) {
  http::MessageReader reader(connection, http::MessageReader::Kind::kResponse);
  const auto head = reader.ReadHead();
  if (!head) return "gone";
  std::string text = std::to_string(head->status) + " ";
  std::vector<char> buffer(1000);
  while (true) {
    const auto count = reader.ReadBody(buffer);
    if (!count) return text + "[cut off]";
    if (*count == 0) return text;
    text.append(buffer.data(), *count);
  }
}

// Sends that text as it is.
std::string Ask(const TestService& test, const std::string& text) {
  http::BlockingConnection connection(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
  if (!test.fingerprint.empty()) {
    const auto secured = connection.SecureAsClient(*http::TlsContext::ForClient(), test.fingerprint);
    if (!secured) return secured.error().message;
  }
  EXPECT_TRUE(connection.Write(text).has_value());
  return Finish(connection);
}

std::string Request(const std::string& method, const std::string& path, const std::string& token,
                    const std::string& more = "\r\n") {
  return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" +
         (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + more;
}

std::string Put(const TestService& test, const std::string& bytes, const std::string& name_space = "team") {
  return Ask(test, Request("PUT", "/v1/namespaces/" + name_space + "/pods/train-1/blobs",
                           PutToken(test.key, name_space, "train-1"),
                           "Content-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes));
}

std::string Get(const TestService& test, const std::string& digest, const std::string& name_space = "team",
                const std::string& pod = "use-1") {
  return Ask(test, Request("GET", "/v1/namespaces/" + name_space + "/pods/" + pod + "/blobs/" + digest,
                           GetToken(test.key, name_space, pod, digest)));
}

class Size : public testing::TestWithParam<size_t> {};

TEST_P(Size, ComesBackAsItWasPut) {
  TestService test;
  const std::string bytes = SomeBytes(GetParam());
  const std::string digest = Sha256Hex(bytes);
  EXPECT_EQ(Put(test, bytes),
            "201 {\"bytes\":" + std::to_string(bytes.size()) + ",\"digest\":\"sha256:" + digest + "\"}\n");
  EXPECT_TRUE(Get(test, digest) == "200 " + bytes);
  const auto entry = json::Parse(*test.store.GetEntry("team/blobs/" + digest));
  EXPECT_EQ((*entry)["bytes"].IntOr(-1), static_cast<int64_t>(bytes.size()));
  EXPECT_TRUE(ParseTime((*entry)["at"].StringOr("")).has_value());
}

INSTANTIATE_TEST_SUITE_P(Blobs, Size, testing::Values(0, 1, size_t{5} << 20));

TEST(DataService, TakesChunksAndClientsThatAskFirst) {
  const TestService test;
  const std::string token = PutToken(test.key, "team", "train-1");
  EXPECT_THAT(
      Ask(test, Request("PUT", kPath, token, "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n00002\r\nde\r\n0\r\n\r\n")),
      HasSubstr(Sha256Hex("abcde")));
  EXPECT_EQ(Ask(test, Request("PUT", kPath, token, "Expect: 100-continue\r\nContent-Length: 1\r\n\r\na")), "100 ");
}

TEST(DataService, WantsTheTokenForJustThat) {
  const TestService test;
  const std::string digest = Sha256Hex("abc");
  const std::string other = Sha256Hex("other");
  ASSERT_THAT(Put(test, "abc"), StartsWith("201"));
  const std::string get = std::string(kPath) + "/" + digest;
  const std::string body = "Content-Length: 3\r\n\r\nabc";
  const std::string put_token = PutToken(test.key, "team", "train-1");
  const std::string get_token = GetToken(test.key, "team", "train-1", digest);
  ASSERT_EQ(Ask(test, Request("GET", get, get_token)), "200 abc");
  const std::string refused = "401 this needs another token\n";
  for (const std::string& token :
       {std::string(), std::string("x"), get_token, PutToken(test.key, "team", "train-2"),
        PutToken(test.key, "other", "train-1"), PutToken("another key", "team", "train-1"), put_token + "0"}) {
    EXPECT_EQ(Ask(test, Request("PUT", kPath, token, body)), refused) << token;
  }
  for (const std::string& token :
       {std::string(), std::string("x"), put_token, GetToken(test.key, "team", "train-2", digest),
        GetToken(test.key, "other", "train-1", digest), GetToken(test.key, "team", "train-1", other)}) {
    EXPECT_EQ(Ask(test, Request("GET", get, token)), refused) << token;
    EXPECT_EQ(Ask(test, Request("GET", std::string(kPath) + "/" + other, token == get_token ? "" : token)).substr(0, 3),
              token == GetToken(test.key, "team", "train-1", other) ? "404" : "401");
  }
}

TEST(DataService, GivesANamespaceOnlyWhatWasPutForIt) {
  const TestService test;
  const std::string digest = Sha256Hex("secret");
  ASSERT_THAT(Put(test, "secret", "theirs"), StartsWith("201"));
  EXPECT_EQ(Get(test, digest, "theirs"), "200 secret");
  EXPECT_EQ(Get(test, digest, "ours"), "404 this namespace has no such blob\n");
  ASSERT_THAT(Put(test, "secret", "ours"), StartsWith("201"));
  EXPECT_EQ(Get(test, digest, "ours"), "200 secret");
}

TEST(DataService, HasNoBlobWhoseEntryAloneIsLeft) {
  const TestService test;
  const std::string digest = Sha256Hex("abc");
  ASSERT_THAT(Put(test, "abc"), StartsWith("201"));
  std::filesystem::remove(test.FileOf(digest));
  EXPECT_EQ(Get(test, digest), "404 this namespace has no such blob\n");
}

TEST(DataService, RefusesWhatIsNoRequestOfItsOwn) {
  const TestService test({.most_bytes = 10});
  const std::string token = PutToken(test.key, "team", "train-1");
  const std::string digest(64, 'a');
  EXPECT_THAT(Ask(test, "hello\r\n\r\n"), StartsWith("400 "));
  EXPECT_THAT(Ask(test, Request("GET", "/" + std::string(20'000, 'a'), token)), StartsWith("400 "));
  EXPECT_THAT(Ask(test, Request("GET", "/", token)), StartsWith("404 "));
  EXPECT_THAT(Ask(test, Request("GET", "/v1/namespaces/team/pods/train-1/blobsx", token)), StartsWith("404 "));
  EXPECT_THAT(Ask(test, Request("PUT", "/v1/namespaces/Team/pods/train-1/blobs", token)), StartsWith("400 "));
  EXPECT_THAT(Ask(test, Request("PUT", "/v1/namespaces/../pods/train-1/blobs", token)), StartsWith("400 "));
  EXPECT_THAT(Ask(test, Request("PUT", "/v1/namespaces/a/pods/x/y/blobs", token)), StartsWith("400 "));
  EXPECT_THAT(Ask(test, Request("GET", std::string(kPath) + "/abc", token)), StartsWith("400 "));
  EXPECT_THAT(Ask(test, Request("GET", kPath, token)), StartsWith("405 "));
  EXPECT_THAT(Ask(test, Request("POST", kPath, token)), StartsWith("405 "));
  EXPECT_THAT(Ask(test, Request("DELETE", std::string(kPath) + "/" + digest, token)), StartsWith("405 "));
  EXPECT_THAT(Ask(test, Request("PUT", kPath, token)), StartsWith("411 "));
  EXPECT_EQ(Put(test, "01234567890"), "413 a blob has at most 10 bytes\n");
  EXPECT_EQ(Ask(test, Request("PUT", kPath, token,
                              "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n")),
            "413 a blob has at most 10 bytes\n");
  EXPECT_THAT(Ask(test, Request("PUT", kPath, token, "Transfer-Encoding: chunked\r\n\r\nzz\r\n")), StartsWith("400 "));
  EXPECT_EQ(test.CountFiles(), 0);
}

TEST(DataService, SaysWhenItsStoreIsDown) {
  TestService test;
  const std::string digest = Sha256Hex("abc");
  ASSERT_THAT(Put(test, "abc"), StartsWith("201"));
  test.store.down = true;
  EXPECT_EQ(Put(test, "abc"), "503 the store is down\n");
  EXPECT_EQ(Get(test, digest), "503 the store is down\n");
  test.store.down = false;
  EXPECT_EQ(Get(test, digest), "200 abc");
}

TEST(DataService, SaysWhenItsStoreIsFull) {
  TestService test;
  test.store.full = true;
  EXPECT_EQ(Put(test, "abc"), "507 the store is full\n");
}

TEST(DataService, StoresNothingOfAPutThatIsCutOff) {
  TestService test;
  const std::string token = PutToken(test.key, "team", "train-1");
  const std::string much = SomeBytes(3'000'000);
  for (const std::string& head :
       {std::string("Content-Length: 3000001\r\n\r\n"), std::string("Transfer-Encoding: chunked\r\n\r\n2dc6c0\r\n")}) {
    http::BlockingConnection connection(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
    ASSERT_TRUE(connection.Write(Request("PUT", kPath, token, head) + much).has_value());
    connection.EndWriting();
    EXPECT_EQ(Finish(connection), "gone");
  }
  test.service->Stop();
  EXPECT_EQ(test.CountFiles(), 0);
}

TEST(DataService, CutsOffWhatIsStillUnderWayWhenItStops) {
  TestService test({.stop_grace = Duration(0)});
  const std::string token = PutToken(test.key, "team", "train-1");
  http::BlockingConnection connection(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
  ASSERT_TRUE(connection.Write(Request("PUT", kPath, token, "Expect: x\r\nContent-Length: 9\r\n\r\nabc")).has_value());
  EXPECT_EQ(Finish(connection), "100 ");
  test.service->Stop();
  EXPECT_EQ(Finish(connection), "gone");
  EXPECT_EQ(test.CountFiles(), 0);
}

TEST(DataService, LetsClientsWaitThatAreMoreThanItServes) {
  const TestService test({.most_connections = 1});
  const std::string token = PutToken(test.key, "team", "train-1");
  http::BlockingConnection first(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
  ASSERT_TRUE(first.Write(Request("PUT", kPath, token, "Expect: x\r\nContent-Length: 3\r\n\r\n")).has_value());
  EXPECT_EQ(Finish(first), "100 ");
  http::BlockingConnection second(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
  ASSERT_TRUE(second.Write(Request("PUT", kPath, token, "Content-Length: 3\r\n\r\ndef")).has_value());
  EXPECT_FALSE(second.Readable());
  ASSERT_TRUE(first.Write("abc").has_value());
  EXPECT_THAT(Finish(first), StartsWith("201 "));
  EXPECT_THAT(Finish(second), StartsWith("201 "));
}

TEST(DataService, EndsWithClientsThatSayNothing) {
  const TestService test({.head_limit = Duration(50)});
  EXPECT_EQ(Ask(test, "GET "), "gone");
}

TEST(DataService, TheSameUnderTls) {
  const TestService test({.identity = *MakeIdentity()});
  const std::string bytes = SomeBytes(size_t{5} << 20);
  EXPECT_THAT(Put(test, bytes), HasSubstr(Sha256Hex(bytes)));
  EXPECT_TRUE(Get(test, Sha256Hex(bytes)) == "200 " + bytes);
  http::BlockingConnection plain(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
  ASSERT_TRUE(plain.Write(Request("GET", kPath, "")).has_value());
  EXPECT_EQ(Finish(plain), "gone");
}

TEST(DataService, DoesNotStartWhereItCanNot) {
  TestService test;
  const auto start = [&](DataService::Options options) {
    const auto started = DataService::Start(std::move(options), test.store);
    return started ? "started" : CodeName(started.error().code);
  };
  EXPECT_STREQ(start({.address = "nowhere"}), "Invalid");
  EXPECT_STREQ(start({.port = test.service->port()}), "Unavailable");
  EXPECT_STREQ(start({.identity = Identity{.certificate = "x"}}), "Invalid");
}

}  // namespace
}  // namespace coreflow::data
