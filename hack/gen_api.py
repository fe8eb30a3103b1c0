#!/usr/bin/env python3
"""Makes pkg/api/types.gen.h from crds/*.yaml, and renews the copied blocks inside the CRDs.

usage: hack/gen_api.py [--check]     --check changes nothing and fails when a file would change
"""
import sys
import textwrap

import crd

OUT = crd.ROOT / "pkg" / "api" / "types.gen.h"

# Where the schema's objects get their C++ names. Two places with one name must have the same fields, or the second
# only some of them.
STRUCTS = {
    "workflows": "Workflow", "workflows.spec": "WorkflowSpec", "workflows.spec.parameters": "Parameter",
    "workflows.spec.arguments": "Argument", "workflows.spec.steps": "Step", "workflows.spec.steps.forEach": "ForEach",
    "workflows.spec.steps.env": "EnvVar", "workflows.spec.steps.parameters": "StepParameter",
    "workflows.spec.steps.outputs": "OutputDeclaration", "workflows.spec.steps.retryPolicy": "RetryPolicy",
    "workflows.spec.steps.cache": "CachePolicy", "workflows.spec.steps.inputs": "StepInputs",
    "workflows.spec.steps.inputs.artifacts": "InputArtifact", "workflows.spec.steps.outputArtifacts": "OutputArtifact",
    "workflows.spec.steps.pod": "PodOptions", "workflows.spec.finally": "Step", "workflows.spec.outputs": "RunOutput",
    "workflows.spec.defaults": "Defaults", "workflows.spec.retryFrom": "RetryFrom", "workflows.status": "RunStatus",
    "workflows.status.run": "RunInfo", "workflows.status.previousRuns": "PreviousRun",
    "workflows.status.conditions": "Condition", "workflows.status.counts": "ItemCounts",
    "workflows.status.cache": "CacheCounts", "workflows.status.steps": "ItemView",
    "workflows.status.outputs": "OutputValue",
    "jobs": "Job", "jobs.spec": "JobSpec", "jobs.spec.template": "Step", "jobs.status": "RunStatus",
    "workflowrecords": "WorkflowRecord", "workflowrecords.arguments": "RecordedArgument",
    "workflowrecords.results": "RecordedItem", "workflowrecords.results.cache": "CacheDecision",
    "workflowrecords.results.artifacts": "StoredArtifact", "workflowrecords.results.usage": "Usage",
    "workflowrecords.retryFrom": "RetryFrom",
}
# Objects with the same fields wherever they stand: below these the first place's names hold.
SAME = {"workflows.spec.finally": "workflows.spec.steps", "workflows.spec.defaults": "workflows.spec.steps",
        "jobs.spec.template": "workflows.spec.steps", "jobs.status": "workflows.status"}
ENUMS = {
    "Parameter.type": "ValueType", "OutputDeclaration.type": "ValueType", "Step.runAfter": "RunAfter",
    "Step.imagePullPolicy": "ImagePullPolicy", "RetryPolicy.retryOn": "RetryOn", "CachePolicy.mode": "CacheMode",
    "OutputArtifact.archive": "Archive", "StoredArtifact.archive": "Archive", "WorkflowSpec.stop": "Stop",
    "JobSpec.stop": "Stop", "WorkflowSpec.onChange": "OnChange", "WorkflowSpec.podCleanup": "PodCleanup",
    "JobSpec.podCleanup": "PodCleanup", "RunStatus.state": "RunState", "PreviousRun.result": "RunResult",
    "Condition.status": "ConditionStatus", "RunInfo.result": "RunResult", "RunInfo.ending": "RunEnding",
    "ItemView.state": "ItemState", "RecordedItem.state": "ItemState", "CacheDecision.decision": "CacheAnswer",
}
# Kubernetes' own types stay JSON; pkg/api/pod_schema.h checks them.
JSON = {"EnvVar.valueFrom", "Step.envFrom", "Step.resources", "Defaults.resources", "Step.volumeMounts", "Step.ports",
        "PodOptions.tolerations", "PodOptions.affinity", "PodOptions.topologySpreadConstraints", "PodOptions.volumes",
        "PodOptions.securityContext", "PodOptions.imagePullSecrets", "PodOptions.initContainers", "PodOptions.sidecars",
        "PodOptions.overrides", "WorkflowRecord.spec"}
# What CoreFlow writes has plain members, left out at their initial values; in what users write, absent and empty
# differ.
WRITTEN = {"RunStatus", "RunInfo", "PreviousRun", "Condition", "ItemCounts", "ItemView", "OutputValue",
           "WorkflowRecord", "RecordedArgument", "RecordedItem", "CacheCounts", "CacheDecision", "StoredArtifact",
           "Usage"}
OPTIONAL = {"RunInfo.ending", "RunInfo.result", "ItemView.index", "ItemView.exitCode", "WorkflowRecord.retryFrom",
            "RecordedItem.index", "RecordedItem.cache", "RecordedItem.exitCode",
            "RecordedItem.usage"}
ALWAYS = {"ItemCounts"}          # members that are written even when they are 0
# The template of a Job has no name, and its image is required; Validate asks. Run number 0 stands for no run yet.
NOT_REQUIRED = {"Step.name", "Step.image", "RunInfo.number"}
PLAIN = {"Step.name"}
INDENT = "  "


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def comment(text, pad):
    return textwrap.wrap(" ".join(text.split()), 120, initial_indent=pad + "// ", subsequent_indent=pad + "// ",
                         break_long_words=False, break_on_hyphens=False)


class Generator:
    def __init__(self):
        self.structs, self.enums, self.order = {}, {}, []

    def struct(self, kind_path, schema):
        name = STRUCTS.get(kind_path)
        if not name:
            raise SystemExit(f"{kind_path} has no name in STRUCTS of hack/gen_api.py")
        fields = [self.field(kind_path, name, key, value, key in schema.get("required", []))
                  for key, value in schema["properties"].items()]
        if name not in self.structs:
            self.structs[name] = (schema.get("description", ""), fields)
            self.order.append(name)
            return name
        known = {f["json"]: f for f in self.structs[name][1]}
        for field in fields:
            first = known.get(field["json"])
            if first is None or (first["type"], first["rules"]) != (field["type"], field["rules"]):
                raise SystemExit(f"{kind_path}.{field['json']} differs from the other {name}")
        return name

    def enum(self, key, values):
        name = ENUMS.get(key)
        if not name:
            raise SystemExit(f"{key} has no name in ENUMS of hack/gen_api.py")
        if not set(values) <= set(self.enums.setdefault(name, values)):
            raise SystemExit(f"{key} has values that {name} lacks")
        return name

    def field(self, kind_path, struct, key, schema, required):
        owner = f"{struct}.{key}"
        required = required and owner not in NOT_REQUIRED
        element = schema.get("items", schema) if schema.get("type") == "array" else schema
        base = self.base(f"{kind_path}.{key}", owner, key, element)
        plain = struct in WRITTEN and owner not in OPTIONAL
        rules = self.rules(schema, element)
        initial, type_ = "", base
        if owner in JSON:
            type_, rules = "json::Value", {}
        elif key == "metadata":
            type_ = "ObjectMeta"
        elif schema.get("type") == "array":
            type_ = f"std::vector<{base}>"
        elif base in ("int64_t", "bool") or base in self.enums:
            scalar = required or plain and base == "int64_t" or key in ("state", "status")
            type_ = base if scalar else f"std::optional<{base}>"
            if scalar:
                initial = {"int64_t": " = 0", "bool": " = false"}.get(base) or f" = {base}::k{self.enums[base][0]}"
        elif base == "std::string":
            type_ = base if required or plain or owner in PLAIN else f"std::optional<{base}>"
        elif base == "Time":
            type_ = base if required else f"std::optional<{base}>"
        elif base in self.structs and not required and key != "status" and not plain:
            type_ = f"std::optional<{base}>"
        if initial == "" and type_ == "Time":
            initial = "{}"
        if key in ("apiVersion", "kind"):
            return {"json": key, "cxx": snake(key), "type": "std::string", "rules": {}, "doc": schema["description"],
                    "initial": "{kApiVersion}" if key == "apiVersion" else "{kKind}"}
        if required or struct in ALWAYS:
            rules["required" if required else "always"] = "true"
        elif (type_ == "RunStatus" or owner in PLAIN
              or plain and (type_ in ("std::string", "int64_t") or type_ in self.structs)):
            rules["omit_default"] = "true"
        rules.pop("always", None)
        return {"json": key, "cxx": snake(key) + ("_" if key in ("default", "enum", "template") else ""),
                "type": type_, "initial": initial, "rules": rules,
                "doc": schema.get("description", "The usual metadata of an object.")}

    def base(self, kind_path, owner, key, schema):
        for prefix, first in SAME.items():
            if kind_path.startswith(prefix + "."):
                kind_path = first + kind_path[len(prefix):]
        if owner in JSON or key == "metadata":
            return "json::Value"
        if "enum" in schema:
            return self.enum(owner, schema["enum"])
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            return self.struct(kind_path, schema)
        if kind == "object" and "additionalProperties" in schema:
            return "std::map<std::string, std::string>"
        if kind == "string":
            return "Time" if schema.get("format") == "date-time" else "std::string"
        return {"integer": "int64_t", "boolean": "bool"}.get(kind, "json::Value")

    @staticmethod
    def rules(schema, element):
        names = {"minimum": "minimum", "maximum": "maximum", "minLength": "min_length", "maxLength": "max_length"}
        # Where there is a pattern, pkg/api/names.h checks the whole of it.
        rules = {cxx: str(element[key]) for key, cxx in names.items() if key in element and "pattern" not in element}
        if schema.get("type") == "array":
            rules |= {cxx: str(schema[key]) for key, cxx in (("minItems", "min_items"), ("maxItems", "max_items"))
                      if key in schema}
        return rules

    def emit_enum(self, name):
        values = self.enums[name]
        names = ", ".join(f'"{v}"' for v in values)
        yield f"enum class {name} {{ {', '.join('k' + v for v in values)} }};"
        yield f"constexpr auto EnumNames({name}) {{"
        yield f"{INDENT}return std::to_array<std::string_view>({{{names}}});"
        yield "}"
        yield ""

    def emit_struct(self, name):
        description, fields = self.structs[name]
        yield from comment(description, "")
        yield f"struct {name} {{"
        if name in ("Workflow", "Job", "WorkflowRecord"):
            yield f'{INDENT}static constexpr std::string_view kKind = "{name}";'
            yield f'{INDENT}static constexpr std::string_view kPlural = "{name.lower()}s";'
            yield ""
        for field in fields:
            yield from comment(field["doc"], INDENT)
            yield f"{INDENT}{field['type']} {field['cxx']}{field['initial']};"
        yield ""
        yield f"{INDENT}bool operator==(const {name}&) const = default;"
        yield f"{INDENT}static constexpr auto Fields() {{"
        yield f"{INDENT * 2}return std::make_tuple("
        # Designators in the order of json::FieldRules.
        order = ["required", "omit_default", "minimum", "maximum", "min_length", "max_length", "min_items", "max_items"]
        for i, field in enumerate(fields):
            rules = ", ".join(f".{key} = {field['rules'][key]}" for key in order if key in field["rules"])
            end = ");" if i + 1 == len(fields) else ","
            tail = f", {{{rules}}}" if rules else ""
            yield f'{INDENT * 4}json::Field("{field["json"]}", &{name}::{field["cxx"]}{tail}){end}'
        yield f"{INDENT}}}"
        yield "};"
        yield ""

    def text(self):
        for kind in crd.KINDS:
            self.struct(kind, crd.schema(kind))
        lines = ["// Code generated from crds/ by hack/gen_api.py. DO NOT EDIT.", "// clang-format off",
                 "#pragma once", "",
                 "#include <array>", "#include <cstdint>", "#include <map>", "#include <optional>", "#include <string>",
                 "#include <string_view>", "#include <tuple>", "#include <vector>", "",
                 '#include "pkg/api/object_meta.h"', '#include "pkg/base/time.h"', '#include "pkg/json/bind.h"',
                 '#include "pkg/json/value.h"', "",
                 "// The objects of coreflow.dev/v1alpha1, to be read and written with json::Bind and json::ToJson. "
                 "Their fields",
                 "// carry what users wrote, without defaults; pkg/api/resolve.h fills those in. "
                 "An empty list or map is the same",
                 "// as none.",
                 "namespace coreflow::api {", "",
                 'inline constexpr std::string_view kGroup = "coreflow.dev";',
                 'inline constexpr std::string_view kApiVersion = "coreflow.dev/v1alpha1";', ""]
        for name in self.enums:
            lines += self.emit_enum(name)
        for name in self.order:
            lines += self.emit_struct(name)
        return "\n".join(lines + ["}  // namespace coreflow::api"]) + "\n"


def main():
    check = "--check" in sys.argv[1:]
    stale = []
    wanted = [(crd.path(kind), lambda kind=kind: crd.sync(kind)) for kind in crd.KINDS]
    for path, make in wanted + [(OUT, lambda: Generator().text())]:
        text = make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(str(path.relative_to(crd.ROOT)))
        if not check:
            path.write_text(text)
    if stale:
        print(("stale, run hack/gen_api.py: " if check else "written: ") + ", ".join(stale))
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
