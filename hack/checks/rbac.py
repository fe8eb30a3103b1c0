#!/usr/bin/env python3
"""The roles that the charts install grant what is used and nothing else.

usage: rbac.py [ROOT]      the operator's: what helm makes of charts/coreflow/templates/rbac.yaml; the others': of all templates
"""
import os
import sys

import helm
import tree
import yaml

TEMPLATE = "charts/coreflow/templates/rbac.yaml"
OPERATOR_NAMESPACE = helm.NAMESPACE
# The namespaces that an install serves; none: all.
INSTALLS = {"cluster-wide": [], "namespaced": ["team-a", "team-b"]}
# What the operator may `get` when it is asked for, and no other verb.
READS = {"cache.readSecrets": "secrets", "cache.readConfigMaps": "configmaps"}

# A new right belongs here and in the template, with the reason beside it there.
WORK = {
    ("coreflow.dev", "workflows"): {"get", "list", "watch", "delete"},
    ("coreflow.dev", "jobs"): {"get", "list", "watch", "delete"},
    ("coreflow.dev", "workflows/status"): {"update", "patch"},
    ("coreflow.dev", "jobs/status"): {"update", "patch"},
    ("coreflow.dev", "workflows/finalizers"): {"update"},
    ("coreflow.dev", "jobs/finalizers"): {"update"},
    ("coreflow.dev", "workflowrecords"): {"get", "list", "watch", "create", "deletecollection"},
    ("", "pods"): {"get", "list", "watch", "create", "patch", "delete", "deletecollection"},
    ("events.k8s.io", "events"): {"create", "patch"},
    ("coordination.k8s.io", "leases", "coreflow-claim"): {"list", "watch", "delete"},
    ("coordination.k8s.io", "leases"): {"create"},
}
OWN_NAMESPACE = {("", "namespaces"): {"get"}}
LEASE = {("coordination.k8s.io", "leases"): {"get", "create", "update"}, **OWN_NAMESPACE}
# A cluster-wide install has the fence.
LEASE_AND_FENCE = {**LEASE, ("coreflow.dev", "fences"): {"get", "create", "update"}}

RUNS = {("coreflow.dev", resource): {"get", "list", "watch"} for resource in ("workflows", "jobs", "workflowrecords")}
CHANGE = {"create", "update", "patch", "delete", "deletecollection"}
# Whose tokens the data service asks readers for: it has no rights, so neither has who makes one.
READER = "coreflow-reader"
EDIT = {**RUNS, **{("coreflow.dev", resource): {"get", "list", "watch"} | CHANGE for resource in ("workflows", "jobs")},
        ("", "serviceaccounts/token", READER): {"create"}}
# Roles of everybody but the operator, by name.
OTHERS = {
    "coreflow-view": RUNS,
    "coreflow-edit": EDIT,
    "coreflow-admin": {**EDIT, ("coreflow.dev", "workflowrecords"): {"get", "list", "watch", "delete", "deletecollection"}},
    READER: {("", "services/proxy", "https:coreflow-data:8443"): {"get"}},
    "coreflow-operator-tokens": {("authentication.k8s.io", "tokenreviews"): {"create"}},
    "coreflow-test": {("coreflow.dev", "workflows", "coreflow-test"): {"get", "list", "watch"}},
    "coreflow-uninstall": {
        ("coreflow.dev", "workflows"): {"list", "patch"},
        ("coreflow.dev", "jobs"): {"list", "patch"},
        ("", "pods"): {"list", "patch"},
        ("coordination.k8s.io", "leases", "coreflow-claim"): {"list", "delete"},
    },
}
# Those who have one of them, where that is not the account of its name.
HOLDERS = {
    READER: {"kind": "Group", "name": "system:authenticated", "apiGroup": "rbac.authorization.k8s.io"},
    "coreflow-operator-tokens": {"kind": "ServiceAccount", "name": "coreflow-operator", "namespace": OPERATOR_NAMESPACE},
}
OPERATOR = {"coreflow-operator", "coreflow-operator-lease"}

# Whatever else changes, these are refused: each of them leads to all the others, or to the users' data.
NEVER_VERBS = {"*", "escalate", "bind", "impersonate"}
NEVER_RESOURCES = {"*", "secrets", "configmaps", "pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers",
                   "serviceaccounts/token", "nodes", "nodes/proxy"}


def granted(role):
    """(group, resource[, name]) -> verbs of a Role or ClusterRole."""
    rights = {}
    for rule in role.get("rules") or []:
        for group in rule.get("apiGroups", []):
            for resource in rule.get("resources", []):
                for name in rule.get("resourceNames", [None]):
                    right = (group, resource) if name is None else (group, resource, name)
                    rights.setdefault(right, set()).update(rule["verbs"])
    return rights


def forbidden(role, reads=()):
    """What no role of the operator may have, but for the resources that it was asked to read."""
    if "aggregationRule" in role:
        yield "collects rules from other roles"
    for rule in role.get("rules") or []:
        if "nonResourceURLs" in rule:
            yield f"reaches URLs: {rule['nonResourceURLs']}"
        if "*" in rule.get("apiGroups", []):
            yield "has a wildcard for apiGroups"
        ours = {"serviceaccounts/token"} if rule.get("resourceNames") == [READER] else set()
        for resource in NEVER_RESOURCES & set(rule.get("resources", [])) - ours - set(reads):
            yield f"may touch {resource}"
        for verb in NEVER_VERBS & set(rule["verbs"]):
            yield f"has the verb {verb}"


def differences(rights, wanted):
    for right in sorted(rights.keys() | wanted.keys()):
        extra = rights.get(right, set()) - wanted.get(right, set())
        missing = wanted.get(right, set()) - rights.get(right, set())
        name = "/".join(part for part in right if part)
        if extra:
            yield f"grants {', '.join(sorted(extra))} on {name}, which it does not use"
        if missing:
            yield f"lacks {', '.join(sorted(missing))} on {name}"


def check_documents(path, documents, cluster_wide, reads=()):
    """Problems of the manifests of one way to install; cluster_wide says whether cluster-wide kinds may stand there, reads
    what the operator was asked to read."""
    roles = {(d["kind"], d["metadata"].get("namespace", ""), d["metadata"]["name"]): d
             for d in documents if d["kind"] in ("Role", "ClusterRole")}
    leases = 0
    lease = LEASE_AND_FENCE if cluster_wide else LEASE
    work = {**WORK, **{("", resource): {"get"} for resource in reads}}
    for (kind, namespace, name), role in roles.items():
        where = f"{path}: {kind} {name}"
        if kind == "ClusterRole" and not cluster_wide:
            yield f"{where}: a namespaced install has no cluster-wide rights"
        is_lease = "update" in granted(role).get(("coordination.k8s.io", "leases"), set())
        leases += is_lease
        yield from (f"{where}: {problem}" for problem in forbidden(role, () if is_lease else reads))
        yield from (f"{where}: {problem}" for problem in differences(granted(role), lease if is_lease else work))
        if is_lease and (kind, namespace) != ("Role", OPERATOR_NAMESPACE):
            yield f"{where}: leases are of {OPERATOR_NAMESPACE} only"
    if leases != 1 or len(roles) < 2:
        yield f"{path}: wants one role for the work and one for the Lease"
    yield from check_bindings(path, documents, roles, cluster_wide)


def check_bindings(path, documents, roles, cluster_wide):
    """Each role is bound once, where it stands, to the operator's service account alone."""
    bound = []
    for binding in (d for d in documents if d["kind"] in ("RoleBinding", "ClusterRoleBinding")):
        namespace = binding["metadata"].get("namespace", "")
        where = f"{path}: {binding['kind']} {binding['metadata']['name']}"
        if binding["kind"] == "ClusterRoleBinding" and not cluster_wide:
            yield f"{where}: a namespaced install has no cluster-wide rights"
        bound.append((binding["roleRef"]["kind"], namespace, binding["roleRef"]["name"]))
        subject = {"kind": "ServiceAccount", "name": "coreflow-operator", "namespace": OPERATOR_NAMESPACE}
        if binding["subjects"] != [subject]:
            yield f"{where}: binds somebody else than the operator"
    if sorted(bound) != sorted(roles):
        yield f"{path}: bound are {sorted(bound)}, and roles are {sorted(roles)}"


def check_others(documents):
    """The other roles: each is known, and bound to the account of its name, to its holder or, if it is for users, to nobody."""
    for document in documents:
        kind, name = document["kind"], document["metadata"]["name"]
        if name in OPERATOR or kind not in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
            continue
        where = f"{kind} {name}"
        if kind.endswith("Binding"):
            subject = HOLDERS.get(name, {"kind": "ServiceAccount", "name": name, "namespace": OPERATOR_NAMESPACE})
            if document["roleRef"]["name"] != name or document["subjects"] != [subject]:
                yield f"{where}: binds somebody else than {name}"
        elif name not in OTHERS:
            yield f"{where}: is not known"
        else:
            yield from (f"{where}: {problem}" for problem in forbidden(document))
            yield from (f"{where}: {problem}" for problem in differences(granted(document), OTHERS[name]))


def rendered(root, served, asked=()):
    """The template's documents, for an install that serves those namespaces, with the values that are asked for."""
    done = helm.helm(root, "template", "--namespace", OPERATOR_NAMESPACE, "--show-only", "templates/rbac.yaml",
                     *helm.serving(served), *(word for value in asked for word in ("--set", f"{value}=true")))
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def check(root):
    if not os.path.exists(os.path.join(root, TEMPLATE)):
        return [f"{TEMPLATE}: is missing"]
    return [problem for install, served in INSTALLS.items() for asked in ((), tuple(READS))
            for problem in check_documents(f"{TEMPLATE}, {install}", rendered(root, served, asked), not served,
                                           [READS[value] for value in asked])] + [
                f"{install}: {problem}" for install, documents in helm.installs(root) for problem in check_others(documents)]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "problems of roles"))
