"""Images: hack/image/pack on a small folder, and the certificate authorities in it."""
import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile

import pytest


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "folder"
    (made / "bin").mkdir(parents=True)
    (made / "bin/program").write_text("#!")
    (made / "bin/program").chmod(0o700)
    (made / "data").write_text("data")
    (made / "link").symlink_to("bin/program")
    return made


def pack(root, folder, output, *options):
    subprocess.run([f"{root}/hack/image/pack", "--root", folder, "--output", output, "--name", "example.com/made:1",
                    "--user", "65532:65532", *options], check=True)
    return hashlib.sha256(output.read_bytes()).hexdigest()


def test_the_same_files_give_the_same_bytes(root, folder, tmp_path):
    first = pack(root, folder, tmp_path / "a.tar", "--gzip", "--time", "1700000000")
    os.utime(folder / "data", (0, 0))
    (folder / "data").chmod(0o600)
    assert pack(root, folder, tmp_path / "b.tar", "--gzip", "--time", "1700000000") == first
    assert pack(root, folder, tmp_path / "c.tar", "--gzip", "--time", "1700000001") != first


@pytest.mark.parametrize("options, time, created", [
    ([], 0, "1970-01-01T00:00:00Z"), (["--gzip", "--time", "1700000000"], 1_700_000_000, "2023-11-14T22:13:20Z")])
def test_an_image_has_one_time(root, folder, tmp_path, options, time, created):
    pack(root, folder, tmp_path / "a.tar", *options)
    with tarfile.open(tmp_path / "a.tar") as archive:
        (manifest,) = json.load(archive.extractfile("manifest.json"))
        config = json.load(archive.extractfile(manifest["Config"]))
        packed = archive.extractfile(manifest["Layers"][0]).read()
        layer = gzip.decompress(packed) if "--gzip" in options else packed
    assert (config["created"], config["config"]["User"]) == (created, "65532:65532")
    assert config["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(layer).hexdigest()]
    with tarfile.open(fileobj=io.BytesIO(layer)) as files:
        entries = [(one.name, one.mode, one.uid, one.mtime) for one in files]
    assert entries == [("bin", 0o755, 0, time), ("bin/program", 0o755, 0, time), ("data", 0o644, 0, time),
                       ("link", 0o777, 0, time)]


def test_the_authorities_are_those_of_debian_where_openssl_looks(root, tmp_path):
    subprocess.run([f"{root}/hack/image/authorities", tmp_path], check=True)
    looks = subprocess.run(["/usr/bin/openssl", "version", "-d"], capture_output=True, text=True, check=True).stdout.split('"')[1]
    file = f"{tmp_path}{looks}/cert.pem"
    with open(file, encoding="utf-8") as text:
        count = text.read().count("BEGIN CERTIFICATE")
    packaged = subprocess.run(["dpkg-query", "--listfiles", "ca-certificates"], capture_output=True, text=True, check=True).stdout
    assert count == packaged.count("\n/usr/share/ca-certificates/mozilla/") > 50
    # One of them, which signed itself, is trusted by them all.
    one = "/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt"
    subprocess.run(["openssl", "verify", "-no-CApath", "-CAfile", file, one], check=True)
