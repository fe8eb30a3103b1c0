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
