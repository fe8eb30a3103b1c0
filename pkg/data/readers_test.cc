#include "pkg/data/readers.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>

#include "pkg/artifact/reading.h"
#include "pkg/base/hash.h"
#include "pkg/data/test_service.h"
#include "pkg/http/blocking_connection.h"
#include "pkg/http/message_reader.h"
#include "pkg/http/sockets.h"
#include "pkg/json/parse.h"

namespace coreflow::data {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kRight[] = "team.right.token";

// What Kubernetes knows of tokens: anybody may have made them.
std::map<std::string, TokenOwner> Tokens() {
  const std::vector<std::string> ours = {artifact::kReaderAudience};
  const std::string team = artifact::ReaderName("team");
  return {
      {kRight, {.authenticated = true, .name = team, .audiences = ours}},
      {"team.expired.token", {.authenticated = false, .name = team, .audiences = ours}},
      {"other.audience.token", {.authenticated = true, .name = team, .audiences = {"https://kubernetes"}}},
      {"no.audience.token", {.authenticated = true, .name = team}},
      {"other.namespace.token", {.authenticated = true, .name = artifact::ReaderName("theirs"), .audiences = ours}},
      {"other.account.token", {.authenticated = true, .name = "system:serviceaccount:team:default", .audiences = ours}},
      {"a.user.token", {.authenticated = true, .name = "team:coreflow-reader", .audiences = ours}}};
}

class ReadersTest : public testing::Test {
 protected:
  const char* Ask(const std::string& token, const std::string& name_space = "team") {
    const auto checked = readers_.Check(token, name_space);
    if (checked) return "may";
    EXPECT_EQ(checked.error().message.find(token), std::string::npos) << checked.error().message;
    return CodeName(checked.error().code);
  }

  std::map<std::string, TokenOwner> tokens_ = Tokens();
  std::map<std::string, int> asked_;
  bool down_ = false;
  std::chrono::steady_clock::time_point now_ = {};
  Readers readers_{[this](const std::string& token) -> Result<TokenOwner> {
                     ++asked_[token];
                     if (down_) return Error{.code = Code::kUnavailable, .message = "no answer"};
                     return tokens_[token];
                   },
                   [this] { return now_; }};
};

TEST_F(ReadersTest, OnlyATokenOfTheNamespacesAccountForOurAudienceLetsRead) {
  for (const auto& [token, owner] : Tokens()) {
    EXPECT_STREQ(Ask(token), token == kRight ? "may" : "Forbidden") << token;
  }
  EXPECT_STREQ(Ask("junk.of.somebody"), "Forbidden");
  EXPECT_STREQ(Ask(kRight, "theirs"), "Forbidden");
}

TEST_F(ReadersTest, WhatCanBeNoTokenIsNotAskedFor) {
  for (const std::string& token : {std::string("x"), std::string("a.b"), std::string("a.b.c.d"), std::string("a.b.c\n"),
                                   std::string("a.b.\xff"), std::string("a.b.") + std::string(10'000, 'c')}) {
    EXPECT_STREQ(Ask(token), "Forbidden");
  }
  EXPECT_FALSE(readers_.Check("", "team").has_value());
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ReadersTest, AnAnswerIsBelievedForTenSecondsAndARefusalForTwo) {
  EXPECT_STREQ(Ask(kRight), "may");
  now_ += milliseconds(9'999);
  tokens_[kRight].authenticated = false;
  EXPECT_STREQ(Ask(kRight), "may");
  EXPECT_EQ(asked_[kRight], 1);
  now_ += milliseconds(1);
  EXPECT_STREQ(Ask(kRight), "Forbidden");
  EXPECT_EQ(asked_[kRight], 2);
  tokens_[kRight].authenticated = true;
  now_ += milliseconds(1'999);
  EXPECT_STREQ(Ask(kRight), "Forbidden");
  now_ += milliseconds(1);
  EXPECT_STREQ(Ask(kRight), "may");
  EXPECT_EQ(asked_[kRight], 3);
}

TEST_F(ReadersTest, ThatKubernetesCanNotBeAskedIsNoAnswerAndNotRemembered) {
  down_ = true;
  EXPECT_STREQ(Ask(kRight), "Unavailable");
  down_ = false;
  EXPECT_STREQ(Ask(kRight), "may");
}

TEST_F(ReadersTest, AFloodPushesOutNobodyAndIsForgotten) {
  EXPECT_STREQ(Ask(kRight), "may");
  const auto junk = [](size_t number) { return "junk.no." + std::to_string(number); };
  for (size_t number = 0; number < Readers::kMostKnown + 10; ++number) EXPECT_STREQ(Ask(junk(number)), "Forbidden");
  EXPECT_STREQ(Ask(kRight), "may");
  EXPECT_EQ(asked_[kRight], 1);
  EXPECT_STREQ(Ask(junk(Readers::kMostKnown + 5)), "Forbidden");
  EXPECT_EQ(asked_[junk(Readers::kMostKnown + 5)], 2);  // there was no room to remember it
  now_ += seconds(2);
  EXPECT_STREQ(Ask(junk(Readers::kMostKnown + 5)), "Forbidden");
  EXPECT_STREQ(Ask(junk(Readers::kMostKnown + 5)), "Forbidden");
  EXPECT_EQ(asked_[junk(Readers::kMostKnown + 5)], 3);
}

// Each way to ask for a blob, with each token that somebody could have.
class ReadingTest : public testing::Test {
 protected:
  static Result<TokenOwner> Review(const std::string& token) { return Tokens()[token]; }

  ReadingTest() {
    Put("team", "ours");
    Put("theirs", "secret");
  }

  void Put(const std::string& name_space, const std::string& bytes) {
    std::string_view left = bytes;
    const auto blob = test_.store.PutBlob(
        [&](std::span<char> buffer) -> Result<size_t> {
          const size_t count = left.copy(buffer.data(), buffer.size());
          left.remove_prefix(count);
          return count;
        },
        {});
    ASSERT_TRUE(blob.has_value());
    ASSERT_TRUE(test_.store.PutEntry(name_space + "/blobs/" + blob->digest.hex(), "{}").has_value());
  }

  // "200 the body".
  static std::string Ask(const TestService& test, const std::string& method, const std::string& path,
                         const std::string& headers) {
    constexpr Duration kLimit{60'000};
    http::BlockingConnection connection(*http::Connect("127.0.0.1", test.service->port(), kLimit), kLimit);
    EXPECT_TRUE(connection.Write(method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").has_value());
    http::MessageReader reader(connection, http::MessageReader::Kind::kResponse);
    const auto head = reader.ReadHead();
    if (!head) return "gone";
    std::string text = std::to_string(head->status) + " ";
    std::vector<char> buffer(1000);
    for (auto count = reader.ReadBody(buffer); count && *count > 0; count = reader.ReadBody(buffer)) {
      text.append(buffer.data(), *count);
    }
    return text;
  }
  static std::string Status(const std::string& answer) {
    const auto body = json::Parse(answer.substr(4));
    if (!body || (*body)["kind"].StringOr("") != "Status") return "no Status: " + answer;
    return (*body)["reason"].StringOr("") + " " + std::to_string((*body)["code"].IntOr(0)) + " " +
           (*body)["message"].StringOr("");
  }

  const std::string ours_ = Sha256Hex("ours");
  const std::string secret_ = Sha256Hex("secret");
  TestService test_{{.review = Review}};
};

TEST_F(ReadingTest, NoRouteGivesAnythingWithoutTheRightToken) {
  const std::string courier = artifact::GetToken(test_.key, "team", "train-1", ours_);
  const std::string put = artifact::PutToken(test_.key, "team", "train-1");
  const std::vector<std::string> routes = {
      "/v1/namespaces/team/blobs/" + ours_, "/v1/namespaces/theirs/blobs/" + secret_,
      "/v1/namespaces/team/pods/train-1/blobs/" + ours_, "/v1/namespaces/theirs/pods/train-1/blobs/" + secret_,
      "/v1/namespaces/team/blobs/" + secret_};
  std::vector<std::string> tokens = {"", "junk", "junk.junk.junk", courier, put};
  for (const auto& [token, owner] : Tokens()) tokens.push_back(token);
  int read = 0;
  for (const std::string& route : routes) {
    for (const std::string& token : tokens) {
      for (const char* header : {"CoreFlow-Token: ", "Authorization: Bearer "}) {
        const bool by_reader = header[0] == 'C';
        const std::string answer = Ask(test_, "GET", route, token.empty() ? "" : header + token + "\r\n");
        const bool may = (route == routes[0] && by_reader && token == kRight) ||
                         (route == routes[1] && by_reader && token == "other.namespace.token") ||
                         (route == routes[2] && !by_reader && token == courier);
        read += may ? 1 : 0;
        if (may) {
          EXPECT_EQ(answer, route == routes[1] ? "200 secret" : "200 ours") << route << " " << header << token;
        } else {
          EXPECT_EQ(answer.substr(0, 1), "4") << route << " " << header << token << ": " << answer;
          EXPECT_EQ(answer.find("ours\n"), std::string::npos) << answer;
        }
      }
    }
  }
  EXPECT_EQ(read, 3);
}

TEST_F(ReadingTest, WhatTheNamespaceDoesNotHaveIsNotThere) {
  const std::string token = std::string("CoreFlow-Token: ") + kRight + "\r\n";
  EXPECT_EQ(Status(Ask(test_, "GET", "/v1/namespaces/team/blobs/" + secret_, token)),
            "CoreFlowData 404 this namespace has no such blob");
  EXPECT_EQ(Status(Ask(test_, "GET", "/v1/namespaces/theirs/blobs/" + secret_, token)),
            "CoreFlowData 403 this needs a token of system:serviceaccount:theirs:coreflow-reader for the audience "
            "coreflow-data");
}

TEST_F(ReadingTest, ReadersOnlyRead) {
  const std::string token = std::string("CoreFlow-Token: ") + kRight + "\r\n";
  for (const char* method : {"PUT", "POST", "DELETE", "HEAD"}) {
    const std::string answer = Ask(test_, method, "/v1/namespaces/team/blobs/" + ours_, token);
    EXPECT_EQ(answer.substr(0, 3), "405") << answer;
  }
  EXPECT_EQ(Ask(test_, "PUT", "/v1/namespaces/team/pods/train-1/blobs", token).substr(0, 3), "401");
  EXPECT_EQ(Ask(test_, "GET", "/v1/namespaces/team/blobs/" + ours_, token), "200 ours");
}

TEST_F(ReadingTest, ItsTermsAreToldToAnybody) {
  EXPECT_EQ(Ask(test_, "GET", "/v1/readers", ""), "200 {\"readers\":\"Token\"}\n");
  const TestService closed;
  EXPECT_EQ(Ask(closed, "GET", "/v1/readers", ""), "200 {\"readers\":\"Nobody\"}\n");
}

TEST_F(ReadingTest, WhereNobodyMayAskWhoseTokensAreNobodyReads) {
  const TestService closed;
  const std::string token = std::string("CoreFlow-Token: ") + kRight + "\r\n";
  EXPECT_EQ(Status(Ask(closed, "GET", "/v1/namespaces/team/blobs/" + ours_, token)),
            "CoreFlowData 403 this install lets nobody read its store");
}

TEST_F(ReadingTest, TooManyReadersComeAgain) {
  const TestService busy({.review = Review, .most_readers = 0});
  const std::string token = std::string("CoreFlow-Token: ") + kRight + "\r\n";
  EXPECT_EQ(Status(Ask(busy, "GET", "/v1/namespaces/team/blobs/" + ours_, token)),
            "CoreFlowData 503 too many read already: try again");
}

}  // namespace
}  // namespace coreflow::data
