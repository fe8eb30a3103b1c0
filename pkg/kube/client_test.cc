#include "pkg/kube/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "pkg/json/write.h"
#include "pkg/kube/testing/scripted_transport.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

std::string Shown(const Answer& answer) {
  if (answer.ok()) return json::Write(answer.body);
  std::ostringstream out;
  PrintTo(*answer.error, &out);
  return out.str();
}

const json::Value kObject = json::Object{{"metadata", json::Object{{"name", "p"}}}};

// A client over a script, and what its requests ended with.
class ClientTest : public testing::Test {
 protected:
  Client::Ticket Send(const std::string& name, Result<Request> request, SendOptions options = {}) {
    return client_.Send(
        *request, [this, name](const Answer& answer) { ended_.push_back(name + ": " + Shown(answer)); },
        std::move(options));
  }
  Client::Ticket GetPod(const std::string& name = "get", SendOptions options = {}) {
    return Send(name, Get(kPods, {"n", "p"}), std::move(options));
  }
  Client::Ticket CreatePod(const std::string& name = "create", const std::string& ns = "n") {
    return Send(name, Create(kPods, ns, kObject));
  }
  std::vector<std::string> TakeEnded() { return std::exchange(ended_, {}); }

  reactor::VirtualLoop loop_;
  ScriptedTransport transport_{loop_};
  std::vector<std::string> counted_;
  Client client_{
      loop_, transport_, {.max_in_flight = 8, .on_request = [this](Verb verb, const Resource& resource, int status) {
                            counted_.push_back(std::string(VerbName(verb)) + " " + std::string(resource.plural) + " " +
                                               std::to_string(status));
                          }}};
  std::vector<std::string> ended_;
};

TEST_F(ClientTest, GivesTheObject) {
  transport_.Once("GET /api/v1/namespaces/n/pods/p", {.body = R"({"kind":"Pod"})"});
  GetPod();
  EXPECT_THAT(ended_, IsEmpty());  // never inside Send
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre(R"(get: {"kind":"Pod"})"));
  EXPECT_THAT(counted_, ElementsAre("get pods 200"));
}

TEST_F(ClientTest, GivesTheServersWords) {
  transport_.Once("GET", StatusReply(404, "NotFound", "pods \"p\" not found"));
  GetPod();
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("get: NotFound (404 NotFound): pods \"p\" not found"));
  EXPECT_THAT(counted_, ElementsAre("get pods 404"));
}

TEST_F(ClientTest, GivesWhatOfTheObjectIsAskedFor) {
  static constexpr json::Shape kPod[] = {{"kind"}};
  transport_.Always("GET", {.body = R"({"kind":"Pod","metadata":{"name":"p","managedFields":[{}]}})"});
  GetPod("usually");
  GetPod("in part", {.shape = {.read = json::Shape::Read::kNamed, .members = kPod}});
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre(R"(usually: {"kind":"Pod","metadata":{"name":"p"}})", R"(in part: {"kind":"Pod"})"));
}

TEST_F(ClientTest, DecodesInsteadOfParsing) {
  transport_.Once("GET", {.body = "12345"});
  std::shared_ptr<const void> decoded;
  client_.Send(*Get(kPods, {"n", "p"}), [&](const Answer& answer) { decoded = answer.decoded; },
               {.decode = [](std::string_view text) -> Result<std::shared_ptr<const void>> {
                 return std::shared_ptr<const void>(std::make_shared<const size_t>(text.size()));
               }});
  loop_.RunUntilIdle();
  ASSERT_NE(decoded, nullptr);
  EXPECT_EQ(*std::static_pointer_cast<const size_t>(decoded), 5u);
}

TEST_F(ClientTest, AGoodAnswerThatCantBeReadIsAnError) {
  transport_.Always("n/pods", {.body = "<html>"});
  GetPod();
  CreatePod();
  loop_.RunUntilIdle();
  ASSERT_EQ(ended_.size(), 2u);
  EXPECT_THAT(ended_[0], testing::StartsWith("get: Invalid (200 )"));
  EXPECT_THAT(ended_[1], testing::StartsWith("create: Unavailable (200 )"));
  EXPECT_THAT(ended_[1], testing::EndsWith("may have taken effect"));
}

TEST_F(ClientTest, WaitsAsLongAsTheServerAsks) {
  Reply busy = StatusReply(429, "TooManyRequests");
  busy.headers["retry-after"] = "2";
  transport_.Once("POST", busy);
  transport_.Once("POST", busy);
  transport_.Once("POST", {.status = 201});
  CreatePod();
  loop_.Advance(milliseconds(3999));
  EXPECT_EQ(transport_.requests().size(), 2u);
  EXPECT_EQ(client_.in_flight(), 1u);  // it keeps its place
  loop_.Advance(milliseconds(1));
  EXPECT_THAT(ended_, ElementsAre("create: {}"));
  EXPECT_THAT(counted_, ElementsAre("create pods 429", "create pods 429", "create pods 201"));
  EXPECT_EQ(transport_.requests()[0], transport_.requests()[2]);
}

TEST_F(ClientTest, GivesUpRatherThanWaitPastTheDeadline) {
  Reply busy = StatusReply(503, "ServiceUnavailable");
  busy.headers["retry-after"] = "30";
  transport_.Once("GET", busy);
  GetPod();
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("get: Unavailable (503 ServiceUnavailable): words, retry after 30000 ms"));
}

TEST_F(ClientTest, RepeatsAReadThatGotNoAnswer) {
  transport_.Once("GET", Unanswered());
  transport_.Once("GET", {});
  GetPod();
  loop_.Advance(seconds(1));
  EXPECT_THAT(ended_, ElementsAre("get: {}"));
  EXPECT_THAT(counted_, ElementsAre("get pods 0", "get pods 200"));
}

TEST_F(ClientTest, DoesNotRepeatAWriteThatGotNoAnswer) {
  transport_.Once("POST", Unanswered());
  CreatePod();
  loop_.Advance(seconds(40));
  EXPECT_THAT(ended_, ElementsAre("create: Unavailable (0 ): connection refused, may have taken effect"));
  EXPECT_EQ(transport_.requests().size(), 1u);
}

TEST_F(ClientTest, AWriteForTrialNeverTakesEffect) {
  transport_.Once("POST", Unanswered());
  Send("trial", Create(kPods, "n", kObject, {.dry_run = true}));
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("trial: Unavailable (0 ): connection refused"));
}

TEST_F(ClientTest, RemembersThatAnEarlierTryMayHaveTakenEffect) {
  Reply failed = StatusReply(500, "ServerTimeout");
  failed.headers["retry-after"] = "1";
  transport_.Once("POST", failed);
  transport_.Once("POST", StatusReply(409, "AlreadyExists"));
  CreatePod();
  loop_.Advance(seconds(1));
  EXPECT_THAT(ended_, ElementsAre("create: AlreadyExists (409 AlreadyExists): words, may have taken effect"));
}

TEST_F(ClientTest, SendsAgainOnceWithNewCredentials) {
  transport_.Once("GET", StatusReply(401, "Unauthorized"));
  transport_.Once("GET", {});
  GetPod("refreshed");
  loop_.RunUntilIdle();
  transport_.Always("GET", StatusReply(401, "Unauthorized"));
  GetPod("refused");
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("refreshed: {}", "refused: Unauthorized (401 Unauthorized): words"));
  EXPECT_EQ(transport_.requests().size(), 4u);
}

TEST_F(ClientTest, TheDeadlineIsForTheWholeRequest) {
  transport_.Always("GET", Unanswered());
  GetPod("get", {.deadline = seconds(5), .max_retries = 100});
  loop_.Advance(milliseconds(3999));
  EXPECT_THAT(ended_, IsEmpty());
  loop_.Advance(seconds(10));
  EXPECT_THAT(ended_, ElementsAre("get: Unavailable (0 ): connection refused"));
  EXPECT_EQ(transport_.requests().size(), 5u);
}

TEST_F(ClientTest, AnAnswerThatNeverComesEndsAtTheDeadline) {
  transport_.Always("POST", {.never = true});
  CreatePod();
  loop_.Advance(seconds(29));
  EXPECT_THAT(ended_, IsEmpty());
  loop_.Advance(seconds(1));
  EXPECT_THAT(ended_, ElementsAre("create: Unavailable (0 ): no answer within the deadline, may have taken effect"));
  EXPECT_EQ(client_.in_flight(), 0u);
}

TEST_F(ClientTest, ARequestThatWasNeverSentSaysSo) {
  transport_.Always("n/pods", {.never = true});
  for (int i = 0; i < 7; ++i) GetPod("get", {.deadline = seconds(100), .max_retries = 0});
  CreatePod();
  loop_.Advance(seconds(30));
  EXPECT_THAT(ended_, ElementsAre("create: Unavailable (0 ): not sent within the deadline, too many requests wait"));
}

TEST_F(ClientTest, SendsNoMoreThanThereArePlaces) {
  transport_.Always("GET", {.after = seconds(1)});
  for (int i = 0; i < 10; ++i) GetPod();
  EXPECT_EQ(transport_.open(), 7);
  EXPECT_EQ(client_.waiting(), 3u);
  loop_.Advance(seconds(1));
  EXPECT_EQ(ended_.size(), 7u);
  EXPECT_EQ(transport_.open(), 3);
}

TEST_F(ClientTest, ALeaseIsRenewedWhileEveryPlaceIsTaken) {
  transport_.Always("pods", {.never = true});
  transport_.Once("PUT /apis/coordination.k8s.io", {});
  for (int i = 0; i < 20; ++i) GetPod();
  Send("lease", Update(kLeases, {"n", "l"}, kObject));
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("lease: {}"));
}

TEST_F(ClientTest, AQuotaThatIsUsedUpCostsFewRequests) {
  Reply denied = StatusReply(403, "Forbidden", "exceeded quota: q");
  denied.after = milliseconds(10);
  transport_.Always("POST /api/v1/namespaces/n/pods", denied);
  transport_.Always("POST /api/v1/namespaces/m/pods", {.status = 201, .after = milliseconds(10)});
  for (int i = 0; i < 100; ++i) CreatePod("n", "n");
  for (int i = 0; i < 10; ++i) CreatePod("m", "m");
  loop_.Advance(milliseconds(50));
  size_t in_n = std::count_if(ended_.begin(), ended_.end(), [](const auto& end) { return end[0] == 'n'; });
  EXPECT_EQ(in_n, 7u + 4u);  // the first ones, then one at a time
  EXPECT_EQ(ended_.size(), in_n + 10);
}

TEST_F(ClientTest, CancelEndsARequestWhereverItIs) {
  transport_.Always("n/pods", {.never = true});
  auto on_wire = CreatePod("on the wire");
  for (int i = 0; i < 6; ++i) GetPod();
  auto waiting = CreatePod("waiting");
  client_.Cancel(on_wire);
  EXPECT_THAT(ended_, IsEmpty());
  client_.Cancel(on_wire);
  client_.Cancel(999);
  EXPECT_EQ(client_.waiting(), 0u);  // the place went to the next
  client_.Cancel(waiting);
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("on the wire: Cancelled (0 ): cancelled, may have taken effect",
                                  "waiting: Cancelled (0 ): cancelled, may have taken effect"));
  EXPECT_EQ(transport_.open(), 6);
}

TEST_F(ClientTest, ARequestCancelledBetweenTwoTriesIsNotSentAgain) {
  transport_.Once("GET", Unanswered());
  auto ticket = GetPod();
  loop_.Advance(milliseconds(999));
  client_.Cancel(ticket);
  loop_.Advance(seconds(60));
  EXPECT_THAT(ended_, ElementsAre("get: Cancelled (0 ): cancelled"));
  EXPECT_EQ(transport_.requests().size(), 1u);
}

TEST_F(ClientTest, NothingIsToldAfterTheClientIsGone) {
  transport_.Always("GET", {});
  transport_.Always("watch", {});
  int told = 0;
  auto client = std::make_unique<Client>(loop_, transport_);
  client->Send(*Get(kPods, {"n", "p"}), [&](const Answer&) { ++told; });
  client.reset();
  loop_.Advance(seconds(60));
  EXPECT_EQ(told, 0);
}

TEST_F(ClientTest, ACompletionMayDestroyTheClient) {
  transport_.Always("GET", {});
  auto client = std::make_unique<Client>(loop_, transport_);
  for (int i = 0; i < 3; ++i) client->Send(*Get(kPods, {"n", "p"}), [&](const Answer&) { client.reset(); });
  loop_.Advance(seconds(60));
  EXPECT_EQ(client, nullptr);
}

// Keeps what a stream gives.
struct KeepingSink : http::Sink {
  void OnHeaders(const http::Response& head) override { got += "[" + std::to_string(head.status) + "]"; }
  void OnBytes(std::string_view bytes) override { got += bytes; }
  std::string got;
};

class ClientStreamTest : public ClientTest {
 protected:
  Client::Ticket Open() {
    return client_.Stream(*Watch(kPods, {}, {.resource_version = "1"}), seconds(150), sink_,
                          [this](const std::optional<ApiError>& error) {
                            ended_.push_back(error ? Shown(Answer{.error = error}) : "in good order");
                          });
  }
  std::shared_ptr<KeepingSink> sink_ = std::make_shared<KeepingSink>();
};

TEST_F(ClientStreamTest, BytesComeAsTheyAre) {
  transport_.Once("watch=true", {});
  Open();
  loop_.RunUntilIdle();
  transport_.Write("ab");
  transport_.Write("c\n");
  loop_.RunUntilIdle();
  EXPECT_EQ(sink_->got, "[200]abc\n");
  EXPECT_THAT(counted_, ElementsAre("watch pods 200"));
  transport_.EndStream();
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("in good order"));
}

TEST_F(ClientStreamTest, AnErrorIsToldInsteadOfItsBytes) {
  transport_.Once("watch=true", StatusReply(410, "Expired", "too old"));
  Open();
  loop_.RunUntilIdle();
  EXPECT_EQ(sink_->got, "");
  EXPECT_THAT(ended_, ElementsAre("Gone (410 Expired): too old"));
}

TEST_F(ClientStreamTest, ACutAndSilenceAreErrors) {
  transport_.Always("watch=true", {});
  Open();
  loop_.RunUntilIdle();
  transport_.CutStream();
  loop_.RunUntilIdle();
  Open();
  loop_.Advance(seconds(151));
  EXPECT_THAT(ended_,
              ElementsAre("Unavailable (0 ): connection reset", "Unavailable (0 ): nothing heard for too long"));
}

TEST_F(ClientStreamTest, CredentialsAreRefreshedOnce) {
  transport_.Once("watch=true", StatusReply(401, "Unauthorized"));
  transport_.Once("watch=true", {.body = "x"});
  Open();
  loop_.RunUntilIdle();
  EXPECT_EQ(sink_->got, "[200]x");
  EXPECT_THAT(ended_, IsEmpty());
  transport_.EndStream();
  transport_.Always("watch=true", StatusReply(401, "Unauthorized"));
  Open();
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, testing::Contains("Unauthorized (401 Unauthorized): words"));
  EXPECT_EQ(transport_.requests().size(), 4u);
}

TEST_F(ClientStreamTest, CancelEndsIt) {
  transport_.Once("watch=true", {});
  auto ticket = Open();
  loop_.RunUntilIdle();
  client_.Cancel(ticket);
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("Cancelled (0 ): cancelled"));
  EXPECT_FALSE(transport_.streaming());
}

TEST_F(ClientStreamTest, StreamsTakeNoPlace) {
  transport_.Always("watch=true", {});
  transport_.Always("GET", {});
  for (int i = 0; i < 20; ++i) Open();
  GetPod();
  EXPECT_EQ(client_.in_flight(), 1u);
  loop_.RunUntilIdle();
  EXPECT_THAT(ended_, ElementsAre("get: {}"));
}

}  // namespace
}  // namespace coreflow::kube
