"""Outputs of more than what Kubernetes keeps of a container: the same on a cluster and without one."""
import hashlib

from harness import artifacts
from harness.namespace import outputs


def check_text(ns, size):
    """One of that many bytes arrives as it was written, in an expression and, where it fits, in an environment."""
    make = {"name": "make", "script": f"printf text= > $COREFLOW_OUTPUT; head -c {size} /dev/zero | tr '\\0' x >> $COREFLOW_OUTPUT",
            "outputs": [{"name": "text", "large": True}]}
    use = {"name": "use", "parameters": [{"name": "text", "value": "$[[ steps.make.outputs.text ]]"}],
           "script": "echo sum=$(printf %s \"$PARAM_TEXT\" | sha256sum | cut -c-64) > $COREFLOW_OUTPUT", "outputs": [{"name": "sum"}]}
    results = [{"name": "size", "value": "size(steps.make.outputs.text)"}]
    if size < 128 << 10:
        results.append({"name": "sum", "value": "steps.use.outputs.sum"})
    done = ns.run(artifacts.workflow(f"size-{size}", make, *([use] if size < 128 << 10 else []), outputs=results), timeout=240)
    want = {"size": size, "sum": hashlib.sha256(b"x" * size).hexdigest()}
    assert outputs(done) == {one["name"]: want[one["name"]] for one in results}
