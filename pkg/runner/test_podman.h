#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <string>

#include "pkg/apiserver/test_folder.h"

namespace coreflow::runner {

// An image with busybox, and the command `echo of the image`.
constexpr char kTestImage[] = "localhost/coreflow-test:1";

// For tests: makes this program and what it starts use a podman of its own, with that image; see tests/podman.
class TestPodman {
 public:
  TestPodman() {
    FILE* prepare = popen(("tests/podman/prepare " + folder_ + " 2>&1").c_str(), "r");
    if (prepare == nullptr) return;
    for (int c = fgetc(prepare); c != EOF; c = fgetc(prepare)) said_ += static_cast<char>(c);
    works_ = pclose(prepare) == 0;
    for (size_t at = 0; works_ && at < said_.size();) {
      const size_t equals = said_.find('=', at);
      const size_t end = said_.find('\n', at);
      setenv(said_.substr(at, equals - at).c_str(), said_.substr(equals + 1, end - equals - 1).c_str(), 1);
      at = end + 1;
    }
  }
  ~TestPodman() {
    if (system(("tests/podman/prepare --remove " + folder_).c_str()) != 0) perror("tests/podman/prepare --remove");
  }
  TestPodman(const TestPodman&) = delete;
  TestPodman& operator=(const TestPodman&) = delete;

  // Empty when it works; else why it does not.
  std::string Trouble() const { return works_ ? "" : said_ + "run hack/install-deps.sh test, as root"; }

 private:
  const apiserver::TestFolder own_;
  const std::string folder_ = own_ / "podman";
  std::string said_ = {};
  bool works_ = false;
};

}  // namespace coreflow::runner
