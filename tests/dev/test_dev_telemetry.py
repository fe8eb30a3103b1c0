"""Spans and CloudEvents of `coreflow dev`: as an operator sends them."""
from control_plane import ControlPlane, make_namespace
from harness import telemetry
from harness.namespace import Namespace
from harness.receiver import Receiver
from test_dev_metrics import sample


def test_spans_and_events_arrive_once_each(tmp_path):
    with Receiver() as receiver:
        plane = ControlPlane(tmp_path, *receiver.flags())
        plane.start()
        make_namespace(plane.kubectl, "team")
        telemetry.check_what_is_told(Namespace(plane.kubectl, "team"), receiver, plane.stop)


def test_what_nobody_takes_is_said_and_counted(tmp_path):
    with Receiver() as receiver:
        plane = ControlPlane(tmp_path, *[flag.replace("/events", "/nowhere") for flag in receiver.flags()])
        plane.start()
        make_namespace(plane.kubectl, "team")
        ns = Namespace(plane.kubectl, "team")
        ns.run(telemetry.FLOW)
        plane.hear("Events were not sent (Refused): ")
        assert sample(ns, "coreflow_telemetry_items_total", 'fate="Refused",kind="Event"') > 0
        assert plane.stop() == 0
    assert len(receiver.spans) == 4 and not receiver.events
