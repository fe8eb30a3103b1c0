#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "pkg/base/closest.h"
#include "pkg/graph/cycle.h"
#include "pkg/graph/graph.h"

namespace coreflow::graph {

namespace {

using json::Problem;

int32_t ToInt32(int64_t value) {
  return static_cast<int32_t>(std::clamp<int64_t>(value, 0, std::numeric_limits<int32_t>::max()));
}

Duration Seconds(int64_t seconds) {
  constexpr int64_t kCentury = int64_t{100} * 366 * 86400;
  return std::chrono::seconds(std::clamp<int64_t>(seconds, 0, kCentury));
}

// The container's fields of a step, as the API has them. What no expression may stand in is kept apart by the caller.
json::Value ContainerOf(const api::ResolvedStep& step) {
  json::Value all = json::ToJson(step);
  json::Object container;
  for (const char* name : {"image", "command", "args", "env", "envFrom", "resources", "workingDir", "volumeMounts",
                           "ports", "imagePullPolicy", "pod"}) {
    if (const json::Value* field = all.Find(name); field && !field->IsNull()) container[name] = *field;
  }
  return container;
}

class Compiler {
 public:
  explicit Compiler(api::ResolvedRun run) { graph_.source = std::move(run); }

  Compiled Run() {
    ListSteps();
    DeclareTypes();
    for (size_t i = 0; i < graph_.steps.size(); ++i) CompileStep(static_cast<int>(i));
    CompileOutputs();
    ReportCycles();
    if (!problems_.empty()) return {.problems = std::move(problems_)};
    LinkChildren();
    return {.graph = std::make_shared<const Graph>(std::move(graph_))};
  }

 private:
  const api::ResolvedStep& Source(int index) const {
    const auto& run = graph_.source;
    return index < graph_.first_finally ? run.steps[static_cast<size_t>(index)]
                                        : run.finally[static_cast<size_t>(index - graph_.first_finally)];
  }

  std::string PathOf(int index) const {
    if (graph_.source.kind == api::RunKind::kJob) return ".spec.template";
    return index < graph_.first_finally ? fmt::format(".spec.steps[{}]", index)
                                        : fmt::format(".spec.finally[{}]", index - graph_.first_finally);
  }

  void Report(std::string path, std::string message) {
    problems_.push_back({.path = std::move(path), .message = std::move(message)});
  }

  void ListSteps() {
    graph_.first_finally = static_cast<int32_t>(graph_.source.steps.size());
    graph_.steps.resize(graph_.source.steps.size() + graph_.source.finally.size());
    for (size_t i = 0; i < graph_.steps.size(); ++i) {
      Step& step = graph_.steps[i];
      const api::ResolvedStep& source = Source(static_cast<int>(i));
      step.name = source.name;
      step.in_finally = static_cast<int32_t>(i) >= graph_.first_finally;
      step.outputs = source.outputs;
      step.large_outputs = std::ranges::any_of(source.outputs, &OutputDeclaration::large);
      step.archive_logs = source.archive_logs;
      step.output_artifacts = source.output_artifacts;
      if (!by_name_.emplace(step.name, static_cast<int>(i)).second) {
        Report(PathOf(static_cast<int>(i)) + ".name", fmt::format("there are two steps named \"{}\"", step.name));
      }
      graph_.by_name.emplace(step.name, static_cast<int>(i));
      graph_.by_expression_name.emplace(ExpressionName(step.name), static_cast<int>(i));
    }
  }

  void DeclareTypes() {
    std::vector<OutputDeclaration> parameters;
    for (const auto& parameter : graph_.source.parameters) {
      parameters.push_back({.name = parameter.name, .type = parameter.type});
      graph_.parameters[parameter.name] = parameter.value;
    }
    graph_.parameters_type = TypeOfParameters(parameters);
    std::vector<cel::Type::Field> fields;
    for (size_t i = 0; i < graph_.steps.size(); ++i) {
      Step& step = graph_.steps[i];
      step.types =
          TypesOfStep(step.name, step.outputs, step.output_artifacts, Source(static_cast<int>(i)).fan_out.has_value());
      std::string name = ExpressionName(step.name);
      fields.push_back({.name = name, .type = step.types.step, .alias = name == step.name ? "" : step.name});
    }
    graph_.steps_type = cel::Type::Struct("steps", std::move(fields));
  }

  cel::Declarations DeclarationsFor(const Step& step) const {
    cel::Declarations declarations;
    declarations.Add("params", graph_.parameters_type)
        .Add("steps", graph_.steps_type)
        .Add("workflow", TypeOfWorkflow(step.in_finally));
    return declarations;
  }

  std::optional<cel::Program> CompileExpression(const std::string& text, const cel::Declarations& declarations,
                                                const cel::Type& wanted, const std::string& path) {
    cel::Compilation compiled = cel::Compile(text, declarations, wanted);
    for (const cel::Problem& problem : compiled.problems) Report(path, problem.message);
    return compiled.program;
  }

  void CompileStep(int index) {
    Step& step = graph_.steps[static_cast<size_t>(index)];
    const api::ResolvedStep& source = Source(index);
    const std::string path = PathOf(index);
    cel::Declarations declarations = DeclarationsFor(step);
    std::set<int> parents = NamedParents(index);
    auto read = [&](const std::vector<cel::Reference>& references, const std::string& where) {
      for (const cel::Reference& reference : references) NoteReference(index, reference, where, parents);
    };
    step.run_after = source.run_after;
    step.continue_on_failure = source.continue_on_failure;
    step.timeout = Seconds(source.timeout_seconds.value_or(0));
    if (source.cache) step.cache = CacheOf(*source.cache);
    if (source.when) {
      step.when = CompileExpression(*source.when, declarations, cel::Type::Bool(), path + ".when");
      if (step.when) read(step.when->References(), path + ".when");
    }
    if (source.fan_out) CompileFanOut(step, *source.fan_out, path, declarations, read);
    for (size_t i = 0; i < source.parameters.size(); ++i) {
      const auto& parameter = source.parameters[i];
      CompileParameter(step, parameter, fmt::format("{}.parameters[{}]", path, i), declarations);
    }
    for (size_t i = 0; i < source.input_artifacts.size(); ++i) {
      const std::string where = fmt::format("{}.inputs.artifacts[{}].from", path, i);
      if (CompileInput(step, source.input_artifacts[i], where, declarations)) {
        read(step.input_artifacts.back().from.References(), where);
      }
    }
    step.container = TemplatedValue::Compile(ContainerOf(source), declarations, path, problems_);
    for (const auto& parameter : step.parameters) read(parameter.value.References(), path + ".parameters");
    read(step.container.References(), path);
    CompileRetry(step, source.retry, path + ".retryPolicy");
    step.parents.assign(parents.begin(), parents.end());
  }

  static CachePolicy CacheOf(const api::ResolvedCache& cache) {
    CachePolicy policy{.refresh = cache.mode == api::CacheMode::kRefresh};
    if (cache.ttl_seconds) policy.max_age = Seconds(*cache.ttl_seconds);
    return policy;
  }

  template <typename Read>
  void CompileFanOut(Step& step, const api::ResolvedFanOut& fan_out, const std::string& path,
                     cel::Declarations& declarations, const Read& read) {
    cel::Type element = cel::Type::Dyn();
    if (fan_out.items) {
      const std::string where = path + ".forEach.items";
      step.items = CompileExpression(*fan_out.items, declarations, cel::Type::List(cel::Type::Dyn()), where);
      if (step.items) {
        read(step.items->References(), where);
        if (step.items->type().Is(cel::Type::Kind::kList)) element = step.items->type().element();
      }
      // A list of structs becomes plain JSON before its items are handed out.
      if (element.Is(cel::Type::Kind::kStruct)) element = cel::Type::Map(cel::Type::String(), cel::Type::Dyn());
      declarations.Add("item", element);
    }
    if (fan_out.completions) step.completions = ToInt32(*fan_out.completions);
    step.parallelism = ToInt32(fan_out.parallelism.value_or(0));
    step.max_failed_items = ToInt32(fan_out.max_failed.value_or(0));
    declarations.Add("index", cel::Type::Int());
  }

  void CompileParameter(Step& step, const api::ResolvedStepParameter& parameter, const std::string& path,
                        const cel::Declarations& declarations) {
    json::Value value = parameter.value;
    if (value.IsNull()) {
      auto it = graph_.parameters.find(parameter.name);
      if (it == graph_.parameters.end()) {
        Report(path, fmt::format("the run has no parameter \"{}\"; declare it in .spec.parameters or give a value here",
                                 parameter.name));
        return;
      }
      // The run's values are data, never looked at for expressions.
      step.parameters.push_back({.name = parameter.name, .value = TemplatedValue::Plain(it->second)});
      return;
    }
    step.parameters.push_back(
        {.name = parameter.name,
         .value = TemplatedValue::Compile(std::move(value), declarations, path + ".value", problems_)});
  }

  bool CompileInput(Step& step, const api::ResolvedInputArtifact& input, const std::string& path,
                    const cel::Declarations& declarations) {
    auto from = CompileExpression(input.from, declarations, cel::Type::Dyn(), path);
    if (!from) return false;
    const bool list = from->type() == cel::Type::List(TypeOfArtifact());
    if (!list && !(from->type() == TypeOfArtifact())) {
      Report(path, fmt::format("is {}, not an artifact such as steps.<step>.artifacts.<name>, or a list of them",
                               from->type().ToString()));
      return false;
    }
    step.input_artifacts.push_back(
        {.name = input.name, .path = input.path, .from = *from, .list = list, .optional = input.optional});
    return true;
  }

  void CompileRetry(Step& step, const api::ResolvedRetry& source, const std::string& path) {
    RetryPolicy& retry = step.retry;
    retry.limit = ToInt32(source.limit);
    retry.infrastructure_limit = ToInt32(source.infrastructure_limit);
    retry.backoff = Seconds(source.backoff_seconds);
    retry.backoff_factor_percent = ToInt32(source.backoff_factor_percent);
    retry.max_backoff = Seconds(source.max_backoff_seconds);
    auto on = [&](api::RetryOn kind) { return std::ranges::find(source.retry_on, kind) != source.retry_on.end(); };
    retry.on_failure = on(api::RetryOn::kFailure);
    retry.on_out_of_memory = on(api::RetryOn::kOutOfMemory);
    retry.on_timeout = on(api::RetryOn::kTimeout);
    if (!source.when) return;
    cel::Declarations declarations;
    declarations.Add("params", graph_.parameters_type)
        .Add("exitCode", cel::Type::Int())
        .Add("reason", cel::Type::String())
        .Add("attempt", cel::Type::Int());
    retry.when = CompileExpression(*source.when, declarations, cel::Type::Bool(), path + ".when");
  }

  std::set<int> NamedParents(int index) {
    std::set<int> parents;
    const auto& names = Source(index).depends_on;
    for (size_t i = 0; i < names.size(); ++i) {
      const std::string path = fmt::format("{}.dependsOn[{}]", PathOf(index), i);
      auto it = by_name_.find(names[i]);
      const bool known = it != by_name_.end();
      if (!known) {
        Report(path, fmt::format("there is no step \"{}\"{}", names[i], DidYouMean(index, names[i])));
      } else if (it->second == index) {
        Report(path, "a step can't depend on itself");
      } else if ((it->second >= graph_.first_finally) != (index >= graph_.first_finally)) {
        Report(path, "steps of finally run when all others have ended; they can depend only on each other");
      } else {
        parents.insert(it->second);
      }
    }
    return parents;
  }

  std::string DidYouMean(int index, const std::string& name) const {
    std::vector<std::string_view> others;
    for (const auto& [known, at] : by_name_) {
      if (at != index) others.push_back(known);
    }
    return coreflow::DidYouMean(name, others);
  }

  // A step whose expressions read steps.x depends on x. Steps of finally may read all ordinary ones, which have ended.
  void NoteReference(int index, const cel::Reference& reference, const std::string& where, std::set<int>& parents) {
    if (reference.empty() || reference[0] != "steps") return;
    if (reference.size() < 2) {
      return Report(where, "steps must be read by name (steps.<name>), so that it is known what the step depends on");
    }
    auto it = graph_.by_expression_name.find(reference[1]);
    if (it == graph_.by_expression_name.end()) return;  // the type check has reported it
    MarkRead(it->second, reference);
    const bool reads_finally = it->second >= graph_.first_finally;
    if (it->second == index) return Report(where, "a step can't read its own results");
    if (index >= graph_.first_finally && !reads_finally) return;
    if (reads_finally && index < graph_.first_finally) {
      return Report(where, "steps of finally run when all others have ended; this step can't read their results");
    }
    parents.insert(it->second);
  }

  void MarkRead(int index, const cel::Reference& reference) {
    if (reference.size() < 3 || reference[2] == "outputs" || reference[2] == "artifacts" || reference[2] == "items") {
      graph_.steps[static_cast<size_t>(index)].outputs_are_read = true;
    }
  }

  void CompileOutputs() {
    cel::Declarations declarations;
    declarations.Add("params", graph_.parameters_type)
        .Add("steps", graph_.steps_type)
        .Add("workflow", TypeOfWorkflow(true));
    for (size_t i = 0; i < graph_.source.outputs.size(); ++i) {
      const auto& output = graph_.source.outputs[i];
      const std::string path = fmt::format(".spec.outputs[{}].value", i);
      auto program = CompileExpression(output.value, declarations, cel::Type::Dyn(), path);
      if (!program) continue;
      for (const cel::Reference& reference : program->References()) {
        if (reference.size() < 2 || reference[0] != "steps") continue;
        auto it = graph_.by_expression_name.find(reference[1]);
        if (it != graph_.by_expression_name.end()) MarkRead(it->second, reference);
      }
      graph_.outputs.push_back({.name = output.name, .value = *program});
    }
  }

  void ReportCycles() {
    std::vector<std::vector<int>> parents;
    for (const Step& step : graph_.steps) parents.push_back(step.parents);
    std::vector<int> cycle = FindCycle(parents);
    if (cycle.empty()) return;
    std::string names;
    for (int index : cycle) names += graph_.steps[static_cast<size_t>(index)].name + " -> ";
    names += graph_.steps[static_cast<size_t>(cycle.front())].name;
    Report(PathOf(cycle.front()), "steps depend on each other in a circle: " + names);
  }

  void LinkChildren() {
    for (size_t i = 0; i < graph_.steps.size(); ++i) {
      for (int parent : graph_.steps[i].parents) {
        graph_.steps[static_cast<size_t>(parent)].children.push_back(static_cast<int>(i));
      }
    }
  }

  Graph graph_;
  std::map<std::string, int> by_name_;
  std::vector<Problem> problems_;
};

}  // namespace

Compiled Compile(api::ResolvedRun run) { return Compiler(std::move(run)).Run(); }

}  // namespace coreflow::graph
