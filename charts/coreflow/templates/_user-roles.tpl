{{/*
What users may do with what the CRDs define: (list $ KEEP). Kubernetes adds each to its own role of that name.

Who may create a Workflow or Job can run pods in its namespace, and so use the secrets and service accounts there, as
whoever has Kubernetes' own edit can.
*/}}
{{- define "coreflow.userRoles" -}}
{{- $labels := include "coreflow.labelsOf" (list (first .) "crds") }}
{{- range $role := list "view" "edit" "admin" }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: coreflow-{{ $role }}
  labels:
    {{- $labels | nindent 4 }}
    rbac.authorization.k8s.io/aggregate-to-{{ $role }}: "true"
  {{- with include "coreflow.kept" $ }}
  annotations: {{- . | nindent 4 }}
  {{- end }}
rules:
- apiGroups: [coreflow.dev]
  resources: [workflows, jobs, workflowrecords]
  verbs: [get, list, watch]
{{- if ne $role "view" }}
- apiGroups: [coreflow.dev]
  resources: [workflows, jobs]
  verbs: [create, update, patch, delete, deletecollection]
# Artifacts and kept logs: a token of this account is what CoreFlow's data service asks for.
- apiGroups: [""]
  resources: [serviceaccounts/token]
  resourceNames: [coreflow-reader]
  verbs: [create]
{{- end }}
{{- if eq $role "admin" }}
# What came of earlier runs.
- apiGroups: [coreflow.dev]
  resources: [workflowrecords]
  verbs: [delete, deletecollection]
{{- end }}
{{- end }}
{{- end }}
