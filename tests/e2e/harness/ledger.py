"""Who was started, as the programs themselves write it down: a folder of this machine that pods see."""
import os


class Ledger:
    """A folder that any user may write to."""

    def __init__(self, folder):
        self.folder = folder
        os.chmod(folder, 0o777)

    def workflow(self, items, parallelism, seconds):
        """The Workflow `counted`, of one step `work` with so many items; each attempt writes down that it was started, and sleeps."""
        return f"""
            apiVersion: coreflow.dev/v1alpha1
            kind: Workflow
            metadata: {{name: counted}}
            spec:
              parallelism: {parallelism}
              defaults:
                image: "busybox:1.36"
                pod: {{volumes: [{{name: ledger, hostPath: {{path: {self.folder}}}}}], overrides: {{terminationGracePeriodSeconds: 1}}}}
              steps:
              - name: work
                forEach: {{items: "{list(range(items))}"}}
                volumeMounts: [{{name: ledger, mountPath: /ledger}}]
                script: |
                  echo "$COREFLOW_STEP/$COREFLOW_INDEX/$COREFLOW_ATTEMPT" >>/ledger/attempts
                  sleep {seconds}
            """

    def attempts(self):
        """What was started, sorted: step/index/attempt."""
        with open(os.path.join(self.folder, "attempts"), encoding="utf-8") as lines:
            return sorted(line.strip() for line in lines)


def once(items):
    """What the ledger says when each item was started exactly once."""
    return sorted(f"work/{index}/1" for index in range(items))
