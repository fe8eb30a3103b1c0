"""The charts, as helm sees them, installed in several ways: for checks of what they install."""
import functools
import json
import os
import subprocess

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is
NAMESPACE = "coreflow-system"
S3 = {"bucket": "kept", "endpoint": "http://minio:9000", "region": "eu-west-1", "credentialsSecret": "keys"}
# Values of ways to install that differ in what they install.
INSTALLS = {
    "defaults": {},
    "one replica": {"replicas": 1},
    "namespaced": {"namespaces": ["team-a", "team-b"]},
    "without CRDs": {"namespaces": ["team-a"], "crds": {"install": False}, "uninstall": {"hook": False}},
    "claim": {"store": {"existingClaim": "kept"}},
    "everything": {
        "replicas": 3,
        "store": {"s3": S3},
        "cache": {"readSecrets": True, "readConfigMaps": True},
        "tracing": {"endpoint": "http://collector:4318", "headersSecret": "otlp"},
        "cloudEvents": {"sink": "https://broker.example.com/default", "headersSecret": "events"},
        "networkPolicy": {
            "enabled": True, "apiServerCIDRs": ["10.0.0.1/32"], "metricsFrom": [{"namespaceSelector": {}}],
            "extraEgress": [{"ports": [{"port": 8000}], "to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
        "imagePullSecrets": [{"name": "pull"}],
        "image": {"digest": "sha256:" + "0" * 64},
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "infra", "operator": "Exists", "effect": "NoSchedule"}],
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}},
        "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}],
        "priorityClassName": "system-cluster-critical",
        "podAnnotations": {"example.com/scrape": "true"},
        "podLabels": {"example.com/team": "infra"},
    },
}


@functools.cache
def programs(root, module):
    return subprocess.run([os.path.join(root, "hack/cluster/binaries/build"), module], capture_output=True, text=True,
                          check=True).stdout.strip()


def helm(root, verb, *arguments, program="helm", chart="coreflow", kubernetes="1.34.4", values=None):
    """Runs `helm lint` or `helm template` on a chart; what became of it."""
    release = ["coreflow"] if verb == "template" else []
    return subprocess.run([os.path.join(programs(root, program), program), verb, *release, os.path.join(root, "charts", chart),
                           "--kube-version", kubernetes, "--values", "-", *arguments],
                          input=json.dumps(values or {}), capture_output=True, text=True, check=False)


def serving(namespaces):
    """The arguments for an install that serves those namespaces; none: all."""
    return ["--set", "namespaces={" + ",".join(namespaces) + "}"] if namespaces else []


@functools.cache
def _rendered(root, values, options):
    done = helm(root, "template", "--namespace", NAMESPACE, values=json.loads(values), **dict(options))
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.load_all(done.stdout, LOADER) if document]


def rendered(root, values=None, **options):
    """The documents of an install with those values. All callers share them: who changes one copies it before."""
    return _rendered(root, json.dumps(values or {}), tuple(options.items()))


def rendered_with(root, *values):
    """The documents of an install with `--set` for each of those."""
    done = helm(root, "template", "--namespace", NAMESPACE, *(word for value in values for word in ("--set", value)))
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.load_all(done.stdout, LOADER) if document]


def installs(root, **options):
    """(its name, its documents) of every install of every chart."""
    yield "the CRDs' chart", rendered(root, chart="coreflow-crds", **options)
    for name, values in INSTALLS.items():
        yield name, rendered(root, values, **options)


def name_of(document):
    return f"{document['kind']} {document['metadata']['name']}"
