"""-o jsonpath and -o custom-columns print what kubectl prints for the same objects."""
import os
import subprocess

import pytest
from control_plane import environment, make_namespace
from harness import paths
from harness.namespace import Namespace

OBJECTS = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: one, labels: {app.kubernetes.io/name: x, b: "1"}, annotations: {a: "<x> & é\u2028"}}
spec:
  suspend: true
  parameters:
  - {name: p, type: Array, default: [1, [2.5, "x"], {a: true}]}
  steps:
  - {name: a, image: busybox, args: [x, "y z", '"q"']}
  - {name: b, image: other, timeoutSeconds: 30, dependsOn: [a]}
---
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: two}
spec:
  suspend: true
  steps: [{name: a, image: busybox}, {name: b, image: busybox}, {name: c, image: busybox, env: [{name: E, value: ""}]}]
"""

TEMPLATES = [
    "{.kind}", "{$.kind} {@.apiVersion}", "plain {.metadata.name} text", "{.none}|{.none.at.all}|", "{.spec.steps[0].name}",
    "{.spec.steps[-1].name}", "{.spec.steps[*].name}", "{.spec.steps[0:1].name}", "{.spec.steps[1:].name}", "{.spec.steps[:1].name}",
    "{.spec.steps[::2].name}", "{.spec.steps[0,1].name}", "{.spec.steps[0]['name','image']}", "{.spec.steps[*]['name','image']}",
    r"{.metadata.labels.app\.kubernetes\.io/name}", r"{.metadata.labels['app\.kubernetes\.io/name']}", "{.metadata.labels}", "{.metadata.annotations}",
    "{.spec.steps}", "{.spec.suspend}", "{.spec.parameters[0].default}", "{.spec.steps[0].args}", "{.spec.parameters[*].default[*]}",
    '{range .spec.steps[*]}{.name}={.image}{"\\n"}{end}', "{range .spec.steps[*]}{range .args[*]}<{@}>{end};{end}after", "{range .none[*]}x{end}y",
    "{range .spec.steps[*]}{.name}", '{.spec.steps[?(@.name=="b")].image}', "{.spec.steps[?(@.name!='b')].image}", "{.spec.steps[?(@.timeoutSeconds)].name}",
    "{.spec.steps[?(@.timeoutSeconds>10)].name}", "{.spec.steps[?(@.timeoutSeconds<=10)].name}", "{.spec.steps[?(@.image==\")]}\")].name}|", "{.spec.steps[?(@.image=='busybox')]['name']}",
    "{..image}", "{.spec.steps..name}", "{'text'}", '{"\\t"}', "{1}{2.5}{true}", "{.metadata.name .kind}", "{.spec.steps[0:0]}", "{.spec['suspend']}", "{ .metadata.name }",
]
REFUSED = ["", "{.a", "{.a[}", "{.a[x]}", "{.spec.steps[9].name}", "{.kind[0]}", "{end}", "{name}", "{..}{....}", "{.spec.steps[?(@.name=1)]}",
           "{.spec.steps[?(@.name==1)]}", "{.spec[?(@.name)]}", "{'a}", '{"\\q"}', "{.spec.steps[0:9].name}", "{.spec.steps[1:0:1].name}", "{.spec.steps[0:1:-1].name}"]
COLUMNS = [
    "NAME:.metadata.name", "NAME:metadata.name,S:{.spec.suspend}", "N:{metadata.name},MISSING:.none,L:.metadata.labels", "A:.spec.steps[*].name,B:.spec.steps[0].args",
    "X:.spec.parameters[0].default,Y:.spec.steps[*].timeoutSeconds", ":.metadata.name", "NAME:", "N:.spec.steps[?(@.name=='b')].image",
]
REFUSED_COLUMNS = ["", "NAME", "A:.a[,B:.b", "NAME:.metadata.name,"]


@pytest.fixture(scope="session", name="both")
def fixture_both(plane, tmp_path_factory):
    """Asks kubectl and coreflow for the same: the text, or None when it is refused."""
    make_namespace(plane.kubectl, "output")
    ns = Namespace(plane.kubectl, "output")
    ns.kubectl("create", "-f", "-", stdin=OBJECTS)
    for name in ("one", "two"):
        ns.kubectl("wait", f"cfw/{name}", "--for=condition=Suspended", "--timeout=60s")
    home = tmp_path_factory.mktemp("home")
    common = ["-n", "output", f"--kubeconfig={os.path.join(plane.folder, 'kubeconfig')}"]

    def ask(words, *options):
        program = [paths.COREFLOW, *words] if words[0] in ("list", "get") else [plane.kubectl.program, *words[1:]]
        done = subprocess.run([*program, *options, *common], capture_output=True, text=True, timeout=60, check=False, env=environment(home))
        return done.stdout if done.returncode == 0 else None

    return lambda ours, theirs, *options: (ask(ours, *options), ask(["kubectl", *theirs], *options))


ONE = (["get", "workflow/one"], ["get", "cfw", "one"])
ALL = (["list"], ["get", "cfw"])


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_of_one_object(both, template):
    ours, theirs = both(*ONE, "-o", f"jsonpath={template}")
    assert ours == theirs and theirs is not None


@pytest.mark.parametrize("template", [template.replace("{.spec.", "{.items[*].spec.").replace("{.metadata.", "{.items[*].metadata.").replace(
    "range .spec.", "range .items[*].spec.") for template in TEMPLATES])
def test_a_template_of_several_objects(both, template):
    ours, theirs = both(*ALL, "-o", f"jsonpath={template}")
    assert ours == theirs


@pytest.mark.parametrize("template", REFUSED)
def test_both_refuse_a_template(both, template):
    assert both(*ONE, "-o", f"jsonpath={template}") == (None, None)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("options", [[], ["--no-headers"]])
@pytest.mark.parametrize("words", [ONE, ALL], ids=["one", "all"])
def test_columns(both, columns, options, words):
    ours, theirs = both(*words, "-o", f"custom-columns={columns}", *options)
    assert theirs is not None and ours.split("\n") == [line.rstrip() for line in theirs.split("\n")]


@pytest.mark.parametrize("columns", REFUSED_COLUMNS)
def test_both_refuse_columns(both, columns):
    assert both(*ONE, "-o", f"custom-columns={columns}") == (None, None)


def test_columns_of_nothing(both):
    ours, theirs = both(["list", "-l", "no=such"], ["get", "cfw", "-l", "no=such"], "-o", "custom-columns=NAME:.metadata.name")
    assert ours == theirs
