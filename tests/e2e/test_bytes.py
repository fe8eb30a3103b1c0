"""Text arrives as it was written, whatever characters it has."""
import base64
import json

import yaml

# Everything that YAML, a shell, the kubelet, Helm or CEL could take for its own.
NASTY = ("".join(chr(c) for c in range(32, 127)) + "\n\t" + "$$ $(COREFLOW_STEP) $(HOME) ${PATH} $HOME `id` $(id) \\$(X) $$(X) "
         + "$[[ 1 + 1 ]] {{ .Values.x }} # no comment: - [a, b] {c: d} & * ! | > ' \" \\ \\n \\u0041 %s %d ~ null yes 0x10\n"
         + "é ü 漢字 🙂 \u2028 end  \n\n")


def workflow(name, spec):
    """YAML (as JSON) of a Workflow, so that the test itself quotes nothing."""
    return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
                       "spec": {"defaults": {"image": "busybox:1.36"}, "podCleanup": "Never", **spec}})


def test_a_parameter_arrives_byte_for_byte(operator, ns):
    ns.run(workflow("bytes", {
        "parameters": [{"name": "text"}], "arguments": [{"name": "text", "value": NASTY}],
        "steps": [{"name": "show", "parameters": [{"name": "text"}], "script": 'printf %s "$PARAM_TEXT" | base64 -w 0'}]}))
    assert base64.b64decode(ns.logs(ns.pods()[0]["metadata"]["name"])).decode() == NASTY


def test_a_script_arrives_byte_for_byte(operator, ns):
    ns.run(workflow("bytes", {"steps": [
        {"name": "show", "script": f"cat <<'END-OF-TEXT' | base64 -w 0\n{NASTY}\nEND-OF-TEXT\n"}]}))
    assert base64.b64decode(ns.logs(ns.pods()[0]["metadata"]["name"])).decode() == NASTY + "\n"


def test_the_shell_alone_expands_a_script(operator, ns):
    """`$$` is the shell's process id, `$(X)` runs a command: the kubelet has touched neither."""
    ns.run(workflow("dollars", {"steps": [
        {"name": "show", "script": "echo $$ '$$' $(echo COREFLOW_STEP) \"$COREFLOW_STEP\" '$(COREFLOW_STEP)'"}]}))
    assert ns.logs(ns.pods()[0]["metadata"]["name"]) == "1 $$ COREFLOW_STEP show $(COREFLOW_STEP)\n"


def test_what_users_write_in_args_means_what_kubernetes_says(operator, ns):
    ns.run(workflow("kubernetes", {"steps": [
        {"name": "show", "command": ["printf", "%s|%s|%s", "$(COREFLOW_STEP)", "$$(COREFLOW_STEP)", "$(NOT_THERE)"]}]}))
    assert ns.logs(ns.pods()[0]["metadata"]["name"]) == "show|$(COREFLOW_STEP)|$(NOT_THERE)"


def test_text_from_an_expression_is_never_looked_at_again(operator, ns):
    ns.run(workflow("values", {
        "parameters": [{"name": "text"}], "arguments": [{"name": "text", "value": NASTY}],
        "steps": [{"name": "show", "command": ["printf", "%s", "$[[ params.text ]]"]}]}))
    assert ns.logs(ns.pods()[0]["metadata"]["name"]) == NASTY


def test_an_output_arrives_byte_for_byte(operator, ns):
    done = ns.run(workflow("bytes", {
        "parameters": [{"name": "json"}], "arguments": [{"name": "json", "value": json.dumps({"text": NASTY})}],
        "steps": [{"name": "make", "parameters": [{"name": "json"}],
                   "script": 'printf %s "$PARAM_JSON" >"$COREFLOW_OUTPUT"', "outputs": [{"name": "text"}]}],
        "outputs": [{"name": "text", "value": "steps.make.outputs.text"}]}))
    assert done["status"]["outputs"] == [{"name": "text", "value": NASTY}]


def test_yaml_is_read_as_kubectl_reads_it(operator, ns):
    done = ns.run("""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {name: scalars}
        spec:
          parameters: [{name: values, type: Array, default: [yes, "yes", 0o17, 1.0, 1e3, null, "null"]}]
          steps:
          - name: show
            image: busybox:1.36
            parameters: [{name: values}]
            script: printf '{"values":%s}' "$PARAM_VALUES" >"$COREFLOW_OUTPUT"
            outputs: [{name: values, type: Array}]
          outputs: [{name: values, value: steps.show.outputs.values}]
        """)
    assert yaml.safe_load(json.dumps(done["status"]["outputs"][0]["value"]))[:2] == [True, "yes"]
