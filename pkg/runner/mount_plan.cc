#include "pkg/runner/mount_plan.h"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <system_error>

namespace coreflow::runner {

namespace {

namespace fs = std::filesystem;
using Kind = MountStep::Kind;

// Which names below a folder have mounts, or lead to some.
struct Node {
  std::map<std::string, std::unique_ptr<Node>> children = {};
  const Mount* mount = nullptr;
};

class Planner {
 public:
  explicit Planner(std::string root) : root_(std::move(root)) {}

  // `at` is the folder's path, empty for the root itself.
  void Fill(const std::string& at, const Node& node) {
    std::set<std::string> seen;
    std::error_code error;
    for (fs::directory_iterator entry(at.empty() ? "/" : at, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename();
      seen.insert(name);
      if (at.empty() && name == "proc") continue;
      const auto child = node.children.find(name);
      if (child == node.children.end()) {
        Show(*entry, at + "/" + name);
      } else {
        Place(at + "/" + name, *child->second);
      }
    }
    for (const auto& [name, child] : node.children) {
      if (!seen.contains(name)) Place(at + "/" + name, *child);
    }
  }

  std::vector<MountStep> Take() { return std::move(steps_); }

 private:
  void Show(const fs::directory_entry& entry, const std::string& path) {
    std::error_code error;
    if (entry.is_symlink(error)) {
      const fs::path to = fs::read_symlink(entry.path(), error);
      if (!error) Add(Kind::kLink, path, to);
      return;
    }
    const bool folder = entry.is_directory(error);
    if (error) return;
    Add(folder ? Kind::kFolder : Kind::kFile, path);
    Add(Kind::kBindIfThere, path, path);
  }

  void Place(const std::string& path, const Node& node) {
    if (!node.mount) {
      Add(Kind::kFolder, path);
      return Fill(path, node);
    }
    std::error_code error;
    Add(fs::is_directory(node.mount->source, error) ? Kind::kFolder : Kind::kFile, path);
    Add(node.mount->read_only ? Kind::kBindReadOnly : Kind::kBind, path, node.mount->source);
    for (const auto& [name, child] : node.children) Place(path + "/" + name, *child);
  }

  void Add(Kind kind, const std::string& path, std::string source = {}) {
    steps_.push_back({kind, root_ + path, std::move(source)});
  }

  const std::string root_;
  std::vector<MountStep> steps_;
};

}  // namespace

Result<std::vector<MountStep>> PlanMounts(const std::string& root, const std::vector<Mount>& mounts) {
  Node top;
  for (const Mount& mount : mounts) {
    std::error_code error;
    if (!fs::exists(mount.source, error)) {
      return Error{.code = Code::kInvalid, .message = mount.source + " is not there to be mounted"};
    }
    const fs::path target = fs::path(mount.target).lexically_normal();
    if (!target.is_absolute() || target == "/") {
      return Error{.code = Code::kInvalid, .message = "can't mount at \"" + mount.target + "\": it must be below /"};
    }
    if (*target.relative_path().begin() == "proc") {
      return Error{.code = Code::kInvalid,
                   .message = "can't mount at \"" + mount.target + "\": /proc is the step's own"};
    }
    Node* node = &top;
    for (const fs::path& part : target.relative_path()) {
      if (part.empty()) continue;
      auto& child = node->children[part];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
    }
    node->mount = &mount;
  }
  Planner planner(root);
  planner.Fill("", top);
  return planner.Take();
}

}  // namespace coreflow::runner
