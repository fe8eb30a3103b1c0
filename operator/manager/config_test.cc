#include "operator/manager/config.h"

#include <gmock/gmock.h>

#include <ostream>

#include "pkg/http/base_url.h"

namespace coreflow::manager {
namespace {

struct ListenCase {
  std::string text;
  std::optional<Listen> want;
};
void PrintTo(const ListenCase& c, std::ostream* out) { *out << '"' << c.text << '"'; }

class ListenText : public testing::TestWithParam<ListenCase> {};

TEST_P(ListenText, IsAnAddressAndAPortOrRefused) {
  const auto got = ParseListen(GetParam().text);
  if (GetParam().want) {
    ASSERT_TRUE(got.has_value()) << got.error().message;
    EXPECT_EQ(*got, *GetParam().want);
  } else {
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().code, Code::kInvalid);
  }
}

INSTANTIATE_TEST_SUITE_P(Config, ListenText,
                         testing::Values(ListenCase{":8080", Listen{"0.0.0.0", 8080}},
                                         ListenCase{"127.0.0.1:1", Listen{"127.0.0.1", 1}},
                                         ListenCase{"[::1]:65535", Listen{"::1", 65535}},
                                         ListenCase{"[::]:8080", Listen{"::", 8080}}, ListenCase{"", std::nullopt},
                                         ListenCase{"8080", std::nullopt}, ListenCase{":0", std::nullopt},
                                         ListenCase{":65536", std::nullopt}, ListenCase{":-1", std::nullopt},
                                         ListenCase{":80 ", std::nullopt}, ListenCase{"localhost:80", std::nullopt},
                                         ListenCase{"::1:80", std::nullopt}, ListenCase{"[127.0.0.1]:80", std::nullopt},
                                         ListenCase{"[::1:80", std::nullopt}));

std::string NoKey(const std::string&) { return ""; }

constexpr char kNoHeader[] = "is no NAME=VALUE of an HTTP header, or one that CoreFlow sets: Content-Type";
// What is wrong with a URL.
std::string Trouble(const std::string& url) { return http::ParseBaseUrl(url).error().message; }

TEST(Config, TellsTheStoreWhereItIs) {
  EXPECT_EQ(PlaceOf({.location = "/store", .limit = "1536Mi"}).blob_bytes, uint64_t{3} << 29);
  const store::Place place =
      PlaceOf({.location = "s3://b/p", .s3 = {.endpoint = "e", .region = "r", .path_style = false, .ca_file = "/ca"}});
  EXPECT_EQ(place.location, "s3://b/p");
  EXPECT_EQ(place.endpoint, "e");
  EXPECT_EQ(place.region, "r");
  EXPECT_EQ(place.path_style, false);
  EXPECT_EQ(place.ca_file, "/ca");
  EXPECT_EQ(place.blob_bytes, std::nullopt);
}

TEST(Config, DefaultsAreValid) { EXPECT_THAT(Validate(Config(), NoKey), testing::IsEmpty()); }

struct ValidateCase {
  std::string name;
  Config config;
  std::vector<json::Problem> want;
};
void PrintTo(const ValidateCase& c, std::ostream* out) { *out << c.name; }

class Validated : public testing::TestWithParam<ValidateCase> {};

TEST_P(Validated, NamesEveryProblem) { EXPECT_EQ(Validate(GetParam().config, NoKey), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Config, Validated,
    testing::Values(
        ValidateCase{"bad and doubled namespaces",
                     {.namespaces = {"team-a", "Team", "team-a", "", "a.b"}},
                     {{".namespaces[1]", "\"Team\" is no name of a namespace"},
                      {".namespaces[2]", "\"team-a\" stands there twice"},
                      {".namespaces[3]", "\"\" is no name of a namespace"},
                      {".namespaces[4]", "\"a.b\" is no name of a namespace"}}},
        ValidateCase{"what asks nobody who they are is for loopback only",
                     {.debug = {.address = ":6060"}},
                     {{".debug.address",
                       ":6060 can be reached from elsewhere, and asks nobody who they are: it must be a loopback "
                       "address, such as 127.0.0.1:6060"}}},
        ValidateCase{"an address of the machine that is not loopback",
                     {.debug = {.address = "10.127.0.1:6060"}},
                     {{".debug.address",
                       "10.127.0.1:6060 can be reached from elsewhere, and asks nobody who they are: it must be a "
                       "loopback address, such as 127.0.0.1:6060"}}},
        ValidateCase{"loopback", {.debug = {.address = "127.0.0.2:6060"}}, {}},
        ValidateCase{"loopback of IPv6", {.debug = {.address = "[::1]:6060"}}, {}},
        ValidateCase{
            "no address at all",
            {.debug = {.address = "localhost:6060"}},
            {{".debug.address",
              "\"localhost:6060\" is not HOST:PORT with an IP address and a port from 1 to 65535, such as :8080, "
              "127.0.0.1:8080 or [::1]:8080"}}},
        ValidateCase{
            "artifacts need TLS, a store and an image",
            {.store = {.url = "http://data"}},
            {{".store.url", "must be https://HOST:PORT, as pods reach store.listen"},
             {".store.url", "needs store.location: that is where artifacts are kept"},
             {".store.courierImage", "store.url and store.courierImage go together: pods with artifacts need both"}}},
        ValidateCase{
            "a store needs an absolute path",
            {.store = {.location = "store"}},
            {{".store.location", "must be an absolute path, such as /var/lib/coreflow/store, or s3://BUCKET/PREFIX"}}},
        ValidateCase{
            "a store in S3 has its fields and a key",
            {.store = {.location = "s3://bucket/p", .limit = "10Gi", .s3 = {.endpoint = "https://h/x"}}},
            {{".store.s3.endpoint", "https://h/x has a path; name scheme, host and port only"},
             {".store.limit", "is for folders: a bucket has its own quota"},
             {".store.location",
              "there is no access key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE "
              "to the path of a file that has them"}}},
        ValidateCase{"a folder has no region and no endpoint",
                     {.store = {.location = "/store",
                                .limit = "much",
                                .s3 = {.endpoint = "https://h", .region = "r", .path_style = true, .ca_file = "/ca"}}},
                     {{".store.limit", "\"much\" is no number of bytes, such as 10Gi"},
                      {".store.s3.endpoint", "is for a store in S3: s3://BUCKET/PREFIX"},
                      {".store.s3.region", "is for a store in S3: s3://BUCKET/PREFIX"},
                      {".store.s3.pathStyle", "is for a store in S3: s3://BUCKET/PREFIX"},
                      {".store.s3.caFile", "is for a store in S3: s3://BUCKET/PREFIX"}}},
        ValidateCase{"readers without a place to read from",
                     {.store = {.readers = true}},
                     {{".store.readers", "needs store.url: without it there is nothing to read from"}}},
        ValidateCase{"nothing is kept that could depend on Secrets",
                     {.cache = {.read_secrets = true, .read_config_maps = true}},
                     {{".cache.readSecrets", "needs store.location: that is where results are kept"},
                      {".cache.readConfigMaps", "needs store.location: that is where results are kept"}}},
        ValidateCase{
            "results that depend on Secrets", {.store = {.location = "/store"}, .cache = {.read_secrets = true}}, {}},
        ValidateCase{"options of S3 without a store",
                     {.store = {.s3 = {.region = "eu-central-1"}}},
                     {{".store.s3", "needs store.location: s3://BUCKET/PREFIX"}}},
        ValidateCase{"receivers of spans and events have a URL and headers",
                     {.tracing = {.endpoint = "collector:4318", .headers = {"a=b", "no header", "Content-type=x"}},
                      .cloud_events = {.sink = "http://user@host", .headers = {"a b=c", "a=b\n"}}},
                     {{".tracing.endpoint", Trouble("collector:4318")},
                      {".tracing.headers[1]", kNoHeader},
                      {".tracing.headers[2]", kNoHeader},
                      {".cloudEvents.sink", Trouble("http://user@host")},
                      {".cloudEvents.headers[0]", kNoHeader},
                      {".cloudEvents.headers[1]", kNoHeader}}},
        ValidateCase{"headers without a receiver",
                     {.tracing = {.headers = {"a=b"}}, .cloud_events = {.ca_file = "/ca"}},
                     {{".tracing.endpoint", "is needed by what else stands there"},
                      {".cloudEvents.sink", "is needed by what else stands there"}}},
        ValidateCase{"receivers of spans and events",
                     {.tracing = {.endpoint = "http://collector:4318/base", .headers = {"Authorization=Basic YQ=="}},
                      .cloud_events = {.sink = "https://broker/default", .headers = {"X-Empty="}}},
                     {}},
        ValidateCase{"a fence needs an election",
                     {.leader_election = {.enabled = false}, .fence = {.installed = true}},
                     {{".fence.installed", "needs leaderElection.enabled: the fence keeps former leaders out"}}},
        ValidateCase{"a Lease with a dot in its name is fine", {.leader_election = {.name = "coreflow.operator"}}, {}},
        ValidateCase{"a Lease without a name",
                     {.leader_election = {.namespace_name = "-", .name = ""}},
                     {{".leaderElection.namespace", "\"-\" is no name of a namespace"},
                      {".leaderElection.name", "\"\" is no name of a Lease"}}},
        ValidateCase{"the Lease is over before its holder gives up",
                     {.leader_election = {.lease_duration_seconds = 10, .renew_deadline_seconds = 10}},
                     {{".leaderElection.renewDeadlineSeconds",
                       "10 must be less than leaseDurationSeconds (10), or two replicas could act at once"}}},
        ValidateCase{
            "no second try within the deadline",
            {.leader_election = {.renew_deadline_seconds = 6, .retry_period_seconds = 5}},
            {{".leaderElection.retryPeriodSeconds", "1.2 times 5 must be less than renewDeadlineSeconds (6)"}}},
        ValidateCase{"times do not matter without an election",
                     {.leader_election = {.enabled = false, .name = "", .lease_duration_seconds = 2}},
                     {}}));

TEST(ClaimOwner, IsTheLeaseThatAllReplicasCompeteFor) {
  EXPECT_EQ(ClaimOwner({}, "coreflow-system"), "coreflow-system/coreflow-operator");
  EXPECT_EQ(ClaimOwner({.namespace_name = "ns", .name = "mine"}, "coreflow-system"), "ns/mine");
}

}  // namespace
}  // namespace coreflow::manager
