#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "pkg/cli/embedded.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

class OfflineTest : public CliTest {
 protected:
  void SetUp() override { cluster_.server.Restart(std::chrono::hours(1)); }
};

void ExpectAll(const std::string& folder, std::span<const EmbeddedFile> files) {
  size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    ++found;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const auto at = std::ranges::find(files, entry.path().filename().string(), &EmbeddedFile::name);
    ASSERT_NE(at, files.end()) << entry.path() << " is not in pkg/cli/CMakeLists.txt";
    EXPECT_EQ(at->text, text.str());
  }
  EXPECT_EQ(found, files.size());
}

TEST_F(OfflineTest, EveryCrdAndExampleIsCarriedAlong) {
  ExpectAll("crds", EmbeddedCrds());
  ExpectAll("docs/examples", EmbeddedExamples());
}

TEST_F(OfflineTest, EveryExamplePassesLint) {
  for (const EmbeddedFile& file : EmbeddedExamples()) {
    stdin_ = file.text;
    EXPECT_EQ(Coreflow("lint - --strict"), (Ran{.err = "0 errors, 0 warnings in 1 file\n"})) << file.name;
  }
}

TEST_F(OfflineTest, Examples) {
  const Ran ran = Coreflow("examples");
  EXPECT_EQ(ran.code, 0);
  EXPECT_NE(ran.out.find("hello                The smallest Workflow.\n"), std::string::npos) << ran.out;
  EXPECT_TRUE(Coreflow("examples hello").out.starts_with("# The smallest Workflow.\n"));
  EXPECT_EQ(Coreflow("examples helo"),
            (Ran{.code = 6, .err = "coreflow: there is no example helo; did you mean \"hello\"?\n"}));
}

TEST_F(OfflineTest, ExplainsFields) {
  EXPECT_EQ(Coreflow("explain cfw.spec.steps.forEach").out,
            "KIND:     Workflow\n"
            "VERSION:  coreflow.dev/v1alpha1\n"
            "\n"
            "FIELD:    spec.steps.forEach <object>\n"
            "\n"
            "DESCRIPTION:\n"
            "  Runs the step once for each element of a list, in parallel; the elements are\n"
            "  its items.\n"
            "\n"
            "FIELDS:\n"
            "  items <string> -required-\n"
            "    CEL expression that gives a list, at most 1,000,000 elements. The step's\n"
            "    expressions see each as item and its number as index (from 0); the container\n"
            "    sees ITEM and COREFLOW_INDEX. Items start in index order.\n"
            "\n"
            "  parallelism <integer>\n"
            "    Most items that run at once. Without it only the run's parallelism bounds\n"
            "    them.\n");
  EXPECT_EQ(Coreflow("explain workflow.spec.stepps"),
            (Ran{.code = 6, .err = "coreflow: spec has no field stepps; did you mean \"steps\"?\n"}));
  EXPECT_EQ(Coreflow("explain workflw"),
            (Ran{.code = 6, .err = "coreflow: there is no kind workflw; did you mean \"workflow\"?\n"}));
  EXPECT_NE(Coreflow("explain job.spec --recursive").out.find("\n    retryPolicy <object>\n      backoffFactorPercent"),
            std::string::npos)
      << Coreflow("explain job.spec --recursive").out;
}

TEST_F(OfflineTest, ConfigAsksNoServer) {
  EXPECT_EQ(Coreflow("config context -n ci").out,
            "SOURCE           SERVER                  NAMESPACE\n"
            "context \"test\"   https://10.0.0.1:6443   ci\n");
  EXPECT_EQ(Coreflow("config contxt").code, 2);
}

TEST_F(OfflineTest, Completion) {
  EXPECT_TRUE(Coreflow("completion bash").out.starts_with("# bash completion for coreflow\n"));
  EXPECT_EQ(Coreflow("completion powershell").code, 2);
  EXPECT_EQ(Coreflow("__complete sus").out, "suspend\tHolds a run: nothing new starts, what runs goes on.\n:4\n");
  EXPECT_EQ(Coreflow("__complete list --sort-by=").out, "--sort-by=name\n--sort-by=start\n:4\n");
  EXPECT_EQ(Coreflow("__complete list -o js").out, "json\njsonl\njsonpath=\n:4\n");
  EXPECT_EQ(Coreflow("__complete lint ''").out, ":0\n");
  EXPECT_EQ(Coreflow("__complete get ''").out, ":4\n") << "no server, no names, no noise";
}

class OnlineTest : public CliTest {};

TEST_F(OnlineTest, CompletesNamesOfRunsAndSteps) {
  Apply(
      "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: pair}, spec: {defaults: {image: busybox}, "
      "steps: [{name: first}, {name: second}]}}");
  Pass(std::chrono::seconds(20));
  EXPECT_EQ(Coreflow("__complete watch p").out, "pair\tWorkflow Succeeded\n:4\n");
  EXPECT_EQ(Coreflow("__complete -n default logs pair s").out, "second\tstep\n:4\n");
}

TEST_F(OnlineTest, DoctorFindsNothing) {
  EXPECT_EQ(Coreflow("doctor").out,
            "CHECK                  RESULT    DETAIL\n"
            "server                 ok        https://10.0.0.1:6443 knows workflows.coreflow.dev\n"
            "start workflows        ok        a dry run was accepted\n"
            "clock                  ok        as the server's\n"
            "read workflowrecords   ok        yes\n"
            "read pods              ok        yes\n"
            "read events            ok        yes\n"
            "operator               unknown   none has claimed this namespace yet; the first run makes one claim it\n");
}

TEST_F(OnlineTest, DoctorFindsTheOperatorByTheClaimOnTheNamespace) {
  const auto lease = [this](const std::string& name, const json::Object& spec) {
    ASSERT_TRUE(cluster_.Create(apiserver::Leases(), "default",
                                json::Object{{"metadata", json::Object{{"name", name}}}, {"spec", spec}}));
  };
  lease("coreflow-claim", {{"holderIdentity", "default/coreflow-operator"}});
  lease("coreflow-operator", {{"holderIdentity", "pod-1"}, {"renewTime", FormatMicroTime(loop_.Now())}});
  EXPECT_NE(Coreflow("doctor").out.find("operator               ok       default/coreflow-operator, led by pod-1\n"),
            std::string::npos)
      << Coreflow("doctor").out;
  Pass(std::chrono::minutes(5));
  const Ran ran = Coreflow("doctor");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.out.find("PROBLEM   default/coreflow-operator has claimed the namespace, and none of its replicas has "
                         "been heard of for 5m: is it running?\n"),
            std::string::npos)
      << ran.out;
}

TEST_F(OnlineTest, DoctorSaysWhatIsForbidden) {
  cluster_.registry.Admit([](const apiserver::AdmissionRequest& request) -> std::optional<apiserver::Failure> {
    if (request.agent != "coreflow") return std::nullopt;
    return apiserver::Forbidden(apiserver::Workflows(), "x", "no");
  });
  EXPECT_EQ(Coreflow("doctor").code, 1);
}

}  // namespace
}  // namespace coreflow::cli
