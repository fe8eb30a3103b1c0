{{/* What stands on every object of the operator. */}}
{{- define "coreflow.labels" -}}
{{ include "coreflow.labelsOf" (list . "operator") }}
{{- end }}

{{/* What stands on every object of a component: (list $ COMPONENT). */}}
{{- define "coreflow.labelsOf" -}}
{{ include "coreflow.selectorOf" . }}
{{- with first . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: coreflow
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- end }}

{{/* What selects the operator's pods; never changes. */}}
{{- define "coreflow.selector" -}}
{{ include "coreflow.selectorOf" (list . "operator") }}
{{- end }}

{{- define "coreflow.selectorOf" -}}
{{ include "coreflow.selectorOfAll" (first .) }}
app.kubernetes.io/component: {{ last . }}
{{- end }}

{{/* What selects all pods of this release. */}}
{{- define "coreflow.selectorOfAll" -}}
app.kubernetes.io/name: coreflow
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
