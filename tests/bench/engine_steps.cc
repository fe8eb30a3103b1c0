// Runs a workflow of so many items through the engine, in a world without a cluster, for callgrind to count what the
// engine does: coreflow-engine-steps COUNT. A hundred run at any time.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

int Main(int count) {
  std::string items;
  for (int i = 0; i < count; ++i) items += (i > 0 ? "," : "") + std::to_string(i);
  World world(Kind::kWorkflow,
              Spec(R"({"parallelism": 100, "steps": [{"name": "all", "image": "busybox:1.36", "command": ["true"],)"
                   R"( "forEach": {"items": "[)" +
                   items + R"(]"}}]})"),
              [](const PodView&) -> ContainerEnd { return {}; });
  auto owner = world.NewOwner();
  world.Settle(*owner, 1'000'000);
  if (world.State() == "Succeeded" && world.created().size() == static_cast<size_t>(count)) return 0;
  std::fprintf(stderr, "%s, with %zu pods\n", world.State().c_str(), world.created().size());
  return 1;
}

}  // namespace
}  // namespace coreflow::engine

int main(int argc, char** argv) {
  const int count = argc == 2 ? std::atoi(argv[1]) : 0;
  if (count < 1) {
    std::fprintf(stderr, "usage: coreflow-engine-steps COUNT\n");
    return 2;
  }
  return coreflow::engine::Main(count);
}
