// Code generated from the OpenAPI of Kubernetes v1.34.4 by hack/gen_pod_schema.py. DO NOT EDIT.
// clang-format off
#include "pkg/api/pod_schema_table.h"

namespace coreflow::api {

namespace {

using enum PodField::Kind;
using enum PodField::Many;

constexpr PodField kAWSElasticBlockStoreVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"partition", kOne, kInteger, -1, false},
    {"readOnly", kOne, kBoolean, -1, false}, {"volumeID", kOne, kString, -1, true}
};
constexpr PodField kAffinity[] = {
    {"nodeAffinity", kOne, kType, 51, false}, {"podAffinity", kOne, kType, 62, false},
    {"podAntiAffinity", kOne, kType, 64, false}
};
constexpr PodField kAppArmorProfile[] = {
    {"localhostProfile", kOne, kString, -1, false}, {"type", kOne, kString, -1, true}
};
constexpr PodField kAzureDiskVolumeSource[] = {
    {"cachingMode", kOne, kString, -1, false}, {"diskName", kOne, kString, -1, true},
    {"diskURI", kOne, kString, -1, true}, {"fsType", kOne, kString, -1, false}, {"kind", kOne, kString, -1, false},
    {"readOnly", kOne, kBoolean, -1, false}
};
constexpr PodField kAzureFileVolumeSource[] = {
    {"readOnly", kOne, kBoolean, -1, false}, {"secretName", kOne, kString, -1, true},
    {"shareName", kOne, kString, -1, true}
};
constexpr PodField kCSIVolumeSource[] = {
    {"driver", kOne, kString, -1, true}, {"fsType", kOne, kString, -1, false},
    {"nodePublishSecretRef", kOne, kType, 48, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"volumeAttributes", kMap, kString, -1, false}
};
constexpr PodField kCapabilities[] = {
    {"add", kList, kString, -1, false}, {"drop", kList, kString, -1, false}
};
constexpr PodField kCephFSVolumeSource[] = {
    {"monitors", kList, kString, -1, true}, {"path", kOne, kString, -1, false},
    {"readOnly", kOne, kBoolean, -1, false}, {"secretFile", kOne, kString, -1, false},
    {"secretRef", kOne, kType, 48, false}, {"user", kOne, kString, -1, false}
};
constexpr PodField kCinderVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"secretRef", kOne, kType, 48, false}, {"volumeID", kOne, kString, -1, true}
};
constexpr PodField kClusterTrustBundleProjection[] = {
    {"labelSelector", kOne, kType, 44, false}, {"name", kOne, kString, -1, false},
    {"optional", kOne, kBoolean, -1, false}, {"path", kOne, kString, -1, true},
    {"signerName", kOne, kString, -1, false}
};
constexpr PodField kConfigMapEnvSource[] = {
    {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kConfigMapKeySelector[] = {
    {"key", kOne, kString, -1, true}, {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kConfigMapProjection[] = {
    {"items", kList, kType, 43, false}, {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kConfigMapVolumeSource[] = {
    {"defaultMode", kOne, kInteger, -1, false}, {"items", kList, kType, 43, false},
    {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kContainer[] = {
    {"args", kList, kString, -1, false}, {"command", kList, kString, -1, false}, {"env", kList, kType, 24, false},
    {"envFrom", kList, kType, 23, false}, {"image", kOne, kString, -1, false},
    {"imagePullPolicy", kOne, kString, -1, false}, {"lifecycle", kOne, kType, 46, false},
    {"livenessProbe", kOne, kType, 76, false}, {"name", kOne, kString, -1, true},
    {"ports", kList, kType, 15, false}, {"readinessProbe", kOne, kType, 76, false},
    {"resizePolicy", kList, kType, 16, false}, {"resources", kOne, kType, 82, false},
    {"restartPolicy", kOne, kString, -1, false}, {"restartPolicyRules", kList, kType, 17, false},
    {"securityContext", kOne, kType, 90, false}, {"startupProbe", kOne, kType, 76, false},
    {"stdin", kOne, kBoolean, -1, false}, {"stdinOnce", kOne, kBoolean, -1, false},
    {"terminationMessagePath", kOne, kString, -1, false}, {"terminationMessagePolicy", kOne, kString, -1, false},
    {"tty", kOne, kBoolean, -1, false}, {"volumeDevices", kList, kType, 101, false},
    {"volumeMounts", kList, kType, 102, false}, {"workingDir", kOne, kString, -1, false}
};
constexpr PodField kContainerPort[] = {
    {"containerPort", kOne, kInteger, -1, true}, {"hostIP", kOne, kString, -1, false},
    {"hostPort", kOne, kInteger, -1, false}, {"name", kOne, kString, -1, false},
    {"protocol", kOne, kString, -1, false}
};
constexpr PodField kContainerResizePolicy[] = {
    {"resourceName", kOne, kString, -1, true}, {"restartPolicy", kOne, kString, -1, true}
};
constexpr PodField kContainerRestartRule[] = {
    {"action", kOne, kString, -1, true}, {"exitCodes", kOne, kType, 18, false}
};
constexpr PodField kContainerRestartRuleOnExitCodes[] = {
    {"operator", kOne, kString, -1, true}, {"values", kList, kInteger, -1, false}
};
constexpr PodField kDownwardAPIProjection[] = {
    {"items", kList, kType, 20, false}
};
constexpr PodField kDownwardAPIVolumeFile[] = {
    {"fieldRef", kOne, kType, 55, false}, {"mode", kOne, kInteger, -1, false}, {"path", kOne, kString, -1, true},
    {"resourceFieldRef", kOne, kType, 81, false}
};
constexpr PodField kDownwardAPIVolumeSource[] = {
    {"defaultMode", kOne, kInteger, -1, false}, {"items", kList, kType, 20, false}
};
constexpr PodField kEmptyDirVolumeSource[] = {
    {"medium", kOne, kString, -1, false}, {"sizeLimit", kOne, kQuantity, -1, false}
};
constexpr PodField kEnvFromSource[] = {
    {"configMapRef", kOne, kType, 10, false}, {"prefix", kOne, kString, -1, false},
    {"secretRef", kOne, kType, 86, false}
};
constexpr PodField kEnvVar[] = {
    {"name", kOne, kString, -1, true}, {"value", kOne, kString, -1, false}, {"valueFrom", kOne, kType, 25, false}
};
constexpr PodField kEnvVarSource[] = {
    {"configMapKeyRef", kOne, kType, 11, false}, {"fieldRef", kOne, kType, 55, false},
    {"fileKeyRef", kOne, kType, 30, false}, {"resourceFieldRef", kOne, kType, 81, false},
    {"secretKeyRef", kOne, kType, 87, false}
};
constexpr PodField kEphemeralContainer[] = {
    {"args", kList, kString, -1, false}, {"command", kList, kString, -1, false}, {"env", kList, kType, 24, false},
    {"envFrom", kList, kType, 23, false}, {"image", kOne, kString, -1, false},
    {"imagePullPolicy", kOne, kString, -1, false}, {"lifecycle", kOne, kType, 46, false},
    {"livenessProbe", kOne, kType, 76, false}, {"name", kOne, kString, -1, true},
    {"ports", kList, kType, 15, false}, {"readinessProbe", kOne, kType, 76, false},
    {"resizePolicy", kList, kType, 16, false}, {"resources", kOne, kType, 82, false},
    {"restartPolicy", kOne, kString, -1, false}, {"restartPolicyRules", kList, kType, 17, false},
    {"securityContext", kOne, kType, 90, false}, {"startupProbe", kOne, kType, 76, false},
    {"stdin", kOne, kBoolean, -1, false}, {"stdinOnce", kOne, kBoolean, -1, false},
    {"targetContainerName", kOne, kString, -1, false}, {"terminationMessagePath", kOne, kString, -1, false},
    {"terminationMessagePolicy", kOne, kString, -1, false}, {"tty", kOne, kBoolean, -1, false},
    {"volumeDevices", kList, kType, 101, false}, {"volumeMounts", kList, kType, 102, false},
    {"workingDir", kOne, kString, -1, false}
};
constexpr PodField kEphemeralVolumeSource[] = {
    {"volumeClaimTemplate", kOne, kType, 59, false}
};
constexpr PodField kExecAction[] = {
    {"command", kList, kString, -1, false}
};
constexpr PodField kFCVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"lun", kOne, kInteger, -1, false},
    {"readOnly", kOne, kBoolean, -1, false}, {"targetWWNs", kList, kString, -1, false},
    {"wwids", kList, kString, -1, false}
};
constexpr PodField kFileKeySelector[] = {
    {"key", kOne, kString, -1, true}, {"optional", kOne, kBoolean, -1, false}, {"path", kOne, kString, -1, true},
    {"volumeName", kOne, kString, -1, true}
};
constexpr PodField kFlexVolumeSource[] = {
    {"driver", kOne, kString, -1, true}, {"fsType", kOne, kString, -1, false},
    {"options", kMap, kString, -1, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"secretRef", kOne, kType, 48, false}
};
constexpr PodField kFlockerVolumeSource[] = {
    {"datasetName", kOne, kString, -1, false}, {"datasetUUID", kOne, kString, -1, false}
};
constexpr PodField kGCEPersistentDiskVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"partition", kOne, kInteger, -1, false},
    {"pdName", kOne, kString, -1, true}, {"readOnly", kOne, kBoolean, -1, false}
};
constexpr PodField kGRPCAction[] = {
    {"port", kOne, kInteger, -1, true}, {"service", kOne, kString, -1, false}
};
constexpr PodField kGitRepoVolumeSource[] = {
    {"directory", kOne, kString, -1, false}, {"repository", kOne, kString, -1, true},
    {"revision", kOne, kString, -1, false}
};
constexpr PodField kGlusterfsVolumeSource[] = {
    {"endpoints", kOne, kString, -1, true}, {"path", kOne, kString, -1, true},
    {"readOnly", kOne, kBoolean, -1, false}
};
constexpr PodField kHTTPGetAction[] = {
    {"host", kOne, kString, -1, false}, {"httpHeaders", kList, kType, 38, false},
    {"path", kOne, kString, -1, false}, {"port", kOne, kIntOrString, -1, true}, {"scheme", kOne, kString, -1, false}
};
constexpr PodField kHTTPHeader[] = {
    {"name", kOne, kString, -1, true}, {"value", kOne, kString, -1, true}
};
constexpr PodField kHostAlias[] = {
    {"hostnames", kList, kString, -1, false}, {"ip", kOne, kString, -1, true}
};
constexpr PodField kHostPathVolumeSource[] = {
    {"path", kOne, kString, -1, true}, {"type", kOne, kString, -1, false}
};
constexpr PodField kISCSIVolumeSource[] = {
    {"chapAuthDiscovery", kOne, kBoolean, -1, false}, {"chapAuthSession", kOne, kBoolean, -1, false},
    {"fsType", kOne, kString, -1, false}, {"initiatorName", kOne, kString, -1, false},
    {"iqn", kOne, kString, -1, true}, {"iscsiInterface", kOne, kString, -1, false},
    {"lun", kOne, kInteger, -1, true}, {"portals", kList, kString, -1, false},
    {"readOnly", kOne, kBoolean, -1, false}, {"secretRef", kOne, kType, 48, false},
    {"targetPortal", kOne, kString, -1, true}
};
constexpr PodField kImageVolumeSource[] = {
    {"pullPolicy", kOne, kString, -1, false}, {"reference", kOne, kString, -1, false}
};
constexpr PodField kKeyToPath[] = {
    {"key", kOne, kString, -1, true}, {"mode", kOne, kInteger, -1, false}, {"path", kOne, kString, -1, true}
};
constexpr PodField kLabelSelector[] = {
    {"matchExpressions", kList, kType, 45, false}, {"matchLabels", kMap, kString, -1, false}
};
constexpr PodField kLabelSelectorRequirement[] = {
    {"key", kOne, kString, -1, true}, {"operator", kOne, kString, -1, true}, {"values", kList, kString, -1, false}
};
constexpr PodField kLifecycle[] = {
    {"postStart", kOne, kType, 47, false}, {"preStop", kOne, kType, 47, false},
    {"stopSignal", kOne, kString, -1, false}
};
constexpr PodField kLifecycleHandler[] = {
    {"exec", kOne, kType, 28, false}, {"httpGet", kOne, kType, 37, false}, {"sleep", kOne, kType, 92, false},
    {"tcpSocket", kOne, kType, 95, false}
};
constexpr PodField kLocalObjectReference[] = {
    {"name", kOne, kString, -1, false}
};
constexpr PodField kManagedFieldsEntry[] = {
    {"apiVersion", kOne, kString, -1, false}, {"fieldsType", kOne, kString, -1, false},
    {"fieldsV1", kOne, kAnyObject, -1, false}, {"manager", kOne, kString, -1, false},
    {"operation", kOne, kString, -1, false}, {"subresource", kOne, kString, -1, false},
    {"time", kOne, kString, -1, false}
};
constexpr PodField kNFSVolumeSource[] = {
    {"path", kOne, kString, -1, true}, {"readOnly", kOne, kBoolean, -1, false}, {"server", kOne, kString, -1, true}
};
constexpr PodField kNodeAffinity[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", kList, kType, 75, false},
    {"requiredDuringSchedulingIgnoredDuringExecution", kOne, kType, 52, false}
};
constexpr PodField kNodeSelector[] = {
    {"nodeSelectorTerms", kList, kType, 54, true}
};
constexpr PodField kNodeSelectorRequirement[] = {
    {"key", kOne, kString, -1, true}, {"operator", kOne, kString, -1, true}, {"values", kList, kString, -1, false}
};
constexpr PodField kNodeSelectorTerm[] = {
    {"matchExpressions", kList, kType, 53, false}, {"matchFields", kList, kType, 53, false}
};
constexpr PodField kObjectFieldSelector[] = {
    {"apiVersion", kOne, kString, -1, false}, {"fieldPath", kOne, kString, -1, true}
};
constexpr PodField kObjectMeta[] = {
    {"annotations", kMap, kString, -1, false}, {"creationTimestamp", kOne, kString, -1, false},
    {"deletionGracePeriodSeconds", kOne, kInteger, -1, false}, {"deletionTimestamp", kOne, kString, -1, false},
    {"finalizers", kList, kString, -1, false}, {"generateName", kOne, kString, -1, false},
    {"generation", kOne, kInteger, -1, false}, {"labels", kMap, kString, -1, false},
    {"managedFields", kList, kType, 49, false}, {"name", kOne, kString, -1, false},
    {"namespace", kOne, kString, -1, false}, {"ownerReferences", kList, kType, 57, false},
    {"resourceVersion", kOne, kString, -1, false}, {"selfLink", kOne, kString, -1, false},
    {"uid", kOne, kString, -1, false}
};
constexpr PodField kOwnerReference[] = {
    {"apiVersion", kOne, kString, -1, true}, {"blockOwnerDeletion", kOne, kBoolean, -1, false},
    {"controller", kOne, kBoolean, -1, false}, {"kind", kOne, kString, -1, true}, {"name", kOne, kString, -1, true},
    {"uid", kOne, kString, -1, true}
};
constexpr PodField kPersistentVolumeClaimSpec[] = {
    {"accessModes", kList, kString, -1, false}, {"dataSource", kOne, kType, 98, false},
    {"dataSourceRef", kOne, kType, 99, false}, {"resources", kOne, kType, 104, false},
    {"selector", kOne, kType, 44, false}, {"storageClassName", kOne, kString, -1, false},
    {"volumeAttributesClassName", kOne, kString, -1, false}, {"volumeMode", kOne, kString, -1, false},
    {"volumeName", kOne, kString, -1, false}
};
constexpr PodField kPersistentVolumeClaimTemplate[] = {
    {"metadata", kOne, kType, 56, false}, {"spec", kOne, kType, 58, true}
};
constexpr PodField kPersistentVolumeClaimVolumeSource[] = {
    {"claimName", kOne, kString, -1, true}, {"readOnly", kOne, kBoolean, -1, false}
};
constexpr PodField kPhotonPersistentDiskVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"pdID", kOne, kString, -1, true}
};
constexpr PodField kPodAffinity[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", kList, kType, 106, false},
    {"requiredDuringSchedulingIgnoredDuringExecution", kList, kType, 63, false}
};
constexpr PodField kPodAffinityTerm[] = {
    {"labelSelector", kOne, kType, 44, false}, {"matchLabelKeys", kList, kString, -1, false},
    {"mismatchLabelKeys", kList, kString, -1, false}, {"namespaceSelector", kOne, kType, 44, false},
    {"namespaces", kList, kString, -1, false}, {"topologyKey", kOne, kString, -1, true}
};
constexpr PodField kPodAntiAffinity[] = {
    {"preferredDuringSchedulingIgnoredDuringExecution", kList, kType, 106, false},
    {"requiredDuringSchedulingIgnoredDuringExecution", kList, kType, 63, false}
};
constexpr PodField kPodCertificateProjection[] = {
    {"certificateChainPath", kOne, kString, -1, false}, {"credentialBundlePath", kOne, kString, -1, false},
    {"keyPath", kOne, kString, -1, false}, {"keyType", kOne, kString, -1, true},
    {"maxExpirationSeconds", kOne, kInteger, -1, false}, {"signerName", kOne, kString, -1, true}
};
constexpr PodField kPodDNSConfig[] = {
    {"nameservers", kList, kString, -1, false}, {"options", kList, kType, 67, false},
    {"searches", kList, kString, -1, false}
};
constexpr PodField kPodDNSConfigOption[] = {
    {"name", kOne, kString, -1, false}, {"value", kOne, kString, -1, false}
};
constexpr PodField kPodOS[] = {
    {"name", kOne, kString, -1, true}
};
constexpr PodField kPodReadinessGate[] = {
    {"conditionType", kOne, kString, -1, true}
};
constexpr PodField kPodResourceClaim[] = {
    {"name", kOne, kString, -1, true}, {"resourceClaimName", kOne, kString, -1, false},
    {"resourceClaimTemplateName", kOne, kString, -1, false}
};
constexpr PodField kPodSchedulingGate[] = {
    {"name", kOne, kString, -1, true}
};
constexpr PodField kPodSecurityContext[] = {
    {"appArmorProfile", kOne, kType, 2, false}, {"fsGroup", kOne, kInteger, -1, false},
    {"fsGroupChangePolicy", kOne, kString, -1, false}, {"runAsGroup", kOne, kInteger, -1, false},
    {"runAsNonRoot", kOne, kBoolean, -1, false}, {"runAsUser", kOne, kInteger, -1, false},
    {"seLinuxChangePolicy", kOne, kString, -1, false}, {"seLinuxOptions", kOne, kType, 83, false},
    {"seccompProfile", kOne, kType, 85, false}, {"supplementalGroups", kList, kInteger, -1, false},
    {"supplementalGroupsPolicy", kOne, kString, -1, false}, {"sysctls", kList, kType, 94, false},
    {"windowsOptions", kOne, kType, 107, false}
};
constexpr PodField kPodSpec[] = {
    {"activeDeadlineSeconds", kOne, kInteger, -1, false}, {"affinity", kOne, kType, 1, false},
    {"automountServiceAccountToken", kOne, kBoolean, -1, false}, {"containers", kList, kType, 14, true},
    {"dnsConfig", kOne, kType, 66, false}, {"dnsPolicy", kOne, kString, -1, false},
    {"enableServiceLinks", kOne, kBoolean, -1, false}, {"ephemeralContainers", kList, kType, 26, false},
    {"hostAliases", kList, kType, 39, false}, {"hostIPC", kOne, kBoolean, -1, false},
    {"hostNetwork", kOne, kBoolean, -1, false}, {"hostPID", kOne, kBoolean, -1, false},
    {"hostUsers", kOne, kBoolean, -1, false}, {"hostname", kOne, kString, -1, false},
    {"hostnameOverride", kOne, kString, -1, false}, {"imagePullSecrets", kList, kType, 48, false},
    {"initContainers", kList, kType, 14, false}, {"nodeName", kOne, kString, -1, false},
    {"nodeSelector", kMap, kString, -1, false}, {"os", kOne, kType, 68, false},
    {"overhead", kMap, kQuantity, -1, false}, {"preemptionPolicy", kOne, kString, -1, false},
    {"priority", kOne, kInteger, -1, false}, {"priorityClassName", kOne, kString, -1, false},
    {"readinessGates", kList, kType, 69, false}, {"resourceClaims", kList, kType, 70, false},
    {"resources", kOne, kType, 82, false}, {"restartPolicy", kOne, kString, -1, false},
    {"runtimeClassName", kOne, kString, -1, false}, {"schedulerName", kOne, kString, -1, false},
    {"schedulingGates", kList, kType, 71, false}, {"securityContext", kOne, kType, 72, false},
    {"serviceAccount", kOne, kString, -1, false}, {"serviceAccountName", kOne, kString, -1, false},
    {"setHostnameAsFQDN", kOne, kBoolean, -1, false}, {"shareProcessNamespace", kOne, kBoolean, -1, false},
    {"subdomain", kOne, kString, -1, false}, {"terminationGracePeriodSeconds", kOne, kInteger, -1, false},
    {"tolerations", kList, kType, 96, false}, {"topologySpreadConstraints", kList, kType, 97, false},
    {"volumes", kList, kType, 100, false}
};
constexpr PodField kPortworxVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"volumeID", kOne, kString, -1, true}
};
constexpr PodField kPreferredSchedulingTerm[] = {
    {"preference", kOne, kType, 54, true}, {"weight", kOne, kInteger, -1, true}
};
constexpr PodField kProbe[] = {
    {"exec", kOne, kType, 28, false}, {"failureThreshold", kOne, kInteger, -1, false},
    {"grpc", kOne, kType, 34, false}, {"httpGet", kOne, kType, 37, false},
    {"initialDelaySeconds", kOne, kInteger, -1, false}, {"periodSeconds", kOne, kInteger, -1, false},
    {"successThreshold", kOne, kInteger, -1, false}, {"tcpSocket", kOne, kType, 95, false},
    {"terminationGracePeriodSeconds", kOne, kInteger, -1, false}, {"timeoutSeconds", kOne, kInteger, -1, false}
};
constexpr PodField kProjectedVolumeSource[] = {
    {"defaultMode", kOne, kInteger, -1, false}, {"sources", kList, kType, 103, false}
};
constexpr PodField kQuobyteVolumeSource[] = {
    {"group", kOne, kString, -1, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"registry", kOne, kString, -1, true}, {"tenant", kOne, kString, -1, false}, {"user", kOne, kString, -1, false},
    {"volume", kOne, kString, -1, true}
};
constexpr PodField kRBDVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"image", kOne, kString, -1, true}, {"keyring", kOne, kString, -1, false},
    {"monitors", kList, kString, -1, true}, {"pool", kOne, kString, -1, false},
    {"readOnly", kOne, kBoolean, -1, false}, {"secretRef", kOne, kType, 48, false},
    {"user", kOne, kString, -1, false}
};
constexpr PodField kResourceClaim[] = {
    {"name", kOne, kString, -1, true}, {"request", kOne, kString, -1, false}
};
constexpr PodField kResourceFieldSelector[] = {
    {"containerName", kOne, kString, -1, false}, {"divisor", kOne, kQuantity, -1, false},
    {"resource", kOne, kString, -1, true}
};
constexpr PodField kResourceRequirements[] = {
    {"claims", kList, kType, 80, false}, {"limits", kMap, kQuantity, -1, false},
    {"requests", kMap, kQuantity, -1, false}
};
constexpr PodField kSELinuxOptions[] = {
    {"level", kOne, kString, -1, false}, {"role", kOne, kString, -1, false}, {"type", kOne, kString, -1, false},
    {"user", kOne, kString, -1, false}
};
constexpr PodField kScaleIOVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"gateway", kOne, kString, -1, true},
    {"protectionDomain", kOne, kString, -1, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"secretRef", kOne, kType, 48, true}, {"sslEnabled", kOne, kBoolean, -1, false},
    {"storageMode", kOne, kString, -1, false}, {"storagePool", kOne, kString, -1, false},
    {"system", kOne, kString, -1, true}, {"volumeName", kOne, kString, -1, false}
};
constexpr PodField kSeccompProfile[] = {
    {"localhostProfile", kOne, kString, -1, false}, {"type", kOne, kString, -1, true}
};
constexpr PodField kSecretEnvSource[] = {
    {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kSecretKeySelector[] = {
    {"key", kOne, kString, -1, true}, {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kSecretProjection[] = {
    {"items", kList, kType, 43, false}, {"name", kOne, kString, -1, false}, {"optional", kOne, kBoolean, -1, false}
};
constexpr PodField kSecretVolumeSource[] = {
    {"defaultMode", kOne, kInteger, -1, false}, {"items", kList, kType, 43, false},
    {"optional", kOne, kBoolean, -1, false}, {"secretName", kOne, kString, -1, false}
};
constexpr PodField kSecurityContext[] = {
    {"allowPrivilegeEscalation", kOne, kBoolean, -1, false}, {"appArmorProfile", kOne, kType, 2, false},
    {"capabilities", kOne, kType, 6, false}, {"privileged", kOne, kBoolean, -1, false},
    {"procMount", kOne, kString, -1, false}, {"readOnlyRootFilesystem", kOne, kBoolean, -1, false},
    {"runAsGroup", kOne, kInteger, -1, false}, {"runAsNonRoot", kOne, kBoolean, -1, false},
    {"runAsUser", kOne, kInteger, -1, false}, {"seLinuxOptions", kOne, kType, 83, false},
    {"seccompProfile", kOne, kType, 85, false}, {"windowsOptions", kOne, kType, 107, false}
};
constexpr PodField kServiceAccountTokenProjection[] = {
    {"audience", kOne, kString, -1, false}, {"expirationSeconds", kOne, kInteger, -1, false},
    {"path", kOne, kString, -1, true}
};
constexpr PodField kSleepAction[] = {
    {"seconds", kOne, kInteger, -1, true}
};
constexpr PodField kStorageOSVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"readOnly", kOne, kBoolean, -1, false},
    {"secretRef", kOne, kType, 48, false}, {"volumeName", kOne, kString, -1, false},
    {"volumeNamespace", kOne, kString, -1, false}
};
constexpr PodField kSysctl[] = {
    {"name", kOne, kString, -1, true}, {"value", kOne, kString, -1, true}
};
constexpr PodField kTCPSocketAction[] = {
    {"host", kOne, kString, -1, false}, {"port", kOne, kIntOrString, -1, true}
};
constexpr PodField kToleration[] = {
    {"effect", kOne, kString, -1, false}, {"key", kOne, kString, -1, false}, {"operator", kOne, kString, -1, false},
    {"tolerationSeconds", kOne, kInteger, -1, false}, {"value", kOne, kString, -1, false}
};
constexpr PodField kTopologySpreadConstraint[] = {
    {"labelSelector", kOne, kType, 44, false}, {"matchLabelKeys", kList, kString, -1, false},
    {"maxSkew", kOne, kInteger, -1, true}, {"minDomains", kOne, kInteger, -1, false},
    {"nodeAffinityPolicy", kOne, kString, -1, false}, {"nodeTaintsPolicy", kOne, kString, -1, false},
    {"topologyKey", kOne, kString, -1, true}, {"whenUnsatisfiable", kOne, kString, -1, true}
};
constexpr PodField kTypedLocalObjectReference[] = {
    {"apiGroup", kOne, kString, -1, false}, {"kind", kOne, kString, -1, true}, {"name", kOne, kString, -1, true}
};
constexpr PodField kTypedObjectReference[] = {
    {"apiGroup", kOne, kString, -1, false}, {"kind", kOne, kString, -1, true}, {"name", kOne, kString, -1, true},
    {"namespace", kOne, kString, -1, false}
};
constexpr PodField kVolume[] = {
    {"awsElasticBlockStore", kOne, kType, 0, false}, {"azureDisk", kOne, kType, 3, false},
    {"azureFile", kOne, kType, 4, false}, {"cephfs", kOne, kType, 7, false}, {"cinder", kOne, kType, 8, false},
    {"configMap", kOne, kType, 13, false}, {"csi", kOne, kType, 5, false}, {"downwardAPI", kOne, kType, 21, false},
    {"emptyDir", kOne, kType, 22, false}, {"ephemeral", kOne, kType, 27, false}, {"fc", kOne, kType, 29, false},
    {"flexVolume", kOne, kType, 31, false}, {"flocker", kOne, kType, 32, false},
    {"gcePersistentDisk", kOne, kType, 33, false}, {"gitRepo", kOne, kType, 35, false},
    {"glusterfs", kOne, kType, 36, false}, {"hostPath", kOne, kType, 40, false}, {"image", kOne, kType, 42, false},
    {"iscsi", kOne, kType, 41, false}, {"name", kOne, kString, -1, true}, {"nfs", kOne, kType, 50, false},
    {"persistentVolumeClaim", kOne, kType, 60, false}, {"photonPersistentDisk", kOne, kType, 61, false},
    {"portworxVolume", kOne, kType, 74, false}, {"projected", kOne, kType, 77, false},
    {"quobyte", kOne, kType, 78, false}, {"rbd", kOne, kType, 79, false}, {"scaleIO", kOne, kType, 84, false},
    {"secret", kOne, kType, 89, false}, {"storageos", kOne, kType, 93, false},
    {"vsphereVolume", kOne, kType, 105, false}
};
constexpr PodField kVolumeDevice[] = {
    {"devicePath", kOne, kString, -1, true}, {"name", kOne, kString, -1, true}
};
constexpr PodField kVolumeMount[] = {
    {"mountPath", kOne, kString, -1, true}, {"mountPropagation", kOne, kString, -1, false},
    {"name", kOne, kString, -1, true}, {"readOnly", kOne, kBoolean, -1, false},
    {"recursiveReadOnly", kOne, kString, -1, false}, {"subPath", kOne, kString, -1, false},
    {"subPathExpr", kOne, kString, -1, false}
};
constexpr PodField kVolumeProjection[] = {
    {"clusterTrustBundle", kOne, kType, 9, false}, {"configMap", kOne, kType, 12, false},
    {"downwardAPI", kOne, kType, 19, false}, {"podCertificate", kOne, kType, 65, false},
    {"secret", kOne, kType, 88, false}, {"serviceAccountToken", kOne, kType, 91, false}
};
constexpr PodField kVolumeResourceRequirements[] = {
    {"limits", kMap, kQuantity, -1, false}, {"requests", kMap, kQuantity, -1, false}
};
constexpr PodField kVsphereVirtualDiskVolumeSource[] = {
    {"fsType", kOne, kString, -1, false}, {"storagePolicyID", kOne, kString, -1, false},
    {"storagePolicyName", kOne, kString, -1, false}, {"volumePath", kOne, kString, -1, true}
};
constexpr PodField kWeightedPodAffinityTerm[] = {
    {"podAffinityTerm", kOne, kType, 63, true}, {"weight", kOne, kInteger, -1, true}
};
constexpr PodField kWindowsSecurityContextOptions[] = {
    {"gmsaCredentialSpec", kOne, kString, -1, false}, {"gmsaCredentialSpecName", kOne, kString, -1, false},
    {"hostProcess", kOne, kBoolean, -1, false}, {"runAsUserName", kOne, kString, -1, false}
};

constexpr PodType kTypes[] = {
    {"AWSElasticBlockStoreVolumeSource", kAWSElasticBlockStoreVolumeSource},
    {"Affinity", kAffinity},
    {"AppArmorProfile", kAppArmorProfile},
    {"AzureDiskVolumeSource", kAzureDiskVolumeSource},
    {"AzureFileVolumeSource", kAzureFileVolumeSource},
    {"CSIVolumeSource", kCSIVolumeSource},
    {"Capabilities", kCapabilities},
    {"CephFSVolumeSource", kCephFSVolumeSource},
    {"CinderVolumeSource", kCinderVolumeSource},
    {"ClusterTrustBundleProjection", kClusterTrustBundleProjection},
    {"ConfigMapEnvSource", kConfigMapEnvSource},
    {"ConfigMapKeySelector", kConfigMapKeySelector},
    {"ConfigMapProjection", kConfigMapProjection},
    {"ConfigMapVolumeSource", kConfigMapVolumeSource},
    {"Container", kContainer},
    {"ContainerPort", kContainerPort},
    {"ContainerResizePolicy", kContainerResizePolicy},
    {"ContainerRestartRule", kContainerRestartRule},
    {"ContainerRestartRuleOnExitCodes", kContainerRestartRuleOnExitCodes},
    {"DownwardAPIProjection", kDownwardAPIProjection},
    {"DownwardAPIVolumeFile", kDownwardAPIVolumeFile},
    {"DownwardAPIVolumeSource", kDownwardAPIVolumeSource},
    {"EmptyDirVolumeSource", kEmptyDirVolumeSource},
    {"EnvFromSource", kEnvFromSource},
    {"EnvVar", kEnvVar},
    {"EnvVarSource", kEnvVarSource},
    {"EphemeralContainer", kEphemeralContainer},
    {"EphemeralVolumeSource", kEphemeralVolumeSource},
    {"ExecAction", kExecAction},
    {"FCVolumeSource", kFCVolumeSource},
    {"FileKeySelector", kFileKeySelector},
    {"FlexVolumeSource", kFlexVolumeSource},
    {"FlockerVolumeSource", kFlockerVolumeSource},
    {"GCEPersistentDiskVolumeSource", kGCEPersistentDiskVolumeSource},
    {"GRPCAction", kGRPCAction},
    {"GitRepoVolumeSource", kGitRepoVolumeSource},
    {"GlusterfsVolumeSource", kGlusterfsVolumeSource},
    {"HTTPGetAction", kHTTPGetAction},
    {"HTTPHeader", kHTTPHeader},
    {"HostAlias", kHostAlias},
    {"HostPathVolumeSource", kHostPathVolumeSource},
    {"ISCSIVolumeSource", kISCSIVolumeSource},
    {"ImageVolumeSource", kImageVolumeSource},
    {"KeyToPath", kKeyToPath},
    {"LabelSelector", kLabelSelector},
    {"LabelSelectorRequirement", kLabelSelectorRequirement},
    {"Lifecycle", kLifecycle},
    {"LifecycleHandler", kLifecycleHandler},
    {"LocalObjectReference", kLocalObjectReference},
    {"ManagedFieldsEntry", kManagedFieldsEntry},
    {"NFSVolumeSource", kNFSVolumeSource},
    {"NodeAffinity", kNodeAffinity},
    {"NodeSelector", kNodeSelector},
    {"NodeSelectorRequirement", kNodeSelectorRequirement},
    {"NodeSelectorTerm", kNodeSelectorTerm},
    {"ObjectFieldSelector", kObjectFieldSelector},
    {"ObjectMeta", kObjectMeta},
    {"OwnerReference", kOwnerReference},
    {"PersistentVolumeClaimSpec", kPersistentVolumeClaimSpec},
    {"PersistentVolumeClaimTemplate", kPersistentVolumeClaimTemplate},
    {"PersistentVolumeClaimVolumeSource", kPersistentVolumeClaimVolumeSource},
    {"PhotonPersistentDiskVolumeSource", kPhotonPersistentDiskVolumeSource},
    {"PodAffinity", kPodAffinity},
    {"PodAffinityTerm", kPodAffinityTerm},
    {"PodAntiAffinity", kPodAntiAffinity},
    {"PodCertificateProjection", kPodCertificateProjection},
    {"PodDNSConfig", kPodDNSConfig},
    {"PodDNSConfigOption", kPodDNSConfigOption},
    {"PodOS", kPodOS},
    {"PodReadinessGate", kPodReadinessGate},
    {"PodResourceClaim", kPodResourceClaim},
    {"PodSchedulingGate", kPodSchedulingGate},
    {"PodSecurityContext", kPodSecurityContext},
    {"PodSpec", kPodSpec},
    {"PortworxVolumeSource", kPortworxVolumeSource},
    {"PreferredSchedulingTerm", kPreferredSchedulingTerm},
    {"Probe", kProbe},
    {"ProjectedVolumeSource", kProjectedVolumeSource},
    {"QuobyteVolumeSource", kQuobyteVolumeSource},
    {"RBDVolumeSource", kRBDVolumeSource},
    {"ResourceClaim", kResourceClaim},
    {"ResourceFieldSelector", kResourceFieldSelector},
    {"ResourceRequirements", kResourceRequirements},
    {"SELinuxOptions", kSELinuxOptions},
    {"ScaleIOVolumeSource", kScaleIOVolumeSource},
    {"SeccompProfile", kSeccompProfile},
    {"SecretEnvSource", kSecretEnvSource},
    {"SecretKeySelector", kSecretKeySelector},
    {"SecretProjection", kSecretProjection},
    {"SecretVolumeSource", kSecretVolumeSource},
    {"SecurityContext", kSecurityContext},
    {"ServiceAccountTokenProjection", kServiceAccountTokenProjection},
    {"SleepAction", kSleepAction},
    {"StorageOSVolumeSource", kStorageOSVolumeSource},
    {"Sysctl", kSysctl},
    {"TCPSocketAction", kTCPSocketAction},
    {"Toleration", kToleration},
    {"TopologySpreadConstraint", kTopologySpreadConstraint},
    {"TypedLocalObjectReference", kTypedLocalObjectReference},
    {"TypedObjectReference", kTypedObjectReference},
    {"Volume", kVolume},
    {"VolumeDevice", kVolumeDevice},
    {"VolumeMount", kVolumeMount},
    {"VolumeProjection", kVolumeProjection},
    {"VolumeResourceRequirements", kVolumeResourceRequirements},
    {"VsphereVirtualDiskVolumeSource", kVsphereVirtualDiskVolumeSource},
    {"WeightedPodAffinityTerm", kWeightedPodAffinityTerm},
    {"WindowsSecurityContextOptions", kWindowsSecurityContextOptions},
};

}  // namespace

std::span<const PodType> PodTypes() { return kTypes; }

}  // namespace coreflow::api
