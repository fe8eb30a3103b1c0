"""Files mean to `coreflow` what they mean to kubectl: the same object, or both refuse."""
import json
import os
import subprocess

import pytest
from control_plane import environment
from harness import paths
from harness.kubectl import CommandFailed

HEAD = "apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: read}\n"


def step(text):
    """A workflow whose one step has these members."""
    return HEAD + "spec:\n  steps:\n  - name: a\n    image: busybox\n" + "".join(f"    {line}\n" for line in text.split("\n"))


def value(text):
    """One whose parameter, a list, has that item."""
    return HEAD + f"spec:\n  parameters:\n  - name: p\n    type: Array\n    default:\n    - {text}\n  steps: [{{name: a, image: busybox}}]\n"


LINES = ["one", "  two", "", "three # no comment", "", ""]


def block(header):
    return value(header + "".join(f"\n      {line}" if line else "\n" for line in LINES))


PLAIN = step("command: [echo, hello]")

SAME = {
    "plain": PLAIN,
    "json": json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "read"},
                        "spec": {"steps": [{"name": "a", "image": "busybox", "args": ["\u00e9\u2028\t"]}]}}),
    "json-with-escapes": '{"apiVersion":"coreflow.dev/v1alpha1","kind":"Workflow","metadata":{"name":"read"},'
                         '"spec":{"steps":[{"name":"a","image":"busybox","args":["\\u00e9\\/\\ud83d\\ude00"]}]}}',
    "anchor": HEAD + "spec:\n  steps:\n  - {name: a, image: &i busybox}\n  - {name: b, image: *i}\n",
    "anchored-map": HEAD + "spec:\n  steps:\n  - &a {name: a, image: busybox}\n  - <<: *a\n    name: b\n",
    "merge-keeps-own": HEAD + "spec:\n  steps:\n  - {name: a, image: busybox, securityContext: &s {runAsUser: 1, runAsGroup: 2}}\n"
                       "  - name: b\n    image: other\n    securityContext: {runAsUser: 3, <<: *s}\n",
    "merge-of-two": HEAD + "spec:\n  steps:\n  - &a {name: a, image: one}\n  - &b {name: b, image: two, args: [x]}\n  - <<: [*a, *b]\n    name: c\n",
    "comments": "# first\n" + PLAIN.replace("kind: Workflow", "kind: Workflow # here") + "# last\n",
    "hash-in-words": step("command: [echo, a#b, 'c #d']"),
    "document-markers": "---\n" + PLAIN + "...\n",
    "empty-documents": "---\n---\n# nothing\n---\n" + PLAIN + "---\n",
    "multi-document": PLAIN + "---\n" + PLAIN.replace("name: read", "name: second"),
    "windows-lines": PLAIN.replace("\n", "\r\n"),
    "windows-block": block("|").replace("\n", "\r\n"),
    "windows-multi-document": (PLAIN + "---\n" + PLAIN.replace("name: read", "name: second")).replace("\n", "\r\n"),
    "byte-order-mark": "\ufeff" + PLAIN,
    "no-line-end": PLAIN.rstrip("\n"),
    "quoted-key": PLAIN.replace("kind:", '"kind":'),
    "tagged": value("!!str 12"),
    "flow-over-lines": value("[1,\n      2,\n      {a: b}]"),
    "folded-plain": value("one\n      two\n\n      three"),
    "double-quoted-escapes": value(r'"\x41\u00e9\n\t\\ \"q\" \0"'),
    "single-quoted": value("'it''s'"),
    **{f"block {header}": block(header) for header in ("|", "|-", "|+", ">", ">-", "|2", ">2-")},
    **{f"scalar {text}": value(text) for text in (
        "true", "True", "TRUE", "yes", "Yes", "no", "on", "off", "y", "n", "Y", "N", '"true"', "'no'",
        "null", "Null", "~", '"null"', "''",
        "0", "-0", "+5", "010", "0o10", "08", "0x1F", "0b101", "1_000", "-010", "9223372036854775807", "18446744073709551615",
        "1.5", "1.", ".5", "1e3", "1E-3", "-1.5e+3", "1.0", "100.0", "1e21", "0.1", "12e03",
        "2024-01-02", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05", "12:30:45", "1:30", "190:20:30",
        "=", "<<", "1.2.3", "a:b", "@x".join("''"), "- ".join("''"), "0.0.0.0", "1e", "e3", "0x", "._", "é",
    )},
}

# yaml-cpp takes one line end off what a folded block is to keep.
READ_OTHERWISE = {"block >+": block(">+")}

# Given twice kubectl takes the last one and says nothing; what the first one asked for would be lost.
REFUSED_HERE = {
    "duplicate-key": PLAIN.replace("metadata: {name: read}", "metadata: {name: read, name: other}"),
    "duplicate-key-in-a-block": HEAD + "kind: Job\nspec: {steps: [{name: a, image: busybox}]}\n",
}

# kubectl cuts documents at their markers before it reads any, and so parts a directive from its own.
REFUSED_BY_KUBECTL = {"directive": "%YAML 1.1\n---\n" + PLAIN}

REFUSED = {
    "tab": HEAD + "spec:\n\tsteps: []\n",
    "unclosed": PLAIN + "x: [1, 2\n",
    "unknown-alias": value("*nothing"),
    "nothing": "",
    "only-comments": "# nothing\n---\n",
    "json-with-rest": '{"apiVersion": "coreflow.dev/v1alpha1"} x',
}


def as_number(text):
    """Both print what is beyond 64 bits as a double, each in a way of its own."""
    return int(text) if -2**63 <= int(text) < 2**63 else float(text)


def documents(text):
    """The objects of kubectl's answer: one, a List, or several one after the other."""
    decoder, objects, at = json.JSONDecoder(parse_int=as_number), [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        found, at = decoder.raw_decode(text, at)
        objects += found["items"] if found["kind"] == "List" else [found]
    return objects


def without_default_namespace(objects):
    """kubectl fills in that of its context; `coreflow` leaves a client's dry run without."""
    for found in objects:
        found["metadata"].pop("namespace", None)
    return objects


def by_kubectl(plane, path):
    try:
        return without_default_namespace(documents(plane.kubectl("create", "--dry-run=client", "-o", "json", "-f", path)))
    except CommandFailed:
        return None


def by_coreflow(home, path):
    done = subprocess.run([paths.COREFLOW, "run", path, "--dry-run=client", "-o", "json"], capture_output=True, text=True,
                          timeout=60, check=False, env=environment(home))
    return without_default_namespace(documents(done.stdout)) if done.returncode == 0 else None


def write(tmp_path, text):
    path = os.path.join(tmp_path, "file.yaml")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


@pytest.mark.parametrize("name", SAME)
def test_a_file_means_what_it_means_to_kubectl(plane, tmp_path, name):
    path = write(tmp_path, SAME[name])
    want = by_kubectl(plane, path)
    assert want is not None, "kubectl refuses it"
    assert by_coreflow(tmp_path, path) == want


@pytest.mark.parametrize("name", REFUSED)
def test_both_refuse(plane, tmp_path, name):
    path = write(tmp_path, REFUSED[name])
    assert by_kubectl(plane, path) is None
    assert by_coreflow(tmp_path, path) is None


@pytest.mark.parametrize("name", REFUSED_HERE)
def test_what_kubectl_would_lose_is_refused(plane, tmp_path, name):
    path = write(tmp_path, REFUSED_HERE[name])
    assert by_kubectl(plane, path) is not None
    assert by_coreflow(tmp_path, path) is None


@pytest.mark.parametrize("name", REFUSED_BY_KUBECTL)
def test_what_only_kubectl_refuses(plane, tmp_path, name):
    path = write(tmp_path, REFUSED_BY_KUBECTL[name])
    assert by_kubectl(plane, path) is None
    assert by_coreflow(tmp_path, path) is not None


@pytest.mark.parametrize("name", READ_OTHERWISE)
def test_what_is_known_to_be_read_otherwise(plane, tmp_path, name):
    path = write(tmp_path, READ_OTHERWISE[name])
    assert None not in (by_kubectl(plane, path), by_coreflow(tmp_path, path))
    assert by_coreflow(tmp_path, path) != by_kubectl(plane, path), "it no longer is: move it to SAME"
