-- Asks for one more run that takes over what succeeded in the last one. A stop was meant for the run before.
local os = require("os")
local now = os.date("!%Y-%m-%dT%H:%M:%SZ")
obj.metadata.annotations = obj.metadata.annotations or {}
obj.metadata.annotations["coreflow.dev/run-requested-at"] = now
obj.metadata.annotations["coreflow.dev/retry-from"] = '{"requestedAt":"' .. now .. '","run":"' .. obj.metadata.name .. '"}'
obj.spec.stop = nil
return obj
