{{/* Metadata of what the user has asked for, with his labels and annotations: (list $ values name). */}}
{{- define "coreflow.monitoringMetadata" }}
{{- $root := index . 0 }}
{{- $values := index . 1 }}
metadata:
  name: {{ index . 2 }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "coreflow.labels" $root | nindent 4 }}
    {{- with $values.labels }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- with $values.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* What a ServiceMonitor and a PodMonitor have in common: (list $ values). The label "job" is the same with both. */}}
{{- define "coreflow.monitor" }}
{{- $root := index . 0 }}
{{- include "coreflow.monitoringMetadata" (list $root (index . 1) "coreflow-operator") }}
spec:
  jobLabel: app.kubernetes.io/name
  selector:
    matchLabels: {{- include "coreflow.selector" $root | nindent 6 }}
  namespaceSelector:
    matchNames: [{{ $root.Release.Namespace }}]
{{- end }}

{{- define "coreflow.scrape" -}}
- port: metrics
  {{- with .interval }}
  interval: {{ . }}
  {{- end }}
{{- end }}
