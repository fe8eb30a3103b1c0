import copy

import helm
import pytest
import rbac


@pytest.fixture(name="manifests")
def manifests_(root):
    return {install: rbac.rendered(root, served) for install, served in rbac.INSTALLS.items()}


def problems(documents, cluster_wide=False):
    return list(rbac.check_documents("rbac.yaml", documents, cluster_wide))


def of(documents, kind, name):
    return next(d for d in documents if d["kind"] == kind and d["metadata"]["name"] == name)


def test_this_tree(root):
    assert rbac.check(root) == []


def test_a_cluster_role_is_nothing_for_a_namespaced_install(manifests):
    found = problems(manifests["cluster-wide"])
    assert "rbac.yaml: ClusterRole coreflow-operator: a namespaced install has no cluster-wide rights" in found
    assert "rbac.yaml: ClusterRoleBinding coreflow-operator: a namespaced install has no cluster-wide rights" in found


GRANTS = {
    "secrets": ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}, "may touch secrets"),
    "exec": ({"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]}, "may touch pods/exec"),
    "all resources": ({"apiGroups": [""], "resources": ["*"], "verbs": ["get"]}, "may touch *"),
    "all groups": ({"apiGroups": ["*"], "resources": ["pods"], "verbs": ["get"]}, "has a wildcard for apiGroups"),
    "all verbs": ({"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}, "has the verb *"),
    "escalate": ({"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["escalate"]},
                 "has the verb escalate"),
    "impersonate": ({"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"]}, "has the verb impersonate"),
    "URLs": ({"nonResourceURLs": ["/metrics"], "verbs": ["get"]}, "reaches URLs: ['/metrics']"),
    "spec": ({"apiGroups": ["coreflow.dev"], "resources": ["workflows"], "verbs": ["update"]},
             "grants update on coreflow.dev/workflows, which it does not use"),
}


@pytest.mark.parametrize("what", GRANTS)
def test_a_right_too_many_is_refused(manifests, what):
    documents = copy.deepcopy(manifests["namespaced"])
    rule, want = GRANTS[what]
    of(documents, "Role", "coreflow-operator")["rules"].append(rule)
    assert f"rbac.yaml: Role coreflow-operator: {want}" in problems(documents)


def test_a_right_that_is_missing_is_told(manifests):
    documents = copy.deepcopy(manifests["namespaced"])
    for rule in of(documents, "Role", "coreflow-operator")["rules"]:
        if rule["resources"] == ["pods"]:
            rule["verbs"].remove("deletecollection")
    assert problems(documents) == ["rbac.yaml: Role coreflow-operator: lacks deletecollection on pods"]


def test_leases_of_other_namespaces_are_refused(manifests):
    documents = copy.deepcopy(manifests["namespaced"])
    for kind in ("Role", "RoleBinding"):
        of(documents, kind, "coreflow-operator-lease")["metadata"]["namespace"] = "team-a"
    assert problems(documents) == ["rbac.yaml: Role coreflow-operator-lease: leases are of coreflow-system only"]


def test_another_subject_is_refused(manifests):
    documents = copy.deepcopy(manifests["namespaced"])
    of(documents, "RoleBinding", "coreflow-operator")["subjects"].append({"kind": "Group", "name": "system:authenticated"})
    assert problems(documents) == ["rbac.yaml: RoleBinding coreflow-operator: binds somebody else than the operator"]


def test_a_role_that_nobody_has_is_told(manifests):
    documents = [d for d in manifests["namespaced"] if d["metadata"]["name"] != "coreflow-operator" or d["kind"] == "Role"]
    assert len(problems(documents)) == 1


@pytest.mark.parametrize("install", rbac.INSTALLS)
@pytest.mark.parametrize("value", rbac.READS)
def test_what_it_was_asked_to_read_it_may_get_and_no_more(root, install, value):
    served, resource = rbac.INSTALLS[install], rbac.READS[value]
    documents = rbac.rendered(root, served, [value])
    assert list(rbac.check_documents("rbac.yaml", documents, not served, [resource])) == []
    role = next(d for d in documents if d["metadata"]["name"] == "coreflow-operator")
    assert f"rbac.yaml: {role['kind']} coreflow-operator: may touch {resource}" in problems(documents, not served)
    role["rules"][-1]["verbs"].append("list")
    assert list(rbac.check_documents("rbac.yaml", documents, not served, [resource])) == [
        f"rbac.yaml: {role['kind']} coreflow-operator: grants list on {resource}, which it does not use"]


@pytest.fixture(name="whole")
def whole_(root):
    return copy.deepcopy(helm.rendered(root, {"replicas": 1}))


@pytest.mark.parametrize("name", rbac.OTHERS)
def test_a_right_too_many_of_others_is_refused(whole, name):
    of(whole, "Role" if name in ("coreflow-test", rbac.READER) else "ClusterRole", name)["rules"].append(GRANTS["secrets"][0])
    assert [problem.split(": ")[1] for problem in rbac.check_others(whole)] == [
        "may touch secrets", "grants get on secrets, which it does not use"]


@pytest.mark.parametrize("names", [None, ["default"], [rbac.READER, "default"]])
def test_tokens_of_other_accounts_than_the_readers_are_refused(whole, names):
    rule = {"apiGroups": [""], "resources": ["serviceaccounts/token"], "verbs": ["create"]}
    of(whole, "ClusterRole", "coreflow-edit")["rules"].append({**rule, **({"resourceNames": names} if names else {})})
    assert "ClusterRole coreflow-edit: may touch serviceaccounts/token" in rbac.check_others(whole)


def test_the_way_of_readers_is_for_whoever_is_known_and_for_nobody_else(whole):
    of(whole, "RoleBinding", rbac.READER)["subjects"][0]["name"] = "system:unauthenticated"
    assert list(rbac.check_others(whole)) == [f"RoleBinding {rbac.READER}: binds somebody else than {rbac.READER}"]


def test_a_role_of_others_that_nobody_knows_is_refused(whole):
    of(whole, "ClusterRole", "coreflow-edit")["metadata"]["name"] = "coreflow-editor"
    assert list(rbac.check_others(whole)) == ["ClusterRole coreflow-editor: is not known"]


def test_a_role_for_users_is_bound_to_nobody(whole):
    binding = of(whole, "ClusterRoleBinding", "coreflow-uninstall")
    binding["roleRef"]["name"] = "coreflow-admin"
    assert list(rbac.check_others(whole)) == ["ClusterRoleBinding coreflow-uninstall: binds somebody else than coreflow-uninstall"]
