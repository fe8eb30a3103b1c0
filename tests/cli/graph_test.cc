#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

constexpr char kDiamond[] = R"(
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: diamond}
spec:
  defaults: {image: busybox}
  steps:
  - name: top
  - {name: left, dependsOn: [top]}
  - {name: right, dependsOn: [top]}
  - {name: join, dependsOn: [left, right]}
  finally:
  - name: last
)";

class GraphTest : public CliTest {
 protected:
  void SetUp() override {
    behaviours_["right"] = {.runs_for = seconds(20)};
    behaviours_["left"] = {.end = {.exit_code = 1}};
    files_["diamond.yaml"] = kDiamond;
  }
};

TEST_F(GraphTest, OfAFileWithoutACluster) {
  cluster_.server.Restart(std::chrono::hours(1));
  EXPECT_EQ(Coreflow("graph diamond.yaml").out,
            "flowchart LR\n"
            "  n0[\"top\"]\n"
            "  n1[\"left\"]\n"
            "  n2[\"right\"]\n"
            "  n3[\"join\"]\n"
            "  n4[\"last\"]\n"
            "  n0 --> n1\n"
            "  n0 --> n2\n"
            "  n1 --> n3\n"
            "  n2 --> n3\n");
}

TEST_F(GraphTest, OfARunWithItsStates) {
  Apply(kDiamond);
  Pass(seconds(60));
  EXPECT_EQ(Coreflow("graph diamond -o dot").out,
            "digraph \"diamond\" {\n"
            "  rankdir=LR;\n"
            "  node [shape=box, style=\"rounded,filled\"];\n"
            "  \"top\" [label=\"top: Succeeded\", fillcolor=\"#c8e6c9\"];\n"
            "  \"left\" [label=\"left: Failed\", fillcolor=\"#ffcdd2\"];\n"
            "  \"right\" [label=\"right: Succeeded\", fillcolor=\"#c8e6c9\"];\n"
            "  \"join\" [label=\"join: Omitted\", fillcolor=\"#e0e0e0\"];\n"
            "  \"last\" [label=\"last: Succeeded\", fillcolor=\"#c8e6c9\"];\n"
            "  \"top\" -> \"left\";\n"
            "  \"top\" -> \"right\";\n"
            "  \"left\" -> \"join\";\n"
            "  \"right\" -> \"join\";\n"
            "}\n");
  const Ran svg = Coreflow("graph diamond -o svg");
  EXPECT_TRUE(svg.out.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")) << svg.out;
  EXPECT_NE(svg.out.find(">left: Failed</text>"), std::string::npos) << svg.out;
}

TEST_F(GraphTest, Timeline) {
  behaviours_.erase("left");
  Apply(kDiamond);
  Pass(seconds(60));
  EXPECT_EQ(Coreflow("timeline diamond").out,
            "STEP    STATUS      FROM   WAITED   TOOK   TIMELINE\n"
            "top     Succeeded   +0s    0s       1s     #\n"
            "left    Succeeded   +2s    1s       1s      .==\n"
            "right   Succeeded   +2s    1s       20s     .##############################\n"
            "join    Succeeded   +24s   2s       1s                                     ...##\n"
            "last    Succeeded   +26s   1s       1s                                          .##\n");
  EXPECT_EQ(Coreflow("timeline diamond --critical").out,
            "STEP    STATUS      FROM   WAITED   TOOK   TIMELINE\n"
            "top     Succeeded   +0s    0s       1s     #\n"
            "right   Succeeded   +2s    1s       20s     .##############################\n"
            "join    Succeeded   +24s   2s       1s                                     ...##\n"
            "last    Succeeded   +26s   1s       1s                                          .##\n"
            "\n"
            "The run took 27s; on its critical path 4s went by before pods had started.\n");
}

TEST_F(GraphTest, TimelineOfNothing) {
  behaviours_["top"] = {.trouble = simulation::StartTrouble::kUnschedulable};
  Apply(kDiamond);
  Pass(seconds(60));
  EXPECT_EQ(Coreflow("timeline diamond"), (Ran{.err = "No step of diamond has started.\n"}));
}

}  // namespace
}  // namespace coreflow::cli
