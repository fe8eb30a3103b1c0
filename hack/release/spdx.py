"""The parts of an SPDX 2.3 document: a package, a file, a licence, a relation between two of them."""
import hashlib
import os
import re
from urllib.parse import quote

NONE, UNSAID = "NONE", "NOASSERTION"
# A copyright file longer than this is mostly lists of files (Boost's has 2 MB): it is named instead.
LONGEST = 1 << 17


def identifier(*words):
    """An SPDXID, which has letters, digits, dots and dashes; another one for other words."""
    return "SPDXRef-" + "-".join(re.sub(r"[^A-Za-z0-9.]", lambda found: f"-{ord(found[0]):02x}-", word) for word in words)


def digest(path, algorithm):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def file(root, path):
    checksums = [{"algorithm": name, "checksumValue": digest(os.path.join(root, path), name.lower())}
                 for name in ("SHA1", "SHA256")]
    return {"SPDXID": identifier("file", path), "fileName": f"./{path}", "checksums": checksums,
            "licenseConcluded": UNSAID, "copyrightText": UNSAID}


def verification(files):
    """The code over all files of a package, as SPDX defines it."""
    sums = sorted(one["checksums"][0]["checksumValue"] for one in files)
    return {"packageVerificationCodeValue": hashlib.sha1("".join(sums).encode()).hexdigest()}


def package(ident, name, version, **fields):
    return {"SPDXID": ident, "name": name, "versionInfo": version, "downloadLocation": UNSAID, "filesAnalyzed": False,
            "licenseConcluded": UNSAID, "licenseDeclared": UNSAID, "copyrightText": UNSAID, **fields}


def licence_names(text):
    """The names in a copyright file that is made for machines (Debian's format 1.0); none in others."""
    if not re.match(r"Format:\s*https?://\S*copyright-format", text):
        return []
    return sorted(set(re.findall(r"^License:[ \t]*(\S.*?)[ \t]*$", text, re.M)))


def debian(one):
    """(the package, its licence) of a dpkg.Package."""
    with open(one.copyright, encoding="utf-8", errors="replace") as copyright_file:
        text = copyright_file.read()
    licence = re.sub(r"[^A-Za-z0-9.]", "-", f"LicenseRef-Debian-{one.name.replace('+', 'plus')}")
    names = licence_names(text)
    said = f"Licences that Debian names: {'; '.join(names)}" if names else "Debian names no licences for machines."
    address = f"pkg:deb/debian/{quote(one.name)}@{quote(one.version, safe='')}?arch={one.architecture}&distro=debian-12"
    made = package(identifier("debian", one.name), one.name, one.version, supplier="Organization: Debian",
                   sourceInfo=f"Debian's source package {one.source} {one.source_version}",
                   licenseDeclared=licence, licenseComments=said,
                   externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": address}])
    if len(text) > LONGEST:
        text = (f"The copyright file of Debian's {one.name} {one.version}, SHA-256 {digest(one.copyright, 'sha256')}; "
                f"its licences: {'; '.join(names)}")
    return made, {"licenseId": licence, "name": f"Debian's copyright file of {one.name}", "extractedText": text}


def relation(one, kind, other, **fields):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other, **fields}
