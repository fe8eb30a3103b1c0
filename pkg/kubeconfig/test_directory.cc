#include "pkg/kubeconfig/test_directory.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "pkg/base/check.h"

namespace coreflow::kubeconfig {

namespace fs = std::filesystem;

TestDirectory::TestDirectory() {
  std::string pattern = fs::temp_directory_path() / "coreflow-kubeconfig-XXXXXX";
  CHECK(::mkdtemp(pattern.data()) != nullptr, "the temporary directory can be written");
  path_ = pattern;
}

TestDirectory::~TestDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TestDirectory::Write(const std::string& name, const std::string& text) const {
  std::string path = Path(name);
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path + ".new") << text;
  fs::rename(path + ".new", path);
  return path;
}

std::string TestDirectory::WriteScript(const std::string& name, const std::string& body) const {
  std::string path = Write(name, "#!/bin/sh\n" + body);
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

std::string TestDirectory::Read(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream(Path(name)).rdbuf();
  return text.str();
}

}  // namespace coreflow::kubeconfig
