#include <gtest/gtest.h>

#include "pkg/store/store_contract.h"
#include "tests/store/s3_ground.h"

namespace coreflow::store {
namespace {

Implementation On(const std::string& name, const Faults& faults) {
  return {.name = name, .prepare = [faults] { return std::make_unique<S3Ground>(faults); }};
}

INSTANTIATE_TEST_SUITE_P(S3, StoreContract,
                         testing::Values(On("Well", {}), On("Cut", {.cut_before = 100, .cut_after = 200}),
                                         On("Busy", {.error_500 = 150, .error_503 = 150})),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::store
