#!/usr/bin/env python3
"""Every field of the CRDs says what it is: `kubectl explain` prints nothing else.

usage: crd_descriptions.py [ROOT]      reads crds/*.yaml and pkg/api/defaults.h

A description has at least 20 characters and says more than the name; it names every value of an enum, and the default,
which is that of defaults.h. A CRD is below 200 KiB, and nothing below a list has a default of the schema: an identical
`kubectl apply` would say "configured".
"""
import os
import re
import sys

import tree
import yaml

SHORTEST, LARGEST = 20, 200 * 1024
DEFAULTS_H = "pkg/api/defaults.h"

# The constant of defaults.h that holds a field's default, by the last names of the field's path.
DEFAULTS = {
    "spec.failFast": "kFailFast", "spec.onChange": "kOnChange", "spec.stop": "kStop", "spec.suspend": "kSuspend",
    "spec.priority": "kPriority", "spec.podCleanup": "kPodCleanup", "spec.completions": "kCompletions",
    "spec.maxFailedIndexes": "kMaxFailedIndexes", "steps.runAfter": "kRunAfter",
    "steps.continueOnFailure": "kContinueOnFailure", "interpreter": "kInterpreter", "outputs.type": "kValueType",
    "parameters.type": "kValueType", "pod.automountServiceAccountToken": "kAutomountServiceAccountToken",
    "retryPolicy.limit": "kRetryLimit", "retryPolicy.backoffSeconds": "kBackoffSeconds",
    "retryPolicy.backoffFactorPercent": "kBackoffFactorPercent", "retryPolicy.maxBackoffSeconds": "kMaxBackoffSeconds",
    "retryPolicy.retryOn": "kRetryOn", "retryPolicy.infrastructureLimit": "kInfrastructureLimit",
}


def defaults(text):
    """The constants of defaults.h as a description writes them: true, 5, RunAfter, [sh, -ec]."""
    found = {}
    for name, value in re.findall(r"inline constexpr .*? (k\w+) = ([^;]+);", text):
        words = [re.sub(r"^.*::k", "", word.strip().strip('"')) for word in value.strip("{} ").split(",")]
        found[name] = f"[{', '.join(words)}]" if value.startswith("{") else words[0]
    return found


def fields(schema, path=(), below_list=False):
    """(path, schema, whether a list stands above) of every field, depth first."""
    for name, field in schema.get("properties", {}).items():
        if (path, name) == ((), "metadata"):
            continue
        yield path + (name,), field, below_list
        is_list = field.get("type") == "array"
        yield from fields(field.get("items", {}) if is_list else field, path + (name,), below_list or is_list)


def check_field(path, field, below_list):
    description = " ".join(field.get("description", "").split())
    name = path[-1]
    letters = re.sub("[^a-z]", "", description.lower())
    if len(description) < SHORTEST:
        yield f"the description has {len(description)} characters, at least {SHORTEST} are needed"
    elif letters in (name.lower(), "the" + name.lower(), "the" + name.lower() + "ofthe" + "".join(path[-2:-1]).lower()):
        yield "the description only repeats the name"
    values = field.get("enum") or field.get("items", {}).get("enum") or []
    for value in values:
        if not re.search(rf"\b{re.escape(str(value))}\b", description):
            yield f"the description does not name {value}"
    default = field.get("default", "")
    words = [word for member in default.items() for word in member] if isinstance(default, dict) else [default]
    if not all(str(word) in description for word in words):
        yield f"the description does not name the default {field['default']}"
    if "default" in field and below_list:
        yield "a default below a list: let the engine fill it in"


def check_defaults(path, field, constants):
    for suffix, constant in DEFAULTS.items():
        if path[-len(suffix.split(".")):] != tuple(suffix.split(".")):
            continue
        value = constants.get(constant)
        if f"Default: {value}." not in " ".join(field.get("description", "").split()):
            yield f"the description has to say \"Default: {value}.\", as {DEFAULTS_H} has it"


def check(root):
    problems = []
    constants = defaults(tree.read(root, DEFAULTS_H))
    for path in tree.tracked(root, r"^crds/.*\.yaml$"):
        text = tree.read(root, path)
        if len(text.encode()) >= LARGEST:
            problems.append(f"{path}: has {len(text.encode())} bytes, fewer than {LARGEST} are needed")
        for version in yaml.safe_load(text)["spec"]["versions"]:
            for names, field, below_list in fields(version["schema"]["openAPIV3Schema"]):
                found = [*check_field(names, field, below_list), *check_defaults(names, field, constants)]
                problems += [f"{path}: .{'.'.join(names)}: {problem}" for problem in found]
    return problems


if __name__ == "__main__":
    ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../..")
    sys.exit(tree.report(check(ROOT), "fields that say too little"))
