"""Artifacts and results of steps in a real server of S3: over restarts of the control plane, and while S3 is down."""
import contextlib
import subprocess

import pytest
from control_plane import ControlPlane, make_namespace
from harness import artifacts, step_cache
from harness.namespace import Namespace
from s3_server import S3Server


@pytest.fixture(scope="module", name="s3")
def fixture_s3(tmp_path_factory):
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    server.make_bucket("kept")
    yield server
    server.stop()


@contextlib.contextmanager
def control_plane(s3, folder, prefix):
    """One whose store has that prefix; what it says shows no key."""
    plane = ControlPlane(folder, f"--store=s3://kept/{prefix}", f"--store-s3-endpoint={s3.endpoint}",
                         variables={"AWS_ACCESS_KEY_ID": s3.key_id, "AWS_SECRET_ACCESS_KEY": s3.secret})
    plane.start()
    try:
        yield plane
    finally:
        assert plane.stop() == 0
        assert s3.secret not in plane.said and s3.key_id not in plane.said


def namespace(plane):
    make_namespace(plane.kubectl, "team")
    return Namespace(plane.kubectl, "team")


def test_results_and_files_outlive_the_control_plane_and_its_folder(s3, tmp_path):
    with control_plane(s3, tmp_path / "one", "outlive") as plane:
        ns = namespace(plane)
        step_cache.learn(ns)
        done = ns.run(artifacts.passes_a_file("before"))
        assert ns.items(done)["make"]["cache"]["decision"] == "Miss"
    assert not (tmp_path / "one/store").exists()
    with control_plane(s3, tmp_path / "other", "outlive") as plane:
        ns = namespace(plane)
        done = ns.run(artifacts.passes_a_file("after"))
        assert ns.items(done)["make"]["cache"]["decision"] == "Hit"
        assert done["status"]["outputs"] == [{"name": "n", "value": 42}]


def test_big_files_go_in_parts(s3, tmp_path):
    with control_plane(s3, tmp_path, "big") as plane:
        make = artifacts.step("make", "head -c 20000000 /dev/urandom | tee /work/big | sha256sum > $COREFLOW_OUTPUT.sum;"
                              " echo \"sum=$(cut -c-64 $COREFLOW_OUTPUT.sum)\" > $COREFLOW_OUTPUT",
                              leaves=[("big", "/work/big", "None")], outputs=[{"name": "sum"}])
        use = artifacts.step("use", 'test "$(sha256sum < /big | cut -c-64)" = "$SUM"', inputs=[("big", "/big", "steps.make.artifacts.big")],
                             env=[{"name": "SUM", "value": "$[[ steps.make.outputs.sum ]]"}])
        namespace(plane).run(artifacts.workflow("big", make, use), timeout=240)


def test_while_s3_is_down_cached_steps_run_and_files_wait(s3, tmp_path):
    with control_plane(s3, tmp_path, "down") as plane:
        ns = namespace(plane)
        step_cache.learn(ns)
        ns.run(step_cache.train("before", "0.1"))
        s3.stop()
        try:
            after = ns.run(step_cache.train("after", "0.1"))
            assert step_cache.decisions(ns, after) == {"load": "Miss", "train": "Miss"}
            assert "the store does not answer" in ns.items(after)["load"]["cache"]["because"]
            ns.apply(artifacts.workflow("waits", artifacts.step("make", "echo 1 > /work/n", leaves=[("n", "/work/n", "None")])))
            pod = ns.running_pod()
            follow = [*ns.kubectl.command, "logs", "--follow", pod, "--container=coreflow-courier"]
            with subprocess.Popen(follow, stdout=subprocess.PIPE, text=True) as log:
                said = next(line for line in log.stdout if "AGAIN" in line)
                log.kill()
            assert "the data service answers 503: S3 at 127.0.0.1:" in said and "bucket kept" in said
        finally:
            s3.start()
        assert ns.items(ns.end("waits", timeout=240))["make"]["artifacts"]


@pytest.mark.parametrize("secret, bucket, code, said", [
    ("wrong", "kept", 7, "refused the access key: the secret does not belong to its id"),
    (None, "nowhere", 1, "has no bucket nowhere: make it, or name another")])
def test_what_is_set_up_wrongly_is_said_at_the_start(s3, tmp_path, secret, bucket, code, said):
    plane = ControlPlane(tmp_path, f"--store=s3://{bucket}", f"--store-s3-endpoint={s3.endpoint}",
                         variables={"AWS_ACCESS_KEY_ID": s3.key_id, "AWS_SECRET_ACCESS_KEY": secret or s3.secret})
    plane.start(wait=False)
    _, words = plane.process.communicate(timeout=60)
    assert plane.process.returncode == code and said in words.decode()
    assert s3.secret not in words.decode()


def test_all_problems_come_at_once(tmp_path):
    plane = ControlPlane(tmp_path, "--store=s3://Kept", "--store-s3-endpoint=minio")
    plane.start(wait=False)
    _, words = plane.process.communicate(timeout=60)
    assert plane.process.returncode == 1
    for said in ("'Kept' is no name of a bucket", "endpoint: ", "there is no access key: set AWS_ACCESS_KEY_ID"):
        assert said in words.decode()
