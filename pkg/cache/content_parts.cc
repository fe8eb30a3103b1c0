#include "pkg/cache/content_parts.h"

#include <memory>
#include <optional>
#include <utility>

namespace coreflow::cache {

namespace {

struct Asked {
  size_t left = 0;
  Parts parts = {};
  std::optional<Error> error = {};
  FoundParts found = {};
};

}  // namespace

void FindParts(Contents* contents, const std::string& name_space, const std::vector<engine::Content>& wanted,
               FoundParts found) {
  if (wanted.empty()) return found(Parts());
  if (contents == nullptr) {
    return found(Error{.code = Code::kForbidden, .message = Describe(wanted.front()) + " is not read here"});
  }
  auto asked = std::make_shared<Asked>(Asked{.left = wanted.size(), .found = std::move(found)});
  for (const engine::Content& content : wanted) {
    contents->Find(name_space, content,
                   [asked, name = "content of " + Describe(content)](const Result<std::string>& digest) {
                     if (digest) asked->parts[name] = *digest;
                     if (!digest && !asked->error) asked->error = digest.error();
                     if (--asked->left > 0) return;
                     asked->found(asked->error ? Result<Parts>(*asked->error) : Result<Parts>(asked->parts));
                   });
  }
}

}  // namespace coreflow::cache
