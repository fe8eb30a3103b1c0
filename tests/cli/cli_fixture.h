#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "controllers/runs/controller.h"
#include "pkg/artifact/reading.h"
#include "pkg/cli/environment.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"
#include "tests/cli/log_transport.h"

namespace coreflow::cli {

// What a call of the program did.
struct Ran {
  int code = 0;
  std::string out = {};
  std::string err = {};

  bool operator==(const Ran&) const = default;
};
void PrintTo(const Ran& ran, std::ostream* out);

// A cluster with the operator in it.
struct OperatedCluster {
  OperatedCluster(Loop& loop, simulation::PodScript script);

  simulation::Cluster cluster;
  std::unique_ptr<simulation::FaultyTransport> operators;
  runs::Controller controller;
};

// A cluster with the operator in it, and a user with the program. The clock starts at 2027-01-15T08:00:00Z.
class CliTest : public testing::Test {
 protected:
  CliTest();

  // Runs the program with the words of a line, which are parted by blanks; 'a b' is one word.
  Ran Coreflow(const std::string& line);

  // What a user did with kubectl: a Workflow with these members of its spec, in YAML's flow style or block.
  void Apply(const std::string& yaml) { Apply(cluster_, yaml); }
  void Apply(simulation::Cluster& cluster, const std::string& yaml);
  // One more cluster, which --context chooses; without it, or with "test", commands talk to cluster_.
  simulation::Cluster& AddContext(const std::string& context);
  // Lets time pass.
  void Pass(Duration span) { loop_.Advance(span); }

  json::Value Object(const std::string& name, const apiserver::Resource& resource = apiserver::Workflows()) const {
    return cluster_.Get(resource, "default", name);
  }
  // As if its command had left these artifacts (bytes by name) of a run that has ended: its record and the store say
  // so.
  void Leave(const std::string& workflow, const std::string& step, const std::map<std::string, std::string>& bytes,
             const std::string& archive = "None");
  // How the pods of a step behave; by default each runs a second and succeeds.
  std::map<std::string, simulation::Behaviour> behaviours_;
  // What pods have written, by their name, or else by their step.
  std::map<std::string, std::string> logs_;
  // A part of the paths that the user may not ask for.
  std::string denied_;
  // What the program finds.
  std::map<std::string, std::string> files_;
  // What it has made and finished.
  std::map<std::string, std::string> made_;
  // What CoreFlow's data service has, by NAMESPACE/DIGEST; nullopt: there is no such service.
  std::optional<std::map<std::string, std::string>> kept_;
  artifact::ReaderTerms terms_ = artifact::ReaderTerms::kToken;
  std::string stdin_;
  std::map<std::string, std::string, std::less<>> variables_ = {{"NO_COLOR", "1"}};
  std::optional<Terminal> terminal_;
  scenario::Rehearse rehearse_;
  // Pressed after so long.
  std::optional<Duration> ctrl_c_;
  // Each write to stdout of the last call.
  std::vector<std::string> writes_;

  reactor::VirtualLoop loop_;

 private:
  simulation::PodScript Script();
  PodLogAnswer LogOf(const simulation::Cluster& cluster, const std::string& pod, const std::string& query) const;
  // What the API server answers for the data service, and for tokens of its readers; nullopt for all else.
  std::optional<http::Response> ServiceOf(const simulation::Cluster& cluster, const http::Request& request) const;
  Result<Connection> Connect(const ClusterChoice& choice);
  Environment MakeEnvironment(Ran& ran, std::stop_token interrupt);

  OperatedCluster first_;
  std::map<std::string, std::unique_ptr<OperatedCluster>> others_;

 protected:
  simulation::Cluster& cluster_ = first_.cluster;
};

}  // namespace coreflow::cli
