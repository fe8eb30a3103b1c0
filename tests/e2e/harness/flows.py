"""Workflows that several files of tests run."""


def two_steps(name, first):
    """Two steps in a row; `first` is the script of the first. Their pods end at once when they are deleted."""
    return f"""
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {{name: {name}}}
    spec:
      defaults: {{image: "busybox:1.36", pod: {{overrides: {{terminationGracePeriodSeconds: 1}}}}}}
      steps:
      - {{name: first, script: "{first}"}}
      - {{name: second, dependsOn: [first], command: ["true"]}}
    """
