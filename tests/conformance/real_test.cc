// The conformance cases against the real API server at $COREFLOW_CONFORMANCE_URL, an address that asks for no
// credentials, such as that of `kubectl proxy`. Not among the unit tests: who runs it has a server.
#include <gtest/gtest.h>

#include <cstdlib>

#include "pkg/http/cpprest_transport.h"
#include "tests/conformance/case.h"
#include "tests/conformance/real_server.h"

namespace coreflow::conformance {
namespace {

class Real : public testing::TestWithParam<Case> {};

TEST_P(Real, KeepsTheRule) {
  const char* url = std::getenv("COREFLOW_CONFORMANCE_URL");
  ASSERT_NE(url, nullptr) << "COREFLOW_CONFORMANCE_URL names no server";
  auto transport = http::NewCpprestTransport({.url = url, .user_agent = "coreflow-conformance"});
  ASSERT_TRUE(transport.has_value()) << transport.error().message;
  RealServer server(*std::move(transport));
  Session session(server);
  if (!testing::Test::HasFailure()) GetParam().run(session);
}

INSTANTIATE_TEST_SUITE_P(Api, Real, testing::ValuesIn(AllCases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace coreflow::conformance
