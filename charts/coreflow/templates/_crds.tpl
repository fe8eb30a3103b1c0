{{/* The CRDs: (list $ KEEP); KEEP says whether they outlive the release. */}}
{{- define "coreflow.crds" -}}
{{- $root := first . }}
{{- $kept := include "coreflow.kept" . | fromYaml }}
{{- $labels := include "coreflow.labelsOf" (list $root "crds") | fromYaml }}
{{- range $path, $_ := $root.Files.Glob "files/crds/*.yaml" }}
{{- $crd := $root.Files.Get $path | fromYaml }}
{{- $_ := set $crd.metadata "annotations" (merge (dict) $kept ($crd.metadata.annotations | default dict)) }}
{{- $_ := set $crd.metadata "labels" $labels }}
---
{{ $crd | toYaml }}
{{- end }}
{{- end }}

{{- define "coreflow.kept" -}}
{{- if last . -}}
helm.sh/resource-policy: keep
{{- end }}
{{- end }}
