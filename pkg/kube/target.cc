#include "pkg/kube/target.h"

#include <utility>

#include "pkg/json/write.h"

namespace coreflow::kube {
namespace {

// The rule of Kubernetes' own path segments (apimachinery, IsValidPathSegmentName). Nothing else is checked: what a
// name may be is the server's to say.
Result<void> CheckSegment(std::string_view what, std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find_first_of("/%") != std::string_view::npos) {
    return Error{.code = Code::kInvalid, .message = json::Quote(name) + " can't be a " + std::string(what)};
  }
  return {};
}

}  // namespace

std::string PercentEncode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (unsigned char c : text) {
    bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

Result<Target> Target::Collection(const Resource& resource, std::string_view ns) {
  std::string path = GroupPath(resource);
  if (!ns.empty()) {
    if (!resource.namespaced) {
      return Error{.code = Code::kInvalid, .message = std::string(resource.plural) + " have no namespace"};
    }
    TRY_VOID(CheckSegment("namespace", ns));
    path += "/namespaces/" + PercentEncode(ns);
  }
  return Target(path + "/" + std::string(resource.plural));
}

Result<Target> Target::Object(const Resource& resource, const ObjectKey& key, std::string_view subresource) {
  if (resource.namespaced) TRY_VOID(CheckSegment("namespace", key.ns));
  TRY_VOID(CheckSegment("name", key.name));
  TRY(Target target, Collection(resource, key.ns));
  target.text_ += "/" + PercentEncode(key.name);
  if (!subresource.empty()) {
    TRY_VOID(CheckSegment("subresource", subresource));
    target.text_ += "/" + PercentEncode(subresource);
  }
  return target;
}

Target& Target::Query(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += std::exchange(separator_, '&');
  text_ += name;
  text_ += '=';
  text_ += PercentEncode(value);
  return *this;
}

}  // namespace coreflow::kube
