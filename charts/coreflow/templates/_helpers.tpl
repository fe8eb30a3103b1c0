{{/* What stands on every object of this release. */}}
{{- define "coreflow.labels" -}}
app.kubernetes.io/name: coreflow
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: coreflow
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* What selects the operator's pods; never changes. */}}
{{- define "coreflow.selector" -}}
app.kubernetes.io/name: coreflow
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{/* The account that the operator acts as, as the API server names it. */}}
{{- define "coreflow.user" -}}
system:serviceaccount:{{ .Release.Namespace }}:coreflow-operator
{{- end }}
