#include "pkg/redaction/kept_fields.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace coreflow::redaction {

namespace {

// Paths of members, with blanks between them. "a.b" is member b of a; "a.*" any member of a.
using Paths = std::string_view;

void Add(KeptFields& root, std::string_view path, std::optional<Keep> keep) {
  KeptFields* at = &root;
  while (!path.empty()) {
    const size_t dot = std::min(path.find('.'), path.size());
    at = &at->members[std::string(path.substr(0, dot))];
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  at->keep = keep;
}

// `prefix` is empty or ends with a dot.
void AddAll(KeptFields& root, std::string_view prefix, std::optional<Keep> keep, Paths paths) {
  while (!paths.empty()) {
    const size_t blank = std::min(paths.find(' '), paths.size());
    Add(root, std::string(prefix).append(paths.substr(0, blank)), keep);
    paths.remove_prefix(std::min(blank + 1, paths.size()));
  }
}

// Of every object.
KeptFields Object() {
  KeptFields root;
  AddAll(root, "", Keep::kValue, "apiVersion kind");
  AddAll(root, "metadata.", Keep::kValue,
         "name generateName namespace uid resourceVersion generation creationTimestamp deletionTimestamp "
         "deletionGracePeriodSeconds finalizers");
  AddAll(root, "metadata.", Keep::kAll, "ownerReferences");
  AddAll(root, "metadata.labels.", Keep::kLabel, "*");
  AddAll(root, "metadata.", Keep::kNothing, "managedFields");
  AddAll(root, "metadata.annotations.", std::nullopt, "*");
  for (const char* key : {"meta.helm.sh/release-name", "meta.helm.sh/release-namespace"}) {
    root.members["metadata"].members["annotations"].members[key].keep = Keep::kValue;
  }
  return root;
}

void AddContainer(KeptFields& root, const std::string& prefix) {
  AddAll(root, prefix, Keep::kValue, "name image imagePullPolicy terminationMessagePath terminationMessagePolicy");
  AddAll(root, prefix, Keep::kAll, "resources ports volumeMounts securityContext env.valueFrom envFrom");
  AddAll(root, prefix, Keep::kValue, "env.name");
  AddAll(root, prefix, Keep::kSecret, "env.value");
  for (const char* probe : {"livenessProbe.", "readinessProbe.", "startupProbe."}) {
    AddAll(root, prefix + probe, Keep::kValue,
           "httpGet.path httpGet.port initialDelaySeconds timeoutSeconds periodSeconds failureThreshold");
  }
}

void AddPodSpec(KeptFields& root, const std::string& prefix) {
  AddAll(root, prefix, Keep::kValue,
         "nodeName serviceAccountName serviceAccount restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds "
         "priority priorityClassName preemptionPolicy schedulerName dnsPolicy hostNetwork hostUsers runtimeClassName "
         "enableServiceLinks automountServiceAccountToken volumes.name");
  AddAll(root, prefix, Keep::kAll,
         "tolerations securityContext imagePullSecrets schedulingGates volumes.persistentVolumeClaim volumes.emptyDir "
         "volumes.secret volumes.configMap volumes.projected volumes.downwardAPI volumes.hostPath");
  AddAll(root, prefix, Keep::kLabel, "nodeSelector.*");
  AddContainer(root, prefix + "containers.");
  AddContainer(root, prefix + "initContainers.");
}

void AddConditions(KeptFields& root, const std::string& prefix) {
  AddAll(root, prefix + "conditions.", Keep::kValue,
         "type status reason lastTransitionTime lastUpdateTime lastProbeTime observedGeneration");
  AddAll(root, prefix + "conditions.", Keep::kText, "message");
}

// The message of a container that has ended is what it gave: its outputs.
void AddContainerStatus(KeptFields& root, const std::string& prefix) {
  AddAll(root, prefix, Keep::kValue, "name ready started restartCount image imageID containerID");
  for (const std::string& state : {prefix + "state.", prefix + "lastState."}) {
    AddAll(root, state, Keep::kAll, "running");
    AddAll(root, state, Keep::kValue, "waiting.reason");
    AddAll(root, state, Keep::kText, "waiting.message");
    AddAll(root, state + "terminated.", Keep::kValue, "exitCode signal reason startedAt finishedAt containerID");
  }
}

KeptFields Pod() {
  KeptFields root = Object();
  AddPodSpec(root, "spec.");
  AddAll(root, "status.", Keep::kValue,
         "phase reason hostIP podIP qosClass startTime nominatedNodeName observedGeneration");
  AddAll(root, "status.", Keep::kAll, "podIPs hostIPs");
  AddAll(root, "status.", Keep::kText, "message");
  AddConditions(root, "status.");
  AddContainerStatus(root, "status.containerStatuses.");
  AddContainerStatus(root, "status.initContainerStatuses.");
  return root;
}

// The arguments of the operator are its flags.
KeptFields OperatorPod() {
  KeptFields root = Pod();
  AddAll(root, "spec.containers.", Keep::kText, "args");
  return root;
}

KeptFields Deployment() {
  KeptFields root = Object();
  AddAll(root, "spec.", Keep::kValue, "replicas paused minReadySeconds revisionHistoryLimit progressDeadlineSeconds");
  AddAll(root, "spec.", Keep::kAll, "strategy");
  AddAll(root, "spec.selector.matchLabels.", Keep::kLabel, "*");
  AddAll(root, "spec.template.metadata.labels.", Keep::kLabel, "*");
  AddPodSpec(root, "spec.template.spec.");
  AddAll(root, "spec.template.spec.containers.", Keep::kText, "args");
  AddAll(root, "status.", Keep::kValue,
         "observedGeneration replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas");
  AddConditions(root, "status.");
  return root;
}

// A step, the defaults of steps, or the template of a Job.
void AddStep(KeptFields& root, const std::string& prefix) {
  AddAll(root, prefix, Keep::kValue,
         "name dependsOn runAfter image imagePullPolicy timeoutSeconds continueOnFailure forEach.parallelism env.name "
         "volumeMounts.name volumeMounts.readOnly parameters.name outputs.name outputs.type outputs.large "
         "inputs.artifacts.name inputs.artifacts.optional outputArtifacts.name outputArtifacts.archive "
         "outputArtifacts.optional archiveLogs cache.mode cache.ttlSeconds");
  AddAll(root, prefix, Keep::kExpression, "when forEach.items retryPolicy.when inputs.artifacts.from");
  AddAll(root, prefix, Keep::kAll, "resources ports env.valueFrom envFrom");
  AddAll(root, prefix + "retryPolicy.", Keep::kValue,
         "limit backoffSeconds backoffFactorPercent maxBackoffSeconds retryOn infrastructureLimit");
  AddAll(root, prefix + "pod.", Keep::kValue,
         "serviceAccountName automountServiceAccountToken priorityClassName runtimeClassName hostUsers "
         "imagePullSecrets.name initContainers.name sidecars.name volumes.name");
  AddAll(root, prefix + "pod.", Keep::kAll, "tolerations");
  AddAll(root, prefix + "pod.", Keep::kLabel, "labels.* nodeSelector.*");
}

void AddRunSpec(KeptFields& root, const std::string& prefix) {
  AddAll(root, prefix, Keep::kValue,
         "completions parallelism maxFailedIndexes failFast timeoutSeconds suspend stop onChange priority "
         "serviceAccountName podCleanup ttlSecondsAfterFinished parameters.name parameters.type arguments.name "
         "outputs.name");
  AddAll(root, prefix, Keep::kExpression, "outputs.value");
  AddAll(root, prefix, Keep::kAll, "retryFrom");
  for (const char* part : {"steps.", "finally.", "defaults.", "template."}) AddStep(root, prefix + part);
}

KeptFields Workflow() {
  KeptFields root = Object();
  AddRunSpec(root, "spec.");
  AddAll(root, "status.", Keep::kValue,
         "observedGeneration epoch state progress records startTime completionTime duration outputs.name");
  AddAll(root, "status.run.", Keep::kValue,
         "number digest startTime ending result reason retryFrom reused completionTime");
  AddAll(root, "status.", Keep::kAll, "previousRuns cache counts");
  AddConditions(root, "status.");
  AddAll(root, "status.steps.", Keep::kValue,
         "name index state reason attempt podName exitCode startTime completionTime");
  AddAll(root, "status.steps.", Keep::kText, "message");
  return root;
}

KeptFields Record() {
  KeptFields root = Object();
  AddAll(root, "", Keep::kValue, "run index format digest arguments.name");
  AddAll(root, "", Keep::kAll, "retryFrom");
  AddRunSpec(root, "spec.");
  AddAll(root, "results.", Keep::kValue,
         "step index state reason attempts exitCode startTime completionTime podName nodeName artifacts.name "
         "artifacts.digest artifacts.bytes artifacts.archive cache.decision cache.key cache.from cache.savedSeconds");
  AddAll(root, "results.", Keep::kAll, "usage");
  AddAll(root, "results.", Keep::kText, "message cache.because");
  AddAll(root, "results.outputs.", std::nullopt, "*");
  return root;
}

KeptFields ConfigMap() {
  KeptFields root = Object();
  AddAll(root, "", Keep::kValue, "immutable");
  AddAll(root, "", std::nullopt, "data.* binaryData.*");
  return root;
}

KeptFields Event() {
  KeptFields root = Object();
  AddAll(root, "", Keep::kValue,
         "type reason action eventTime reportingController reportingInstance deprecatedCount deprecatedFirstTimestamp "
         "deprecatedLastTimestamp");
  AddAll(root, "", Keep::kAll, "regarding related series deprecatedSource");
  AddAll(root, "", Keep::kText, "note");
  return root;
}

KeptFields Lease() {
  KeptFields root = Object();
  AddAll(root, "", Keep::kAll, "spec");
  return root;
}

KeptFields Crd() {
  KeptFields root = Object();
  AddAll(root, "spec.", Keep::kValue,
         "group scope conversion.strategy versions.name versions.served versions.storage versions.deprecated");
  AddAll(root, "spec.", Keep::kAll, "names");
  AddAll(root, "status.", Keep::kAll, "acceptedNames storedVersions");
  AddConditions(root, "status.");
  return root;
}

}  // namespace

// Of what users make, whatever is not named may be a secret. The rest is made by charts and programs: their words would
// be found in every text.
const SubjectFields& KeptFieldsOf(Subject subject) {
  static const std::map<Subject, SubjectFields> kFields = {{Subject::kWorkflow, {Workflow(), Keep::kSecret}},
                                                           {Subject::kRecord, {Record(), Keep::kSecret}},
                                                           {Subject::kStepPod, {Pod(), Keep::kSecret}},
                                                           {Subject::kOperatorPod, {OperatorPod(), Keep::kNothing}},
                                                           {Subject::kDeployment, {Deployment(), Keep::kNothing}},
                                                           {Subject::kConfigMap, {ConfigMap(), Keep::kSecret}},
                                                           {Subject::kEvent, {Event(), Keep::kNothing}},
                                                           {Subject::kLease, {Lease(), Keep::kNothing}},
                                                           {Subject::kCrd, {Crd(), Keep::kNothing}}};
  return kFields.at(subject);
}

}  // namespace coreflow::redaction
