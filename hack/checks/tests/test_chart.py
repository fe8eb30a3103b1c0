"""The chart: what helm itself has against it, and what it refuses."""
import pytest
import rbac
import yaml
from helm import helm, serving


def test_helm_has_nothing_against_it(root):
    done = helm(root, "lint", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("value", ["replica=1", "image.repo=x", "logLevel=loud", "namespaces={Team_A}", "metrics.port=0"])
def test_a_value_that_is_none_is_refused(root, value):
    done = helm(root, "template", "--set", value)
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr


@pytest.mark.parametrize("install", rbac.INSTALLS)
def test_everything_carries_the_labels_and_the_namespace_of_the_release(root, install):
    served = rbac.INSTALLS[install]
    done = helm(root, "template", "--namespace", "here", *serving(served))
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    for document in documents:
        assert document["metadata"]["labels"]["app.kubernetes.io/part-of"] == "coreflow"
        assert document["metadata"].get("namespace", "here") in ["here", *served]
    cluster_wide = {document["kind"] for document in documents if "namespace" not in document["metadata"]}
    assert not served or cluster_wide == {"CustomResourceDefinition"}


def installed(root, *values):
    """The operator's container, the volumes of its pod, and the names of all Services."""
    done = helm(root, "template", "--namespace", "here", *(word for value in values for word in ("--set", value)))
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    pod = next(document for document in documents if document["kind"] == "Deployment")["spec"]["template"]["spec"]
    return pod["containers"][0], pod.get("volumes", []), [d["metadata"]["name"] for d in documents if d["kind"] == "Service"]


def flags(container, prefix):
    return [argument for argument in container["args"] if argument.startswith(prefix)]


S3 = ["store.s3.bucket=kept", "store.s3.credentialsSecret=keys"]


@pytest.mark.parametrize("values", [["replicas=1"], ["store.existingClaim=kept"], S3])
def test_artifacts_where_all_replicas_have_one_store(root, values):
    operator, _, services = installed(root, *values)
    assert flags(operator, "--store-url=") == ["--store-url=https://coreflow-data.here.svc:8443"]
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
    done = helm(root, "template", "--set", value)
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr
