"""What an archive is made of, as a document that SPDX's own tools accept."""
import copy
import hashlib
import json

import pytest
import sbom
import spdx_tools
from made_up import LIBRARIES

TIME = 1_700_000_000


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "made-1.2.3.image.tar"
    path.write_bytes(b"packed")
    return str(path)


@pytest.fixture
def document(machine, image, archive):
    return sbom.document(image, archive, "1.2.3", TIME, machine.root, ["headers-dev"])


def packages(document):
    return {one["name"]: one for one in document["packages"]}


def faults(tmp_path, document):
    path = tmp_path / "document.spdx.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return spdx_tools.faults(str(path))


def test_spdx_has_nothing_against_it(tmp_path, document):
    assert faults(tmp_path, document) == ""


def without(document, *path):
    changed = copy.deepcopy(document)
    at = changed
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return changed


@pytest.mark.parametrize("path", [("dataLicense",), ("files", 0, "checksums"), ("relationships", 0)])
def test_what_spdx_asks_for_is_missed(tmp_path, document, path):
    assert faults(tmp_path, without(document, *path)) != ""


def test_every_id_is_there_once_and_every_relation_leads_to_one(document):
    ids = [one["SPDXID"] for one in [document, *document["packages"], *document["files"]]]
    assert len(ids) == len(set(ids))
    ends = [one[end] for one in document["relationships"] for end in ("spdxElementId", "relatedSpdxElement")]
    assert set(ends) == set(ids)


def test_every_file_has_its_package(document):
    names = {one["SPDXID"]: one["name"] for one in document["packages"]}
    files = {one["SPDXID"]: one["fileName"] for one in document["files"]}
    of = {files[one["relatedSpdxElement"]]: names[one["spdxElementId"]] for one in document["relationships"]
          if one["relationshipType"] == "OTHER"}
    assert of == {"./usr/bin/coreflow": "CoreFlow", f"./{LIBRARIES}/libone.so.2": "libone2",
                  f"./{LIBRARIES}/libtwo++.so.1": "libtwo++1"}


def test_a_debian_package_has_its_version_source_and_licences(document):
    one = packages(document)["libone2"]
    assert (one["versionInfo"], one["supplier"]) == ("1:2.0-1+deb12u1", "Organization: Debian")
    assert one["sourceInfo"] == "Debian's source package one 2.0-1"
    assert one["licenseComments"] == "Licences that Debian names: Expat; GPL-2+"
    assert one["externalRefs"][0]["referenceLocator"] == "pkg:deb/debian/libone2@1%3A2.0-1%2Bdeb12u1?arch=amd64&distro=debian-12"
    texts = {licence["licenseId"]: licence["extractedText"] for licence in document["hasExtractedLicensingInfos"]}
    assert texts[packages(document)["libtwo++1"]["licenseDeclared"]] == "Free for all.\n"


def test_what_is_compiled_in_is_linked_static(document):
    (link,) = [one for one in document["relationships"] if one["relationshipType"] == "STATIC_LINK"]
    assert link["spdxElementId"] == packages(document)["CoreFlow"]["SPDXID"]
    assert link["relatedSpdxElement"] == packages(document)["headers-dev"]["SPDXID"]


def test_it_is_about_this_archive(document):
    digest = hashlib.sha256(b"packed").hexdigest()
    assert document["documentNamespace"] == f"https://coreflow.dev/spdx/made-1.2.3.image.tar-{digest}"
    assert packages(document)["made-1.2.3.image.tar"]["checksums"] == [{"algorithm": "SHA256", "checksumValue": digest}]
    assert document["creationInfo"]["created"] == "2023-11-14T22:13:20Z"


def test_a_long_copyright_file_is_named_by_its_digest(machine, image, archive):
    text = "Format: https://www.debian.org/doc/copyright-format/1.0/\nLicense: BSL-1.0\n" + "x" * (1 << 17)
    machine.install("boost-dev", "1.74-9", [], text)
    document = sbom.document(image, archive, "1.2.3", TIME, machine.root, ["boost-dev"])
    (said,) = [one["extractedText"] for one in document["hasExtractedLicensingInfos"] if "boost" in one["licenseId"]]
    assert hashlib.sha256(text.encode()).hexdigest() in said and said.endswith("its licences: BSL-1.0")
