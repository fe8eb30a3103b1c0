"""The Helm chart: installed, used, upgraded and uninstalled with the real helm, the operator in its own image."""
import json
import os

import pytest
from harness import account, artifacts, chart, examples, kept_logs, large_outputs, namespace, old_runs, pages, readers
from harness.flows import two_steps
from harness.namespace import condition
from harness.release import Release, documented, held, held_over, let_go, load_image, uninstalled_over
from harness.step_cache import learn
from s3_server import S3Server

SYSTEM = "coreflow-chart"


@pytest.fixture(scope="session")
def image(cluster):
    load_image(cluster)


@pytest.fixture
def release(operator, cluster, image):
    """Makes releases; at the end they are gone, and the operator of the other tests has its roles again."""
    assert operator.stop() == 0
    cluster.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SYSTEM}}))
    cluster.kubectl("label", *(SYSTEM if word == "coreflow-system" else word for word in chart.documented("kubectl label")))
    made = []

    def make(*arguments, **options):
        made.append(Release(cluster, *arguments, **options))
        # The CRDs and the operator's roles are there already, by kubectl; helm's own install of them is what is wanted.
        made[-1].install("--take-ownership")
        return made[-1]
    yield make
    for one in made:
        one.uninstall()
    os.unlink(account.kubeconfig(cluster, "coreflow-system"))


def as_the_notes_say(cluster, shell, installed):
    notes = installed.said.partition("NOTES:\n")[2].splitlines()
    commands = "\n".join(line[2:] for line in notes if line.startswith("  "))
    told = shell(f"trap '[ -z \"$!\" ] || kill $!' EXIT\n{commands}")  # what it leaves in the background ends with it
    for part in ("Phase:          Succeeded", "workflow.coreflow.dev/hello condition met", "\ncoreflow_leader "):
        assert part in told, told
    installed.has_no_test()
    cluster.kubectl("delete", "cfw/hello", "--namespace=default")


@pytest.mark.own_cluster
def test_install_run_upgrade_rollback_uninstall(release, operator, cluster, shell, ns):
    installed = release(SYSTEM)
    assert "no fence" not in installed.log()
    as_the_notes_say(cluster, shell, installed)
    done = ns.run(two_steps("one", "true"))
    assert done["status"]["epoch"] > 0
    served = cluster.kubectl("get", "--raw", "/metrics")
    assert 'apiserver_flowcontrol_dispatched_requests_total{flow_schema="coreflow-leases"' in served

    first = installed.images()
    held_over(ns, "upgraded", lambda: installed.upgrade("logLevel=debug", "image.tag=next", "networkPolicy.enabled=true"))
    assert installed.images() == {"coreflow.dev/coreflow/operator:next"}
    held_over(ns, "rolled-back", installed.rollback)
    assert installed.images() == first
    created = cluster.accepted_creates(ns.name)
    assert len(created) == len(set(created)) == 6, created

    pod = uninstalled_over(ns, installed, cluster)

    os.unlink(account.kubeconfig(cluster, "coreflow-system"))
    operator.start()
    ns.patch("left", {"suspend": False})
    let_go(ns, pod)
    assert ns.attempts(ns.end("left")) == {"first": 1, "second": 1}


@pytest.mark.own_cluster
def test_helm_4_installs_upgrades_rolls_back_and_uninstalls(release, cluster, ns):
    installed = release(SYSTEM, program="helm4")
    installed.test()
    held_over(ns, "upgraded", lambda: installed.upgrade("image.tag=next"))
    assert installed.images() == {"coreflow.dev/coreflow/operator:next"}
    held_over(ns, "rolled-back", installed.rollback)
    installed.uninstall()
    assert cluster.kubectl("get", "deployments,jobs.batch", "-n", SYSTEM, "-o", "name") == ""
    assert ns.get("upgraded")["status"]["state"] == "Succeeded"


@pytest.mark.own_cluster
def test_artifacts_move_through_the_couriers_of_an_install(release, ns):
    release(SYSTEM, "replicas=1", "store.url=https://$(POD_IP):8443")  # this cluster has no DNS
    for file in sorted(examples.OF_INSTALLS):
        examples.run(ns, file)
    artifacts.check_modes_and_links(ns)
    artifacts.check_what_is_missing(ns)
    artifacts.check_exit_codes(ns)
    artifacts.check_what_a_step_took(ns)
    old_runs.check(ns)
    kept_logs.check_ends(ns)
    kept_logs.check_timeout(ns)
    for size in (5, 4096, 100_000):
        large_outputs.check_text(ns, size)


@pytest.mark.own_cluster
def test_who_may_edit_a_namespace_takes_its_artifacts_out_and_no_others(release, cluster, ns, tmp_path):
    release(SYSTEM, "replicas=1", "store.url=https://$(POD_IP):8443")
    step = artifacts.step("make", "echo kept > /work/note", leaves=[("note", "/work/note", "None")])
    done = ns.run(artifacts.workflow("leaves", step), timeout=240)
    digest = ns.items(done)["make"]["artifacts"][0]["digest"].removeprefix("sha256:")
    jane = readers.Editor(cluster, ns, tmp_path)
    assert jane.coreflow("artifacts", "list", "leaves", "-o", "name") == b"make/note\n"
    assert jane.coreflow("artifacts", "get", "leaves", "make", "note", "-o", "-", f"--operator-namespace={SYSTEM}") == b"kept\n"

    def token(of, *more):
        return cluster.kubectl("create", "token", "coreflow-reader", "-n", of, *more).strip()

    other = namespace.make(cluster.kubectl, f"{ns.name}-2")
    other.kubectl("create", "serviceaccount", "coreflow-reader")
    ours = token(ns.name, "--audience=coreflow-data")
    assert jane.ask(SYSTEM, ns.name, digest, ours) == (200, b"kept\n")
    for wrong in (None, "junk", jane.token, token(ns.name), token(other.name, "--audience=coreflow-data")):
        status, body = jane.ask(SYSTEM, ns.name, digest, wrong)
        assert status == 403 and b"this needs a token" in body, (wrong, body)
    assert jane.ask(SYSTEM, other.name, digest, ours)[0] == 403
    assert jane.ask(SYSTEM, other.name, digest, token(other.name, "--audience=coreflow-data"))[0] == 404
    assert "Unauthorized" in cluster.kubectl.fails("get", "--raw", "/api", "--token", ours, "--kubeconfig", jane.path)
    cluster.kubectl("delete", "namespace", other.name, "--wait=false")


@pytest.fixture
def s3(cluster, tmp_path):
    """A server of S3 that pods reach, with a bucket `kept`."""
    server = S3Server(tmp_path, cluster.tool("path", "host"))
    server.start()
    server.make_bucket("kept")
    yield server
    server.stop()


@pytest.mark.own_cluster
def test_two_replicas_keep_results_and_artifacts_in_s3(s3, release, cluster, ns):
    keys = {"AWS_ACCESS_KEY_ID": s3.key_id, "AWS_SECRET_ACCESS_KEY": s3.secret}
    cluster.kubectl("create", "secret", "generic", "s3-keys", "-n", SYSTEM, *(f"--from-literal={key}={value}" for key, value in keys.items()))
    installed = release(SYSTEM, "replicas=2", "store.url=https://$(POD_IP):8443", "store.s3.bucket=kept",
                        f"store.s3.endpoint={s3.endpoint}", "store.s3.credentialsSecret=s3-keys")
    learn(ns)
    first = ns.run(artifacts.passes_a_file("first"))
    assert ns.items(first)["make"]["cache"]["decision"] == "Miss"
    leader = installed.kubectl("get", "lease", "coreflow-operator", "-o", "jsonpath={.spec.holderIdentity}")
    installed.kubectl("delete", "pod", leader.split("_")[0], "--wait=true")
    second = ns.run(artifacts.passes_a_file("second"))
    assert ns.items(second)["make"]["cache"]["decision"] == "Hit"
    assert second["status"]["outputs"] == [{"name": "n", "value": 42}]
    assert s3.secret not in installed.log()


@pytest.mark.own_cluster
def test_a_namespaced_install_says_that_it_has_no_fence(release, shell, ns):
    installed = release(ns.name, f"namespaces={{{ns.name}}}", "uninstall.hook=false")
    installed.test()
    done = ns.run(two_steps("one", "true"))
    assert condition(done, "Fenced")["status"] == "False"
    assert "no fence" in installed.log()
    ns.apply(held("held"))
    pod = ns.running_pod()
    installed.uninstall()
    ns.kubectl("delete", "cfw", "--all")
    ns.kubectl("wait", f"pod/{pod}", "--for=jsonpath={.metadata.deletionTimestamp}")
    assert ns.get(pod, "pod")["metadata"]["finalizers"], "it waits for an operator"
    shell(pages.commands("docs/install.md", "tested: let go"))
    ns.kubectl("wait", f"pod/{pod}", "--for=delete", "--timeout=60s")


@pytest.mark.own_cluster
def test_delete_of_the_namespace_that_the_operator_lives_in(release, cluster, ns):
    release(ns.name, f"namespaces={{{ns.name}}}")
    ns.apply(held("held"))
    ns.running_pod()
    cluster.kubectl("delete", "namespace", ns.name, "--timeout=90s", timeout=100)


CAN = {
    "view": {"get workflows": "yes", "get workflowrecords": "yes", "create workflows": "no"},
    "edit": {"create jobs.coreflow.dev": "yes", "patch workflows": "yes", "delete workflowrecords": "no"},
    "admin": {"delete workflows": "yes", "delete workflowrecords": "yes", "update workflows --subresource=status": "no"},
}


@pytest.mark.own_cluster
def test_the_chart_of_the_crds_leaves_them_and_gives_users_their_rights(cluster, ns):
    documented(cluster, "install coreflow-crds", ns.name, "--take-ownership")
    with cluster.kubectl.watch("clusterroles") as roles:  # Kubernetes adds them up in a moment
        roles.until(lambda seen: all(role in seen and any("workflows" in rule.get("resources", []) for rule in seen[role]["rules"] or [])
                                     for role in CAN), what="roles with what CoreFlow adds to them")
    ns.apply(held("held"))
    for role, rights in CAN.items():
        words = chart.documented("kubectl create rolebinding")
        ns.kubectl("create", "rolebinding", *(word.replace("edit", role).replace("alice", role).replace("team-a", ns.name) for word in words))
        for right, answer in rights.items():
            ask = ns.kubectl if answer == "yes" else ns.kubectl.fails
            assert ask("auth", "can-i", *right.split(), f"--as={role}").splitlines()[-1] == answer, f"{role}: {right}"
    crds = cluster.kubectl("get", "crds", "-o", "name")
    chart.helm("uninstall", "coreflow-crds", "--kubeconfig", cluster.kubeconfig, "--namespace", ns.name, "--wait")
    assert cluster.kubectl("get", "crds", "-o", "name") == crds
    assert ns.get("held")["spec"]["steps"]
