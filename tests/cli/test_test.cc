#include <filesystem>
#include <fstream>
#include <sstream>

#include "operator/rehearsal/rehearse.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

class TestTest : public CliTest {
 protected:
  TestTest() {
    rehearse_ = rehearsal::Rehearse;
    files_["flows/two.yaml"] =
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: two}, spec: {parameters: [{name: size, "
        "type: Integer, default: 1, maximum: 5}], defaults: {image: x, command: [a]}, steps: [{name: first, outputs: "
        "[{name: count, type: Integer}]}, {name: second, dependsOn: [first]}], outputs: [{name: count, value: "
        "steps.first.outputs.count}]}}";
  }

  // A test of it with these cases.
  void Cases(const std::string& cases) {
    files_["flows/two-test.yaml"] =
        "apiVersion: coreflow.dev/v1alpha1\nkind: WorkflowTest\nworkflow: two.yaml\nwhen:\n- {step: first, outputs: {count: "
        "4}}\ncases:\n" +
        cases;
  }
};

TEST_F(TestTest, PassesWhenAllIsAsExpected) {
  Cases(
      "- name: good\n"
      "  expect: {outputs: {count: 4}, steps: {second: {state: Succeeded}}, that: [steps.first.outputs.count == 4, seconds < "
      "60.0]}\n");
  EXPECT_EQ(
      Coreflow("test flows/two-test.yaml"),
      (Ran{.out = "ok   flows/two-test.yaml: good (4.5 s of virtual time, 2 pods)\n", .err = "1 passed, 0 failed\n"}));
}

TEST_F(TestTest, SaysAllThatIsOtherwise) {
  Cases(
      "- name: wrong\n"
      "  when: [{step: first, attempt: 7}]\n"
      "  expect: {state: Failed, withinSeconds: 1, outputs: {count: 5, other: 1}, steps: {second: {attempts: 2, reason: Odd}}, "
      "that: [steps.second.attempts > 1, run.status.none == 1]}\n");
  EXPECT_EQ(Coreflow("test flows/two-test.yaml"),
            (Ran{.code = 1,
                 .out = "FAIL flows/two-test.yaml: wrong (4.5 s of virtual time, 2 pods)\n"
                        "  state: expected Failed, got Succeeded\n"
                        "  withinSeconds: expected at most 1, got 4.5\n"
                        "  outputs.count: expected 5, got 4\n"
                        "  outputs.other: expected 1, there is none\n"
                        "  steps.second.reason: expected Odd, got Succeeded\n"
                        "  steps.second.attempts: expected 2, got 1\n"
                        "  steps.second.attempts > 1: is false\n"
                        "  run.status.none == 1: the map has no key 'none' (at offset 11)\n"
                        "  when[0]: step first, attempt 7 never came\n"
                        "  STEP     STATUS      ATTEMPTS   DURATION   DETAIL\n"
                        "  first    Succeeded   1          1s\n"
                        "  second   Succeeded   1          1s\n",
                 .err = "0 passed, 1 failed\n"}));
}

TEST_F(TestTest, RefusesWhatTheWorkflowDoesNotHave) {
  Cases("- name: a\n  when: [{step: frist}]\n  expect: {steps: {second: {outputs: {count: 1}}}}\n");
  EXPECT_EQ(
      Coreflow("test flows/two-test.yaml"),
      (Ran{
          .code = 1,
          .err =
              "coreflow: flows/two-test.yaml: .cases[0].when[0].step: there is no step frist; did you mean \"first\"?\n"
              "flows/two-test.yaml: .cases[0].expect.steps.second.outputs: step second declares no output count\n"}));
}

TEST_F(TestTest, RefusesFieldsThatThereAreNot) {
  Cases("- name: a\n  whem: []\n");
  EXPECT_EQ(Coreflow("test flows/two-test.yaml"),
            (Ran{.code = 1,
                 .err = "coreflow: flows/two-test.yaml: .cases[0].whem: unknown field; did you mean \"when\"?\n"}));
}

TEST_F(TestTest, TakesArgumentsAsARunDoes) {
  Cases("- name: too much\n  arguments: [{name: size, value: 9}]\n");
  EXPECT_EQ(Coreflow("test flows/two-test.yaml").out,
            "FAIL flows/two-test.yaml: too much (0.0 s of virtual time, 0 pods)\n"
            "  two would not run: .spec.arguments[0].value: 9 is greater than the maximum 5\n");
}

TEST_F(TestTest, NamesTheWorkflowThatIsNotThere) {
  files_["a.yaml"] = "{apiVersion: coreflow.dev/v1alpha1, kind: WorkflowTest, workflow: gone.yaml, cases: [{name: a}]}";
  EXPECT_EQ(Coreflow("test a.yaml").err, "coreflow: a.yaml: .workflow: gone.yaml: No such file or directory\n");
}

TEST_F(TestTest, ChoosesCasesByTheirNames) {
  Cases("- name: one\n- name: other\n");
  EXPECT_EQ(Coreflow("test flows/two-test.yaml --case oth").err, "1 passed, 0 failed\n");
  EXPECT_EQ(Coreflow("test flows/two-test.yaml --case none"),
            (Ran{.code = 6, .err = "coreflow: no case has such a name\n"}));
}

TEST_F(TestTest, WritesJunit) {
  Cases("- name: a & b\n- name: c\n  expect: {state: Failed}\n");
  EXPECT_EQ(
      Coreflow("test flows/two-test.yaml -o junit").out,
      "<testsuite name=\"coreflow test\" tests=\"2\">\n"
      "  <testcase classname=\"flows/two-test.yaml\" name=\"a &amp; b\" time=\"4.506\"></testcase>\n"
      "  <testcase classname=\"flows/two-test.yaml\" name=\"c\" time=\"4.506\"><failure message=\"state: expected "
      "Failed, got Succeeded&#10;\"/></testcase>\n"
      "</testsuite>\n");
}

class DocsTest : public TestTest, public testing::WithParamInterface<std::string> {};

TEST_P(DocsTest, TheExamplesHold) {
  for (const std::string folder : {"docs/examples", "docs/examples/tests"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".yaml") continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      files_[entry.path().string()] = text.str();
      // As a test in the folder beside it says it.
      files_["docs/examples/tests/../" + entry.path().filename().string()] = text.str();
    }
  }
  const Ran ran = Coreflow("test " + GetParam());
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

std::vector<std::string> Examples() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator("docs/examples/tests")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string NameOf(const testing::TestParamInfo<std::string>& file) {
  std::string name = std::filesystem::path(file.param).stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(, DocsTest, testing::ValuesIn(Examples()), NameOf);

}  // namespace
}  // namespace coreflow::cli
