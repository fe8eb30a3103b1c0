{{/* The account that the operator acts as, as the API server names it. */}}
{{- define "coreflow.user" -}}
system:serviceaccount:{{ .Release.Namespace }}:coreflow-operator
{{- end }}

{{/* Artifacts that one replica keeps, another one must find: they need S3, a volume of all replicas, or one replica. */}}
{{- define "coreflow.hasArtifacts" -}}
{{- with .Values.store }}
{{- if and .enabled (or .s3.bucket .existingClaim (eq (int $.Values.replicas) 1)) -}}
true
{{- end }}
{{- end }}
{{- end }}

{{/* People read what is kept: the operator has to ask whose tokens are, which no right in namespaces lets it. */}}
{{- define "coreflow.hasReaders" -}}
{{- with .Values.reader }}
{{- if and .enabled (include "coreflow.hasArtifacts" $) (or .clusterWide (not $.Values.namespaces)) -}}
true
{{- end }}
{{- end }}
{{- end }}

{{/* Where the store is, and how much of a volume artifacts may take. */}}
{{- define "coreflow.storeFlags" -}}
{{- with .Values.store.s3 }}
{{- if .bucket -}}
- --store=s3://{{ .bucket }}{{ with .prefix }}/{{ . }}{{ end }}
{{- with .endpoint }}
- --store-s3-endpoint={{ . }}
{{- end }}
{{- with .region }}
- --store-s3-region={{ . }}
{{- end }}
{{- else -}}
- --store=/var/lib/coreflow/store
{{- with include "coreflow.artifactsMiB" $ }}
- --store-limit={{ . }}Mi
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Most MiB of artifacts in the store's volume; empty: as much as there is room for. */}}
{{- define "coreflow.artifactsMiB" -}}
{{- with .Values.store -}}
{{- if .artifactsMiB }}{{ int .artifactsMiB }}{{ else if not .existingClaim }}1024{{ end }}
{{- end }}
{{- end }}

{{/* Where spans and events of runs are sent. Headers come out of Secrets, by variables. */}}
{{- define "coreflow.telemetryFlags" -}}
{{- with .Values.tracing }}{{ if .endpoint }}
- --otlp-endpoint={{ .endpoint }}
{{- if .headersSecret }}
- --otlp-headers=$(OTLP_HEADERS)
{{- end }}
{{- end }}{{ end }}
{{- with .Values.cloudEvents }}{{ if .sink }}
- --cloudevents-sink={{ .sink }}
{{- if .headersSecret }}
- --cloudevents-headers=$(CLOUDEVENTS_HEADERS)
{{- end }}
{{- end }}{{ end }}
{{- end }}

{{/* The variables that the operator and its flags refer to. */}}
{{- define "coreflow.operatorEnv" -}}
{{- if include "coreflow.hasArtifacts" . }}
- {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
{{- with .Values.store.s3 }}{{ if .bucket }}
- {name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: {{ .credentialsSecret }}, key: AWS_ACCESS_KEY_ID}}}
- {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: {{ .credentialsSecret }}, key: AWS_SECRET_ACCESS_KEY}}}
- {name: AWS_SESSION_TOKEN, valueFrom: {secretKeyRef: {name: {{ .credentialsSecret }}, key: AWS_SESSION_TOKEN, optional: true}}}
{{- end }}{{ end }}
{{- end }}
{{- if and .Values.tracing.endpoint .Values.tracing.headersSecret }}
- {name: OTLP_HEADERS, valueFrom: {secretKeyRef: {name: {{ .Values.tracing.headersSecret }}, key: headers}}}
{{- end }}
{{- if and .Values.cloudEvents.sink .Values.cloudEvents.headersSecret }}
- {name: CLOUDEVENTS_HEADERS, valueFrom: {secretKeyRef: {name: {{ .Values.cloudEvents.headersSecret }}, key: headers}}}
{{- end }}
{{- end }}

{{/* The ports that the operator reaches beside the API server and DNS, each once, as a JSON list. */}}
{{- define "coreflow.egressPorts" -}}
{{- $urls := list .Values.tracing.endpoint .Values.cloudEvents.sink }}
{{- $ports := list }}
{{- if and .Values.store.enabled .Values.store.s3.bucket }}
{{- $ports = append $ports (include "coreflow.portOf" .Values.store.s3.endpoint) }}
{{- end }}
{{- range $urls }}
{{- if . }}{{ $ports = append $ports (include "coreflow.portOf" .) }}{{ end }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{/* The port of a URL; of none, that of https. */}}
{{- define "coreflow.portOf" -}}
{{- $url := urlParse . }}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (ternary 80 443 (eq $url.scheme "http")) }}
{{- end }}

{{- define "coreflow.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* What every pod of this chart is held to: the Pod Security Standard "restricted". */}}
{{- define "coreflow.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "coreflow.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Where the pods of hooks run, and as whom. */}}
{{- define "coreflow.hookPlace" -}}
securityContext: {{- include "coreflow.podSecurity" . | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What containers of hooks have in common. */}}
{{- define "coreflow.hookContainer" -}}
image: {{ include "coreflow.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
resources: {{- toYaml .Values.resources | nindent 2 }}
securityContext: {{- include "coreflow.containerSecurity" . | nindent 2 }}
{{- end }}
