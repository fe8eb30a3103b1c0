#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

class LintTest : public CliTest {};

constexpr char kWrong[] =
    "apiVersion: coreflow.dev/v1alpha1\n"
    "kind: Workflow\n"
    "metadata: {name: wrong}\n"
    "spec:\n"
    "  steps:\n"
    "  - name: a\n"
    "    image: busybox\n"
    "    dependsOnn: [b]\n"
    "  - name: b\n"
    "    image: busybox\n"
    "    dependsOn: [c]\n"
    "    when: steps.a.statu == 'x'\n";

TEST_F(LintTest, EverythingAtOnceWithItsPlace) {
  files_["wrong.yaml"] = kWrong;
  EXPECT_EQ(Coreflow("lint wrong.yaml"),
            (Ran{.code = 1,
                 .out = "wrong.yaml:8:5: error: .spec.steps[0].dependsOnn: unknown field; did you mean \"dependsOn\"?\n"
                        "wrong.yaml:11:17: error: .spec.steps[1].dependsOn[0]: there is no step \"c\"\n"
                        "wrong.yaml:12:5: error: .spec.steps[1].when: steps.a has no field 'statu'; did you mean "
                        "steps.a.status?\n",
                 .err = "3 errors, 0 warnings in 1 file\n"}));
}

TEST_F(LintTest, ABooleanThatWasMeantAsText) {
  stdin_ =
      "apiVersion: coreflow.dev/v1alpha1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    image: busybox\n    "
      "script: on\n";
  EXPECT_EQ(Coreflow("lint -").out,
            "stdin:7:5: error: .spec.template.script: expected string, got boolean true\n"
            "stdin:7:13: warning: on is read as true; quote it if it is meant as text\n");
}

TEST_F(LintTest, ABooleanThatWasMeantAsAModeOfTheCache) {
  stdin_ =
      "apiVersion: coreflow.dev/v1alpha1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    image: busybox\n    "
      "cache: {mode: Off}\n";
  EXPECT_EQ(Coreflow("lint -").out,
            "stdin:7:13: error: .spec.template.cache.mode: expected one of Never, Auto, Refresh, got boolean false\n"
            "stdin:7:19: warning: Off is read as false; quote it if it is meant as text\n");
}

TEST_F(LintTest, GoodFilesOfSeveralDocuments) {
  files_["good.yaml"] =
      "---\napiVersion: v1\nkind: ConfigMap\n---\n\n---\napiVersion: coreflow.dev/v1alpha1\nkind: Job\nmetadata: {name: "
      "a}\nspec: {template: {image: busybox}}\n";
  EXPECT_EQ(Coreflow("lint good.yaml"), (Ran{.err = "0 errors, 0 warnings in 1 file\n"}));
}

TEST_F(LintTest, WarningsFailOnlyWhenTheyAreToldTo) {
  stdin_ =
      "apiVersion: coreflow.dev/v1alpha1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    image: busybox\n    "
      "env: [{name: A, value: 'on'}]\n    timeoutSeconds: 010\n";
  EXPECT_EQ(Coreflow("lint -"), (Ran{.out = "stdin:8:21: warning: 010 is read as 8; quote it if it is meant as text\n",
                                     .err = "0 errors, 1 warning in 1 file\n"}));
  EXPECT_EQ(Coreflow("lint - --strict").code, 1);
}

TEST_F(LintTest, DoubledNamesAllOfThem) {
  stdin_ = "apiVersion: coreflow.dev/v1alpha1\nkind: Job\nkind: Job\nspec:\n  a: 1\n  a: 2\n";
  EXPECT_EQ(Coreflow("lint -").out,
            "stdin:3:1: error: the name \"kind\" stands twice in one mapping; first in line 2\n"
            "stdin:6:3: error: the name \"a\" stands twice in one mapping; first in line 5\n");
}

TEST_F(LintTest, TextThatIsNoYaml) {
  stdin_ = "kind: Job\nspec: [\n";
  EXPECT_EQ(Coreflow("lint -").code, 1);
  EXPECT_TRUE(Coreflow("lint -").out.starts_with("stdin:3:1: error: ")) << Coreflow("lint -").out;
}

TEST_F(LintTest, MisspeltKindsAndVersions) {
  stdin_ = "apiVersion: coreflow.dev/v1alpha1\nkind: Workfow\n---\napiVersion: coreflow.dev/v1alpha2\nkind: Job\n";
  EXPECT_EQ(Coreflow("lint -").out,
            "stdin:2:1: error: .kind: must be Workflow or Job; did you mean \"Workflow\"?\n"
            "stdin:4:1: error: .apiVersion: must be coreflow.dev/v1alpha1; did you mean \"coreflow.dev/v1alpha1\"?\n");
}

TEST_F(LintTest, Sarif) {
  stdin_ = "apiVersion: coreflow.dev/v1alpha1\nkind: Job\nmetadata: {name: a}\nspec: {template: {}}\n";
  const Ran ran = Coreflow("lint - -o sarif");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.out.find("\"startLine\": 4"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\"ruleId\": \"spec\""), std::string::npos) << ran.out;
}

TEST_F(LintTest, OfAFileThatIsNotThere) {
  EXPECT_EQ(Coreflow("lint no.yaml"), (Ran{.code = 6, .err = "coreflow: no.yaml: No such file or directory\n"}));
}

}  // namespace
}  // namespace coreflow::cli
