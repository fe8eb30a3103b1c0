#include "controllers/runs/read_contents.h"

#include <fmt/format.h>

#include <compare>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "pkg/cache/content_digest.h"
#include "pkg/kube/request.h"

namespace coreflow::runs {

namespace {

using engine::Content;
using Kind = Content::Kind;

constexpr Duration kLimit = std::chrono::seconds(5);
constexpr kube::Resource kSecrets{.version = "v1", .plural = "secrets", .kind = "Secret"};
constexpr kube::Resource kConfigMaps{.version = "v1", .plural = "configmaps", .kind = "ConfigMap"};

Error NotRead(const Content& content, const std::string& why) {
  return Error{.code = Code::kForbidden,
               .message = fmt::format("{} {} may not be read here: {} (chart value {})", engine::KindName(content.kind),
                                      content.name, why,
                                      content.kind == Kind::kSecret ? "cache.readSecrets" : "cache.readConfigMaps")};
}

// Never with the text of an error: it can quote what was read.
Error NotGiven(const Content& content, const kube::ApiError& error) {
  if (error.error.code == Code::kForbidden) return NotRead(content, "CoreFlow has no right to get it");
  return Error{.code = error.error.code,
               .message = fmt::format("{} {} could not be read: {}", engine::KindName(content.kind), content.name,
                                      CodeName(error.error.code))};
}

}  // namespace

class ReadContents::Impl : public std::enable_shared_from_this<ReadContents::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, Options options)
      : loop_(loop), client_(client), options_(std::move(options)) {}

  void Find(const std::string& name_space, const Content& content, Found found) {
    const bool secret = content.kind == Kind::kSecret;
    if (!(secret ? options_.secrets : options_.config_maps)) {
      return loop_.Post([self = shared_from_this(), content, found = std::move(found)] {
        if (!self->closed) found(NotRead(content, "CoreFlow was not told to"));
      });
    }
    const Object object{.kind = content.kind, .ns = name_space, .name = content.name};
    asked_[object].push_back({.content = content, .found = std::move(found)});
    if (under_way_.contains(object)) return;
    under_way_.insert(object);
    SendLater(object);
  }

  bool closed = false;

 private:
  struct Object {
    Kind kind = Kind::kConfigMap;
    std::string ns = {};
    std::string name = {};

    auto operator<=>(const Object&) const = default;
  };
  struct Asked {
    Content content = {};
    Found found = {};
  };
  using All = std::vector<Asked>;

  // Items that start together ask one by one.
  void SendLater(const Object& object) {
    loop_.Post([self = shared_from_this(), object] {
      if (!self->closed) self->Send(object);
    });
  }

  void Send(const Object& object) {
    auto all = std::make_shared<All>(std::move(asked_.extract(object).mapped()));
    auto request =
        kube::Get(object.kind == Kind::kSecret ? kSecrets : kConfigMaps, {.ns = object.ns, .name = object.name});
    if (!request) return Answered(object, *all, {.error = kube::ErrorWithoutAnswer(request.error())});
    client_.Send(*std::move(request),
                 [self = shared_from_this(), object, all](const kube::Answer& answer) {
                   if (!self->closed) self->Answered(object, *all, answer);
                 },
                 {.deadline = kLimit});
  }

  void Answered(const Object& object, const All& all, const kube::Answer& answer) {
    std::map<Content, Result<std::string>> digests;
    for (const Asked& asked : all) {
      if (!digests.contains(asked.content)) digests.emplace(asked.content, Digest(object, asked.content, answer));
    }
    if (asked_.contains(object)) {
      SendLater(object);
    } else {
      under_way_.erase(object);
    }
    for (const Asked& asked : all) {
      if (closed) return;
      asked.found(digests.at(asked.content));
    }
  }

  Result<std::string> Digest(const Object& object, const Content& content, const kube::Answer& answer) const {
    if (answer.ok()) return cache::DigestOfContent(options_.key, object.ns, content, answer.body);
    if (answer.error->error.code == Code::kNotFound) return std::string(cache::kAbsent);
    return NotGiven(content, *answer.error);
  }

  Loop& loop_;
  kube::Client& client_;
  const Options options_;
  std::map<Object, All> asked_;  // who waits for a request that has not begun
  std::set<Object> under_way_;   // what is asked for, or about to be
};

ReadContents::ReadContents(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}
ReadContents::~ReadContents() { impl_->closed = true; }
void ReadContents::Find(const std::string& name_space, const Content& content, Found found) {
  impl_->Find(name_space, content, std::move(found));
}

}  // namespace coreflow::runs
