#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pkg/files/descriptor.h"

namespace coreflow::executor {

// What the courier does with one connection.
struct Play {
  std::string answer = {};  // the line, with its end; cut it off to close the connection early
  // It answers, and goes, when it has this many bytes of frames; -1: when the last frame is there.
  int64_t after = -1;
  bool stays = false;  // the connection is not closed; nobody reads from it
};

// What came through one connection.
struct Received {
  std::string request = {};  // the first line, with its end
  std::string bytes = {};    // of all frames
  bool complete = false;     // with the last frame
};

// For tests: a courier that plays its part from a script, one connection after another, and then says "OK". On a thread
// of its own.
class TestCourier {
 public:
  // A digest, as far as anybody looks.
  static std::string Digest() { return std::string(64, 'd'); }

  explicit TestCourier(const std::string& path, std::vector<Play> script = {});
  ~TestCourier();
  TestCourier(const TestCourier&) = delete;
  TestCourier& operator=(const TestCourier&) = delete;

  // So far.
  std::vector<Received> received();

 private:
  void Run();
  // False when the connection has ended.
  bool Serve(const files::Descriptor& connection, const Play& play, Received* received);

  std::vector<Play> script_;
  files::Descriptor listener_;
  std::mutex mu_;
  std::vector<Received> received_;  // guarded by mu_
  std::thread thread_;
};

}  // namespace coreflow::executor
