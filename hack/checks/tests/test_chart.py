"""The charts: what helm itself has against them, what they refuse, and what comes of their values."""
import json
import re

import helm
import pytest
import tree
import yaml


@pytest.mark.parametrize("program", ["helm", "helm4"])
@pytest.mark.parametrize("chart", ["coreflow", "coreflow-crds"])
def test_helm_has_nothing_against_it(root, program, chart):
    done = helm.helm(root, "lint", "--strict", program=program, chart=chart)
    assert done.returncode == 0, done.stdout + done.stderr


def test_helm_4_renders_the_same(root):
    for (install, documents), (_, others) in zip(helm.installs(root), helm.installs(root, program="helm4"), strict=True):
        assert documents == others, install


@pytest.mark.parametrize("value", ["replica=1", "image.repo=x", "logLevel=loud", "namespaces={Team_A}", "metrics.port=0"])
def test_a_value_that_is_none_is_refused(root, value):
    done = helm.helm(root, "template", "--set", value)
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr


@pytest.mark.parametrize("page", ["install", "upgrading", "disaster-recovery"])
def test_what_a_page_sets_is_a_value(root, page):
    text = tree.read(root, f"docs/{page}.md").replace("\\\n", " ")
    commands = re.findall(r"helm (?:install|upgrade) .*? charts/(\S+) (.*--set .*)", text)
    assert commands
    for chart, words in commands:
        values = re.findall(r"--set (\S+)", words)
        done = helm.helm(root, "template", *(word for value in values for word in ("--set", value)), chart=chart)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("chart", ["coreflow", "coreflow-crds"])
def test_a_chart_has_the_version_of_the_project(root, chart):
    said = yaml.safe_load(tree.read(root, f"charts/{chart}/Chart.yaml"))
    assert {said["version"], said["appVersion"]} == {tree.read(root, "VERSION").strip()}


def test_the_chart_names_all_crds(root):
    said = yaml.safe_load(yaml.safe_load(tree.read(root, "charts/coreflow/Chart.yaml"))["annotations"]["artifacthub.io/crds"])
    crds = [one for one in helm.rendered(root) if one["kind"] == "CustomResourceDefinition"]
    assert sorted((one["name"], one["kind"], one["version"]) for one in said) == sorted(
        (crd["metadata"]["name"], crd["spec"]["names"]["kind"], version["name"]) for crd in crds for version in crd["spec"]["versions"])


WITH_CRDS = {"CustomResourceDefinition", "ClusterRole"}
CLUSTER_WIDE = {"the CRDs' chart": WITH_CRDS, "namespaced": WITH_CRDS, "without CRDs": set()}


@pytest.mark.parametrize("install", CLUSTER_WIDE)
def test_an_install_for_namespaces_has_nothing_cluster_wide_but_what_comes_with_the_crds(root, install):
    documents = dict(helm.installs(root))[install]
    served = helm.INSTALLS.get(install, {}).get("namespaces", [])
    assert {one["metadata"].get("namespace", served[0] if served else None) for one in documents} <= {helm.NAMESPACE, *served, None}
    assert {one["kind"] for one in documents if "namespace" not in one["metadata"]} == CLUSTER_WIDE[install]
    users = {one["metadata"]["name"] for one in documents if one["kind"] == "ClusterRole"}
    assert users == ({"coreflow-view", "coreflow-edit", "coreflow-admin"} if CLUSTER_WIDE[install] else set())


def keys(thing):
    """Names of all fields of a value, at any depth."""
    if isinstance(thing, dict):
        yield from thing
    for one in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else []:
        yield from keys(one)


@pytest.mark.parametrize("chart", ["coreflow", "coreflow-crds"])
def test_no_value_takes_a_secret_and_no_install_has_one(root, chart):
    schema = json.loads(tree.read(root, f"charts/{chart}/values.schema.json"))
    assert {key for key in keys(schema) if re.search("password|token|accessKey|secret", key, re.I)} <= {
        "credentialsSecret", "headersSecret", "imagePullSecrets", "readSecrets"}
    for install, documents in helm.installs(root):
        assert "Secret" not in {one["kind"] for one in documents}, install


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("chart", ["coreflow", "coreflow-crds"])
def test_crds_and_the_roles_of_users_stay_or_go_together(root, chart, keep):
    documents = helm.rendered(root, {"keep": keep} if chart == "coreflow-crds" else {"crds": {"keep": keep}}, chart=chart)
    with_crds = [one for one in documents if one["metadata"]["labels"]["app.kubernetes.io/component"] == "crds"]
    assert {one["kind"] for one in with_crds} == WITH_CRDS
    for one in with_crds:
        assert ("helm.sh/resource-policy" in (one["metadata"].get("annotations") or {})) == keep


def kinds(root, values, kind):
    return [document for document in helm.rendered(root, values) if document["kind"] == kind]


@pytest.mark.parametrize("replicas, budgets", [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_a_budget_of_disruptions_only_where_a_replica_may_go(root, replicas, budgets):
    assert len(kinds(root, {"replicas": replicas}, "PodDisruptionBudget")) == budgets


@pytest.mark.parametrize("endpoint, port", [
    ("", 443), ("https://minio:9000", 9000), ("http://minio", 80), ("https://minio", 443), ("http://[::1]", 80)])
def test_the_port_of_s3_is_open(root, endpoint, port):
    values = {"networkPolicy": {"enabled": True}, "store": {"s3": {**helm.S3, "endpoint": endpoint}}}
    assert kinds(root, values, "NetworkPolicy")[1]["spec"]["egress"] == [{"ports": [{"port": port, "protocol": "TCP"}]}]


@pytest.mark.parametrize("values, ports", [
    ({"tracing": {"endpoint": "http://collector:4318"}}, [4318]),
    ({"tracing": {"endpoint": "https://collector/base"}, "cloudEvents": {"sink": "http://broker/default"}}, [443, 80]),
    ({"tracing": {"endpoint": "http://one"}, "cloudEvents": {"sink": "http://other"}}, [80]),
    ({"cloudEvents": {"sink": "http://broker:8080"}, "store": {"s3": helm.S3}}, [9000, 8080])])
def test_the_ports_of_receivers_of_telemetry_are_open(root, values, ports):
    policy = kinds(root, {"networkPolicy": {"enabled": True}, **values}, "NetworkPolicy")[1]
    assert policy["spec"]["egress"] == [{"ports": [{"port": port, "protocol": "TCP"} for port in ports]}]


def test_network_policies_only_when_asked_for(root):
    assert not kinds(root, {}, "NetworkPolicy")


@pytest.mark.parametrize("namespaces, those", [
    ([], {}), (["team-a"], {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["team-a"]}]})])
def test_artifacts_come_from_pods_of_steps_only(root, namespaces, those):
    policy = kinds(root, {"networkPolicy": {"enabled": True}, "namespaces": namespaces, "replicas": 1}, "NetworkPolicy")[1]
    metrics, data, *_ = policy["spec"]["ingress"]
    assert metrics == {"ports": [{"port": "metrics", "protocol": "TCP"}]}
    assert data["from"] == [{"podSelector": {"matchExpressions": [{"key": "coreflow.dev/run-id", "operator": "Exists"}]},
                             "namespaceSelector": those}]


READERS = [{"ipBlock": {"cidr": "10.0.0.1/32"}}]


@pytest.mark.parametrize("values, rules", [
    ({}, [{"ports": [{"port": "data", "protocol": "TCP"}]}]),
    ({"networkPolicy": {"enabled": True, "readersFrom": READERS}}, [{"ports": [{"port": "data", "protocol": "TCP"}], "from": READERS}]),
    ({"reader": {"enabled": False}}, []),
    ({"namespaces": ["team-a"]}, []),
    ({"namespaces": ["team-a"], "reader": {"clusterWide": True}}, [{"ports": [{"port": "data", "protocol": "TCP"}]}])])
def test_readers_come_through_the_api_server_where_there_are_any(root, values, rules):
    values = {"networkPolicy": {"enabled": True}, "replicas": 1, **values}
    assert kinds(root, values, "NetworkPolicy")[1]["spec"]["ingress"][2:] == rules
    (operator,) = kinds(root, values, "Deployment")
    assert ("--store-readers=true" in operator["spec"]["template"]["spec"]["containers"][0]["args"]) == bool(rules)
    names = {role["metadata"]["name"] for role in kinds(root, values, "ClusterRole")}
    assert ("coreflow-operator-tokens" in names) == bool(rules)


def test_without_artifacts_there_are_no_readers(root):
    assert "coreflow-reader" not in {role["metadata"]["name"] for role in kinds(root, {"replicas": 2}, "Role")}


READ_BY = {"readSecrets": ("secrets", "--cache-read-secrets=true"), "readConfigMaps": ("configmaps", "--cache-read-config-maps=true")}


@pytest.mark.parametrize("asked", [[], ["readSecrets"], ["readConfigMaps"], ["readSecrets", "readConfigMaps"]], ids=str)
@pytest.mark.parametrize("namespaces", [[], ["team-a"]], ids=str)
@pytest.mark.parametrize("kept", [True, False])
def test_secrets_and_config_maps_are_read_only_where_it_is_asked_for_and_of_use(root, kept, namespaces, asked):
    values = {"cache": {value: True for value in asked}, "namespaces": namespaces, "store": {"enabled": kept}}
    (operator,) = kinds(root, values, "Deployment")
    flags = operator["spec"]["template"]["spec"]["containers"][0]["args"]
    (role,) = (one for one in kinds(root, values, "Role" if namespaces else "ClusterRole")
               if one["metadata"]["name"] == "coreflow-operator")
    for value, (resource, flag) in READ_BY.items():
        wanted = kept and value in asked
        assert (flag in flags) == wanted
        assert [rule["verbs"] for rule in role["rules"] if resource in rule["resources"]] == ([["get"]] if wanted else [])


def test_a_spread_selects_the_replicas_unless_it_says_otherwise(root):
    spread = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"a": "b"}}}
    for values, want in (({}, "operator"), ({"topologySpreadConstraints": [spread]}, None)):
        (operator,) = kinds(root, values, "Deployment")
        (one,) = operator["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert one["labelSelector"]["matchLabels"].get("app.kubernetes.io/component") == want
    (operator,) = kinds(root, {"topologySpreadConstraints": []}, "Deployment")
    assert "topologySpreadConstraints" not in operator["spec"]["template"]["spec"]


def installed(root, *values):
    """The operator's container, the volumes of its pod, and the names of all Services."""
    documents = helm.rendered_with(root, *values)
    pod = next(document for document in documents if document["kind"] == "Deployment")["spec"]["template"]["spec"]
    return pod["containers"][0], pod.get("volumes", []), [d["metadata"]["name"] for d in documents if d["kind"] == "Service"]


def flags(container, prefix):
    return [argument for argument in container["args"] if argument.startswith(prefix)]


S3 = ["store.s3.bucket=kept", "store.s3.credentialsSecret=keys"]


@pytest.mark.parametrize("values", [["replicas=1"], ["store.existingClaim=kept"], S3])
def test_artifacts_where_all_replicas_have_one_store(root, values):
    operator, _, services = installed(root, *values)
    assert flags(operator, "--store-url=") == ["--store-url=https://coreflow-data.coreflow-system.svc:8443"]
    assert flags(operator, "--courier-image=") and services == ["coreflow-data"]


@pytest.mark.parametrize("values", [["replicas=2"], ["store.enabled=false"], ["store.enabled=false", *S3]])
def test_no_artifacts_elsewhere(root, values):
    operator, _, services = installed(root, *values)
    assert not flags(operator, "--store-url=") and not flags(operator, "--courier-image=") and not services
    assert not [port for port in operator["ports"] if port["name"] == "data"]


def test_a_store_in_s3_has_its_flags_its_key_and_no_volume(root):
    operator, volumes, _ = installed(root, *S3, "store.s3.endpoint=http://minio:9000", "store.s3.region=eu-west-1")
    assert flags(operator, "--store=") == ["--store=s3://kept/coreflow"] and not flags(operator, "--store-limit")
    assert flags(operator, "--store-s3") == ["--store-s3-endpoint=http://minio:9000", "--store-s3-region=eu-west-1"]
    secret = {e["name"]: e["valueFrom"]["secretKeyRef"] for e in operator["env"] if "secretKeyRef" in e["valueFrom"]}
    assert set(secret) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    assert all(one["name"] == "keys" and one["key"] == name for name, one in secret.items())
    assert not volumes and "volumeMounts" not in operator
    assert flags(installed(root, *S3, "store.s3.prefix=")[0], "--store=") == ["--store=s3://kept"]


def test_receivers_of_telemetry_have_their_flags_and_headers_out_of_secrets(root):
    operator, _, _ = installed(root, "tracing.endpoint=http://collector:4318", "tracing.headersSecret=otlp",
                               "cloudEvents.sink=https://broker/default", "cloudEvents.headersSecret=events")
    assert flags(operator, "--otlp") == ["--otlp-endpoint=http://collector:4318", "--otlp-headers=$(OTLP_HEADERS)"]
    assert flags(operator, "--cloudevents") == ["--cloudevents-sink=https://broker/default",
                                                "--cloudevents-headers=$(CLOUDEVENTS_HEADERS)"]
    assert {e["name"]: e["valueFrom"]["secretKeyRef"] for e in operator["env"]} == {
        "OTLP_HEADERS": {"name": "otlp", "key": "headers"}, "CLOUDEVENTS_HEADERS": {"name": "events", "key": "headers"}}


def test_without_receivers_of_telemetry_there_are_no_flags_and_no_variables(root):
    operator, _, _ = installed(root, "tracing.headersSecret=otlp", "cloudEvents.headersSecret=events")
    assert not flags(operator, "--otlp") and not flags(operator, "--cloudevents") and "env" not in operator


@pytest.mark.parametrize("value", ["tracing.endpoint=collector:4318", "tracing.endpoint=http://collector?a=b",
                                   "cloudEvents.sink=ftp://broker", "cloudEvents.sink=http://user@broker"])
def test_a_receiver_of_telemetry_that_is_none_is_refused(root, value):
    done = helm.helm(root, "template", "--set", value)
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr


@pytest.mark.parametrize("values, limit, size", [
    ([], "1024Mi", "1664Mi"),
    (["store.artifactsMiB=10000"], "10000Mi", "10640Mi"),
    (["store.existingClaim=kept"], None, None),
    (["store.existingClaim=kept", "store.artifactsMiB=10000"], "10000Mi", None)])
def test_artifacts_and_results_fit_in_the_volume(root, values, limit, size):
    operator, (volume,), _ = installed(root, *values)
    assert flags(operator, "--store-limit=") == ([f"--store-limit={limit}"] if limit else [])
    assert volume.get("emptyDir", {}).get("sizeLimit") == size


@pytest.mark.parametrize("value", ["store.s3.bucket=kept", "store.s3.bucket=Kept,store.s3.credentialsSecret=keys",
                                   "store.s3.endpoint=minio:9000", "store.s3.prefix=/kept", "store.artifactsMiB=-1"])
def test_a_store_that_is_none_is_refused(root, value):
    done = helm.helm(root, "template", "--set", value)
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr
