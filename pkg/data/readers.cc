#include "pkg/data/readers.h"

#include <algorithm>
#include <utility>

#include "pkg/artifact/reading.h"
#include "pkg/base/hash.h"

namespace coreflow::data {

namespace {

constexpr std::chrono::seconds kBelieved{10};
constexpr std::chrono::seconds kRefused{2};
constexpr size_t kLongestToken = 8192;

// Three parts of base64url: what can be no token of Kubernetes is not worth a question.
bool LooksLikeAToken(std::string_view token) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return token.size() <= kLongestToken && std::ranges::count(token, '.') == 2 && std::ranges::all_of(token, is_fine);
}

// Empty: nobody's that counts here. A server that knows no audiences names none, and its token may be good for itself.
std::string NameFor(const TokenOwner& owner) {
  const bool meant = std::ranges::find(owner.audiences, artifact::kReaderAudience) != owner.audiences.end();
  return owner.authenticated && meant ? owner.name : "";
}

}  // namespace

Readers::Readers(ReviewToken review, Clock now) : review_(std::move(review)), now_(std::move(now)) {}

Result<void> Readers::Check(const std::string& token, const std::string& name_space) {
  const std::string wanted = artifact::ReaderName(name_space);
  std::string name;
  if (LooksLikeAToken(token)) {
    TRY(name, NameOf(token));
  }
  if (name == wanted) return {};
  return Error{.code = Code::kForbidden,
               .message = "this needs a token of " + wanted + " for the audience " + artifact::kReaderAudience};
}

Result<std::string> Readers::NameOf(const std::string& token) {
  const std::string hash = Sha256Hex(token);
  {
    const std::lock_guard lock(mu_);
    const auto known = known_.find(hash);
    if (known != known_.end() && now_() < known->second.until) return known->second.name;
    if (under_way_ >= kMostAtOnce) {
      return Error{.code = Code::kUnavailable, .message = "too many tokens are being looked at: try again"};
    }
    ++under_way_;
  }
  const auto owner = review_(token);
  const std::lock_guard lock(mu_);
  --under_way_;
  if (!owner) {
    return Error{.code = Code::kUnavailable,
                 .message = "Kubernetes does not tell whose a token is: " + owner.error().message};
  }
  std::string name = NameFor(*owner);
  Remember(hash, name);
  return name;
}

void Readers::Remember(const std::string& hash, const std::string& name) {
  const Instant now = now_();
  if (known_.size() >= kMostKnown) std::erase_if(known_, [&](const auto& one) { return one.second.until <= now; });
  // A flood of what is nobody's must not push out the others.
  if (known_.size() >= kMostKnown && !known_.contains(hash)) return;
  known_[hash] = {.name = name, .until = now + (name.empty() ? kRefused : kBelieved)};
}

}  // namespace coreflow::data
