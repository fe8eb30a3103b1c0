// What a whole answer looks like, and what a request looks like to the server.
#include <gtest/gtest.h>

#include "pkg/http/contract.h"

namespace coreflow::http {
namespace {

// Answers with what it was asked: "PUT /path body", and what was said of the content.
void Echo(TestServer::Conversation& talk) {
  const Request& request = talk.request();
  Response answer{.status = 200, .body = request.method + " " + request.target + " " + request.body};
  for (const auto& [name, value] : request.headers) {
    if (name == "content-type") answer.headers["X-Content-Type"] = value;
  }
  talk.Answer(answer);
}

TEST_P(ContractTest, SendsEveryMethodWithItsBody) {
  TestServer server(Echo);
  auto transport = MakeFor(server);
  struct Case {
    Request request;
    std::string want;
  };
  const std::vector<Case> cases = {
      {{.method = "GET", .target = "/"}, "200 GET / "},
      {{.method = "GET", .target = "/api/v1/pods?limit=500&continue=a%2Fb%3D"},
       "200 GET /api/v1/pods?limit=500&continue=a%2Fb%3D "},
      {{.method = "GET", .target = "/a%2Fb//c/../d?x=%26&y=[]"}, "Invalid: "},
      {{.method = "GET", .target = "/a%2Fb/d?x=%26,(k!=v)&fieldSelector=metadata.name%3Dx"},
       "200 GET /a%2Fb/d?x=%26,(k!=v)&fieldSelector=metadata.name%3Dx "},
      {{.method = "POST", .target = "/x", .body = "{}"}, "200 POST /x {}"},
      {{.method = "PUT", .target = "/x", .body = std::string("a\0b\r\n\r\nc", 8)},
       std::string("200 PUT /x a\0b\r\n\r\nc", 19)},
      {{.method = "PATCH", .target = "/x", .body = "[]"}, "200 PATCH /x []"},
      {{.method = "DELETE", .target = "/x"}, "200 DELETE /x "},
      {{.method = "DELETE", .target = "/x", .body = "{\"preconditions\":{}}"}, "200 DELETE /x {\"preconditions\":{}}"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Show(Ask(*transport, c.request)).substr(0, c.want.size()), c.want) << c.request.target;
  }
}

TEST_P(ContractTest, SendsLargeBodiesWhole) {
  TestServer server([](auto& talk) { talk.Answer({.status = 200, .body = talk.request().body}); });
  auto transport = MakeFor(server);
  std::string body;
  for (int i = 0; body.size() < 3'000'000; ++i) body += std::to_string(i) + ",";
  auto answer = Ask(*transport, {.method = "POST", .target = "/x", .body = body});
  ASSERT_EQ(CodeOf(answer), "OK");
  EXPECT_TRUE(answer->body == body);
}

TEST_P(ContractTest, SaysJsonUnlessToldOtherwise) {
  TestServer server(Echo);
  auto transport = MakeFor(server);
  auto plain = Ask(*transport, {.method = "POST", .target = "/", .body = "{}"});
  auto apply = Ask(
      *transport,
      {.method = "PATCH", .target = "/", .headers = {{"content-type", "application/apply-patch+yaml"}}, .body = "{}"});
  ASSERT_TRUE(plain.has_value() && apply.has_value());
  EXPECT_EQ(plain->headers["x-content-type"], "application/json");
  EXPECT_EQ(apply->headers["x-content-type"], "application/apply-patch+yaml");
}

TEST_P(ContractTest, PutsThePathOfTheUrlBeforeTheTarget) {
  TestServer server(Echo);
  auto transport = Make({.url = server.url() + "/k8s/clusters/c-1/"});
  EXPECT_EQ(Show(Ask(*transport, {.target = "/api?x=1"})), "200 GET /k8s/clusters/c-1/api?x=1 ");
}

TEST_P(ContractTest, GivesHeaderNamesInLowerCase) {
  TestServer server([](auto& talk) {
    talk.Answer({.status = 429, .headers = {{"Retry-AFTER", "7"}, {"Content-Type", "application/json"}}});
  });
  auto transport = MakeFor(server);
  auto answer = Ask(*transport, {});
  ASSERT_EQ(CodeOf(answer), "OK");
  EXPECT_EQ(answer->headers["retry-after"], "7");
  EXPECT_EQ(answer->headers["content-type"], "application/json");
}

TEST_P(ContractTest, SendsARepeatedHeaderAsSeparateLines) {
  TestServer server([](auto& talk) {
    std::string groups;
    for (const auto& [name, value] : talk.request().headers) {
      if (name == "impersonate-group") groups += "<" + value + ">";
    }
    talk.Answer({.status = 200, .body = groups});
  });
  auto transport = MakeFor(server);
  EXPECT_EQ(Show(Ask(*transport, {.headers = {{"Impersonate-Group", "a"}, {"Impersonate-Group", "b, c"}}})),
            "200 <a><b, c>");
}

TEST_P(ContractTest, TakesErrorsAsAnswers) {
  TestServer server([](auto& talk) {
    talk.Answer(
        {.status = std::stoi(talk.request().target.substr(1)), .body = talk.request().target == "/204" ? "" : "x"});
  });
  auto transport = MakeFor(server);
  for (int status : {200, 201, 204, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 504}) {
    auto answer = Ask(*transport, {.target = "/" + std::to_string(status)});
    ASSERT_EQ(CodeOf(answer), "OK") << status;
    EXPECT_EQ(answer->status, status);
  }
}

TEST_P(ContractTest, ReadsChunksAndEmptyAnswers) {
  TestServer server([](auto& talk) {
    if (talk.request().target == "/empty") return talk.Answer({.status = 200});
    talk.StartChunks();
    talk.Chunk("ab");
    talk.Chunk("c");
    talk.EndChunks();
  });
  auto transport = MakeFor(server);
  EXPECT_EQ(Show(Ask(*transport, {.target = "/chunks"})), "200 abc");
  EXPECT_EQ(Show(Ask(*transport, {.target = "/empty"})), "200 ");
}

TEST_P(ContractTest, RefusesAnAnswerOverTheLimitHoweverItComes) {
  TestServer server([](auto& talk) {
    if (talk.request().target == "/chunks") {
      talk.StartChunks();
      while (talk.Chunk(std::string(500, 'x'))) {
      }
    } else {
      talk.Answer({.status = 200, .body = std::string(talk.request().target == "/fits" ? 1000 : 1001, 'x')});
    }
  });
  auto transport = Make({.url = server.url(), .max_body = 1000});
  EXPECT_EQ(CodeOf(Ask(*transport, {.target = "/fits"})), "OK");
  EXPECT_EQ(Show(Ask(*transport, {.target = "/big"})),
            "Invalid: GET /big: the answer is bigger than the limit of 1000 bytes");
  EXPECT_EQ(CodeOf(Ask(*transport, {.target = "/chunks"})), "Invalid");
  EXPECT_EQ(CodeOf(Ask(*transport, {.target = "/fits"})), "OK");
}

TEST_P(ContractTest, RefusesWhatWouldForgeARequest) {
  TestServer server(Echo);
  auto transport = MakeFor(server);
  const std::vector<Request> bad = {
      {.target = "/x\r\nHost: evil"},
      {.target = "/x y"},
      {.target = "no-slash"},
      {.target = ""},
      {.target = "/\xc3\xa4"},
      {.method = "GET /evil"},
      {.method = ""},
      {.headers = {{"X-A", "b\r\nX-C: d"}}},
      {.headers = {{"X A", "b"}}},
      {.headers = {{"X-A:", "b"}}},
      {.headers = {{"X-A", std::string("b\0", 2)}}},
  };
  for (const Request& request : bad) EXPECT_EQ(CodeOf(Ask(*transport, request)), "Invalid") << request.target;
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(ContractTest, KeepsConnectionsForLaterRequests) {
  TestServer server(Echo);
  auto transport = MakeFor(server);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(CodeOf(Ask(*transport, {})), "OK");
  EXPECT_LE(server.connections(), 10);  // the next request may come before a connection is back in the pool
}

TEST_P(ContractTest, AnswersManyAtOnceWithinItsLimitOfConnections) {
  TestServer server(Echo);
  auto transport = Make({.url = server.url(), .max_in_flight = 8});
  std::vector<Outcome<Response>> outcomes(400);
  for (size_t i = 0; i < outcomes.size(); ++i) {
    transport->Send({.target = "/" + std::to_string(i)}, kLong, outcomes[i].Receive());
  }
  for (size_t i = 0; i < outcomes.size(); ++i) {
    ASSERT_EQ(Show(outcomes[i].Wait()), "200 GET /" + std::to_string(i) + " ");
  }
  EXPECT_LE(server.connections(), 24);  // some are on their way back to the pool when the next one is wanted
}

}  // namespace
}  // namespace coreflow::http
