#pragma once

#include <string>

namespace coreflow::kubeconfig {

// For tests: a directory of its own that goes away with it.
class TestDirectory {
 public:
  TestDirectory();
  ~TestDirectory();
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  // The path of `name` in it.
  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  // Writes a file, in one go as a rename does, and the folders it needs; gives its path.
  std::string Write(const std::string& name, const std::string& text) const;
  // The same, a shell script that can be run.
  std::string WriteScript(const std::string& name, const std::string& body) const;
  std::string Read(const std::string& name) const;

 private:
  std::string path_;
};

}  // namespace coreflow::kubeconfig
