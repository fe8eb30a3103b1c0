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
  Planner(std::string root, std::string image) : root_(std::move(root)), image_(std::move(image)) {}

  // `at` is the folder's path, empty for the root itself.
  void Fill(const std::string& at, const Node& node) {
    for (const std::string& name : Names(at)) {
      if (!node.children.contains(name)) Show(at + "/" + name);
    }
    for (const auto& [name, child] : node.children) Place(at + "/" + name, *child);
  }

  std::vector<MountStep> Take() { return std::move(steps_); }

 private:
  // Where what the root has at a path comes from.
  std::string SourceOf(const std::string& path) const {
    const bool of_host =
        image_.empty() || path == "/dev" || path == "/sys" || path.starts_with("/dev/") || path.starts_with("/sys/");
    return of_host ? path : image_ + path;
  }

  std::set<std::string> Names(const std::string& at) const {
    std::set<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(SourceOf(at) + "/", error), end; !error && entry != end; entry.increment(error)) {
      names.insert(entry->path().filename());
    }
    if (!at.empty()) return names;
    if (!image_.empty()) names.insert({"dev", "sys"});
    names.erase("proc");
    return names;
  }

  void Show(const std::string& path) {
    std::error_code error;
    const fs::directory_entry entry(SourceOf(path), error);
    if (entry.is_symlink(error)) {
      const fs::path to = fs::read_symlink(entry.path(), error);
      if (!error) Add(Kind::kLink, path, to);
      return;
    }
    const bool folder = entry.is_directory(error);
    if (error) return;
    Add(folder ? Kind::kFolder : Kind::kFile, path);
    Add(Kind::kBindIfThere, path, SourceOf(path));
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
  const std::string image_;
  std::vector<MountStep> steps_;
};

}  // namespace

Result<std::vector<MountStep>> PlanMounts(const std::string& root, const std::vector<Mount>& mounts,
                                          const std::string& image) {
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
  Planner planner(root, image);
  planner.Fill("", top);
  return planner.Take();
}

}  // namespace coreflow::runner
