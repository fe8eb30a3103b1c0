-- Asks for one more run, from its first step. A stop was meant for the run before.
local os = require("os")
obj.metadata.annotations = obj.metadata.annotations or {}
obj.metadata.annotations["coreflow.dev/run-requested-at"] = os.date("!%Y-%m-%dT%H:%M:%SZ")
obj.metadata.annotations["coreflow.dev/retry-from"] = nil
obj.spec.stop = nil
return obj
