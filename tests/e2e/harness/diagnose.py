"""What a failed test prints about the world that it failed in."""
from harness.kubectl import CommandFailed


def sections(ns, operator):
    """(title, text) pairs; never raises."""
    asked = [
        ("CoreFlow's objects", ["get", "coreflow", "-o", "yaml"]),
        ("pods", ["get", "pods", "-o", "wide"]),
        ("events", ["get", "events", "--sort-by=.lastTimestamp"]),
    ] if ns else []
    for title, arguments in asked:
        try:
            text = ns.kubectl(*arguments)
        except (CommandFailed, OSError) as problem:
            text = str(problem)
        yield f"{title} in {ns.name}", text[-12000:]
    if operator:
        state = "running" if operator.running() else f"ended with {operator.process.returncode if operator.process else 'nothing'}"
        yield f"last 200 lines of the operator ({state})", operator.last_lines(200)
        if operator.running():
            yield "the operator's connections, with bytes that it hasn't read", operator.connections()
            yield "the operator's metrics", operator.metrics()
