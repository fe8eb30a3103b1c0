"""Commands and what they print, held against a file."""
import itertools
import os
import re

FOLDER = os.path.join(os.path.dirname(__file__), "transcripts")

# What differs from run to run, and what stands for it. Columns are as wide as what is in them.
RULES = [
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4} \w+", "<time>"),
    (r"\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}", "<time>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>"),
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "<time>"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>"),
    (r"(resourceVersion: |Resource Version: +)\"?\d+\"?", r"\1<version>"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
    (r"containerd://[0-9a-f]{64}", "containerd://<id>"),
    (r"this-machine@sha256:[0-9a-f]{64}", "this-machine@sha256:<machine>"),
    (r"(?<= )\d+(\.\d+)?s +\d+(\.\d)?[MG]i(?=\s|$)", "<cpu>  <memory>"),
    (r"(?<![\w.:/-])(\d+d)?(\d+h)?(\d+m)?\d+(ms|s|m|h)(?![\w.])", "<duration>"),
    (r"(?<=\w\.)[a-z0-9]{16}(?=\s)", "<suffix>"),
    (r"(?m)[ \t]+$", ""),
    (r"(?<=\S) {2,}", "  "),
]


EVENT = re.compile(r"\s*(<duration>  )?(Normal|Warning)  ")


def with_events_sorted(text):
    """Events of one second come in any order."""
    lines = []
    for is_event, group in itertools.groupby(text.split("\n"), lambda line: bool(EVENT.match(line))):
        lines += sorted(group) if is_event else group
    return "\n".join(lines)


class Transcript:
    """What was said so far, as a user would see it in a terminal."""

    def __init__(self, name, replace=()):
        self.path = os.path.join(FOLDER, name + ".txt")
        self.rules = [(re.escape(text), by) for text, by in replace] + RULES
        self.text = ""

    def add(self, command, output):
        for pattern, by in self.rules:
            output = re.sub(pattern, by, output)
        output = with_events_sorted(output)
        self.text += f"$ {command}\n{output.rstrip()}\n\n"

    def compare(self):
        """With the file; COREFLOW_UPDATE=1 writes it."""
        if os.environ.get("COREFLOW_UPDATE"):
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(self.text)
        with open(self.path, encoding="utf-8") as file:
            assert self.text == file.read(), f"see {self.path}; COREFLOW_UPDATE=1 writes it anew"
