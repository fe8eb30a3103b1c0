// Keeps results of steps in a folder, looks each up again and again, and prints how many seconds a look-up took:
// coreflow-cache-look-ups FOLDER RESULTS LOOK-UPS.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stop_token>
#include <string>

#include "pkg/cache/step_cache.h"
#include "pkg/cache/store_entries.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

constexpr int kThreads = 4;    // as the operator has
constexpr int kAtOnce = 1000;  // look-ups on their way

engine::StepKey KeyOf(int result) {
  return {.parts = {{"image", "busybox@sha256:" + std::string(64, 'a')},
                    {"command", "[\"work\"]"},
                    {"parameter n", std::to_string(result)}}};
}

// The engine of a run whose steps are all in the cache.
class Asker {
 public:
  Asker(store::Store& store, int results, int look_ups)
      : entries_(loop_, store, {.threads = kThreads}), results_(results), left_(look_ups) {}

  void Keep() {
    for (int i = 0; i < results_; ++i) {
      cache_.Keep("ns", {.of = "kept" + std::to_string(i),
                         .key = KeyOf(i),
                         .nearest = std::to_string(i),
                         .run = "w/1",
                         .result = {.outputs = {{"n", i}}}});
    }
  }

  // Gives how many were no hits.
  int LookUp() {
    for (int i = 0; i < kAtOnce; ++i) Next();
    loop_.Run(done_.get_token());
    return missed_;
  }

 private:
  void Next() {
    if (left_ == 0) return;
    const int number = --left_;
    ++asked_;
    cache_.LookUp("ns", "uid", {.of = std::to_string(number), .key = KeyOf(number % results_)},
                  [this](const engine::CacheAnswered& answer) {
                    missed_ += answer.verdict.decision == engine::CacheVerdict::Decision::kHit ? 0 : 1;
                    Next();
                    if (--asked_ == 0) done_.request_stop();
                  });
  }

  reactor::EventLoop loop_;
  StoreEntries entries_;
  StepCache cache_{loop_, entries_, {.patience = std::chrono::minutes(1)}};
  std::stop_source done_;
  const int results_;
  int left_;
  int asked_ = 0;
  int missed_ = 0;
};

int Main(const char* folder, int results, int look_ups) {
  const auto store = store::NewDirectoryStore(folder);
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  // What is put is there once the one that put it is gone.
  Asker(**store, results, 0).Keep();
  Asker asker(**store, results, look_ups);
  const auto began = std::chrono::steady_clock::now();
  const int missed = asker.LookUp();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (missed > 0) {
    std::fprintf(stderr, "%d of %d were no hits\n", missed, look_ups);
    return 1;
  }
  std::printf("%.9f\n", took.count() / look_ups);
  return 0;
}

}  // namespace
}  // namespace coreflow::cache

int main(int argc, char** argv) {
  const int results = argc == 4 ? std::atoi(argv[2]) : 0;
  const int look_ups = argc == 4 ? std::atoi(argv[3]) : 0;
  if (results < 1 || look_ups < 1) {
    std::fprintf(stderr, "usage: coreflow-cache-look-ups FOLDER RESULTS LOOK-UPS\n");
    return 2;
  }
  return coreflow::cache::Main(argv[1], results, look_ups);
}
