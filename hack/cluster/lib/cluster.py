"""A real Kubernetes for tests, in namespaces of its own. `up` prints the path of a kubeconfig."""

import argparse
import os
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import components
import faults
import health
import images
import lifecycle
import namespaces
import state


def existing(arguments) -> state.Cluster:
    cluster = state.load(arguments.name)
    if not cluster:
        raise RuntimeError(f"no cluster {arguments.name}")
    return cluster


def up(arguments) -> None:
    options = state.Options(kwok=arguments.kwok, flags=arguments.flag)
    cluster = lifecycle.up(arguments.name, options)
    if arguments.kubeconfig_out:
        shutil.copyfile(cluster.kubeconfig, arguments.kubeconfig_out)
    print(cluster.kubeconfig)


def down(arguments) -> None:
    lifecycle.down(arguments.name)


def status(arguments) -> None:
    """One line a cluster, one a component."""
    for cluster in state.load_all():
        if arguments.name not in (None, cluster.name):
            continue
        first = namespaces.first_process(cluster)
        nodes = f"{cluster.options.kwok} simulated nodes" if cluster.options.kwok else "1 node"
        says = "well" if health.well(cluster) else "not well" if first else "not running"
        print(f"{cluster.name}: {says}, {nodes}, first process {first.pid if first else 'none'}, "
              f"{cluster.server}, {cluster.folder}")
        for name, facts in health.components(cluster).items():
            print(f"  {name}: {'ready' if facts['ready'] else 'not ready'}, "
                  f"pid {facts['pid']} inside, started {facts['starts']} times")


def kubeconfig(arguments) -> None:
    print(existing(arguments).kubeconfig.read_text(), end="")


def path(arguments) -> None:
    cluster = existing(arguments)
    print({"kubeconfig": cluster.kubeconfig, "audit-log": cluster.audit_log, "logs": cluster.logs,
           "programs": cluster.programs, "host": cluster.host_address}[arguments.what])


def kubectl(arguments) -> None:
    cluster = existing(arguments)
    program = cluster.programs / "kubectl"
    os.execv(program, [program, f"--kubeconfig={cluster.kubeconfig}", *arguments.command])


def load_image(arguments) -> None:
    for archive in arguments.archives:
        print(images.load(existing(arguments), archive), end="")


def execute(arguments) -> None:
    command = namespaces.command(existing(arguments), *arguments.command)
    os.execvp(command[0], command)


def logs(arguments) -> None:
    cluster = existing(arguments)
    if arguments.component not in (*components.names(cluster), "keeper"):
        raise RuntimeError(f"no component {arguments.component}; "
                           f"there are {', '.join(components.names(cluster))}, keeper")
    print((cluster.logs / f"{arguments.component}.log").read_text(), end="")


def fault(arguments) -> None:
    faults.ALL[arguments.verb](existing(arguments), arguments.component)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="hack/cluster/cluster", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, function, text: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=text)
        default = None if name == "status" else "default"
        one.add_argument("--name", default=default, help="the cluster's name")
        one.set_defaults(function=function)
        return one

    one = verb("up", up, "bring a cluster up, or find it well; prints its kubeconfig's path")
    one.add_argument("--kwok", type=int, default=0, metavar="N",
                     help="N simulated nodes instead of a real one")
    one.add_argument("--kubeconfig-out", type=Path, metavar="FILE",
                     help="copy the kubeconfig there")
    one.add_argument("--flag", action="append", default=[], metavar="COMPONENT:--FLAG=VALUE",
                     help="one more flag for a component; may be repeated")
    verb("down", down, "remove a cluster and everything that it left")
    verb("status", status, "say what is up, and how its components are")
    verb("kubeconfig", kubeconfig, "print a cluster's kubeconfig")
    one = verb("path", path, "print the path of something that tests read")
    one.add_argument("what", choices=["kubeconfig", "audit-log", "logs", "programs", "host"])
    one = verb("kubectl", kubectl, "run kubectl against a cluster")
    one.add_argument("command", nargs=argparse.REMAINDER)
    one = verb("load-image", load_image, "load docker or OCI archives into the node")
    one.add_argument("archives", nargs="+", type=Path, metavar="IMAGE.tar")
    one = verb("exec", execute, "run a command inside a cluster's namespaces")
    one.add_argument("command", nargs=argparse.REMAINDER)
    one = verb("logs", logs, "print what a component wrote")
    one.add_argument("component")
    for name, function in faults.ALL.items():
        one = verb(name, fault, FAULTS[name])
        one.add_argument("component")
    return top


FAULTS = {
    "stop": "end a component with SIGKILL and keep it ended",
    "start": "start a stopped component; returns when it is ready",
    "restart": "stop and start a component",
    "kill": "SIGKILL a component; it is started again by itself",
    "pause": "SIGSTOP a component",
    "resume": "SIGCONT a component",
}


def main() -> int:
    arguments = parser().parse_args()
    if getattr(arguments, "command", None) and arguments.command[0] == "--":
        arguments.command.pop(0)
    try:
        arguments.function(arguments)
    except (RuntimeError, ValueError, OSError) as e:
        print(f"hack/cluster: {e}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
