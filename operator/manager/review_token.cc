#include "operator/manager/review_token.h"

#include <future>
#include <memory>
#include <utility>

#include "pkg/artifact/reading.h"
#include "pkg/kube/answer.h"
#include "pkg/kube/request.h"
#include "pkg/kube/seen_object.h"

namespace coreflow::manager {

namespace {

constexpr kube::Resource kTokenReviews{.group = "authentication.k8s.io",
                                       .version = "v1",
                                       .plural = "tokenreviews",
                                       .kind = "TokenReview",
                                       .namespaced = false};
constexpr std::chrono::seconds kLimit{10};

data::TokenOwner OwnerOf(const json::Value& status) {
  data::TokenOwner owner{.authenticated = status["authenticated"].BoolOr(false),
                         .name = status["user"]["username"].StringOr("")};
  for (const json::Value& audience : status["audiences"].Elements()) owner.audiences.push_back(audience.StringOr(""));
  return owner;
}

}  // namespace

data::ReviewToken ReviewBy(http::Transport& transport) {
  return [&transport](const std::string& token) -> Result<data::TokenOwner> {
    const json::Object spec{{"token", token}, {"audiences", json::Array{artifact::kReaderAudience}}};
    TRY(const kube::Request request, kube::Create(kTokenReviews, "",
                                                  json::Object{{"apiVersion", kube::ApiVersion(kTokenReviews)},
                                                               {"kind", std::string(kTokenReviews.kind)},
                                                               {"spec", spec}}));
    auto came = std::make_shared<std::promise<Result<http::Response>>>();
    auto response = came->get_future();
    transport.Send(request.http, kLimit, [came](Result<http::Response> answer) { came->set_value(std::move(answer)); });
    const kube::Answer answer = kube::ReadAnswer(request, response.get(), kube::kObjectShape, {});
    if (answer.error) return answer.error->error;
    return OwnerOf(answer.body["status"]);
  };
}

}  // namespace coreflow::manager
