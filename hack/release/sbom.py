#!/usr/bin/env python3
"""Writes what an archive is made of, as SPDX 2.3: its files, the Debian packages that they are from, their licences.

usage: sbom.py FOLDER ARCHIVE VERSION     writes it with .spdx.json for .tar or .tar.gz

FOLDER is what was packed into ARCHIVE. The time is SOURCE_DATE_EPOCH. Same input, same bytes.
"""
import json
import os
import re
import sys
from datetime import datetime, timezone

import contents
import dpkg
import spdx

ARCHIVE, OURS = spdx.identifier("archive"), spdx.identifier(contents.OURS)


def creation(archive, version, time):
    """What the document says of itself. Its address has the archive's digest: another archive, another document."""
    name = os.path.basename(archive)
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
            "documentNamespace": f"https://coreflow.dev/spdx/{name}-{spdx.digest(archive, 'sha256')}",
            "creationInfo": {"created": datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                             "creators": ["Organization: CoreFlow", f"Tool: hack/release/sbom.py-{version}"]}}


def ours(archive, version, files):
    """The archive and, in it, CoreFlow."""
    name = os.path.basename(archive)
    return [spdx.package(ARCHIVE, name, version, packageFileName=name, supplier="Organization: CoreFlow",
                         primaryPackagePurpose="CONTAINER" if ".image." in name else "ARCHIVE", filesAnalyzed=True,
                         packageVerificationCode=spdx.verification(files),
                         checksums=[{"algorithm": "SHA256", "checksumValue": spdx.digest(archive, "sha256")}]),
            spdx.package(OURS, "CoreFlow", version, supplier="Organization: CoreFlow", licenseConcluded="Apache-2.0",
                         licenseDeclared="Apache-2.0", primaryPackagePurpose="APPLICATION")]


def relations(sources, compiled_in, package_ids):
    yield spdx.relation("SPDXRef-DOCUMENT", "DESCRIBES", ARCHIVE)
    for ident in package_ids:
        yield spdx.relation(ARCHIVE, "CONTAINS", ident)
    for name in compiled_in:
        yield spdx.relation(OURS, "STATIC_LINK", spdx.identifier("debian", name))
    for path, package in sources.items():
        ident = spdx.identifier("file", path)
        owner = OURS if package == contents.OURS else spdx.identifier("debian", package)
        yield spdx.relation(ARCHIVE, "CONTAINS", ident)
        yield spdx.relation(owner, "OTHER", ident, comment="The file is from this package, or was made from its files.")


def document(root, archive, version, time, machine="/", compiled_in=tuple(contents.COMPILED_IN)):
    sources = contents.sources(root, machine)
    files = [spdx.file(root, path) for path in sources]
    names = sorted({*sources.values(), *compiled_in} - {contents.OURS})
    packages, licences = zip(*(spdx.debian(dpkg.package(name, machine)) for name in names))
    all_packages = [*ours(archive, version, files), *packages]
    return {**creation(archive, version, time), "packages": all_packages, "files": files,
            "relationships": list(relations(sources, compiled_in, [one["SPDXID"] for one in all_packages[1:]])),
            "hasExtractedLicensingInfos": list(licences)}


def main(root, archive, version):
    made = document(root, archive, version, int(os.environ["SOURCE_DATE_EPOCH"]))
    with open(re.sub(r"\.tar(\.gz)?$", ".spdx.json", archive), "w", encoding="utf-8") as out:
        json.dump(made, out, indent=1, sort_keys=True, ensure_ascii=False)
        out.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
