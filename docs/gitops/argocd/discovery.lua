-- Which actions are of use to a Workflow or Job of coreflow.dev as it is now; the others are greyed out.
local status = obj.status or {}
local ended = status.state == "Succeeded" or status.state == "Failed" or status.state == "Stopped"
local settled = ended and status.observedGeneration == obj.metadata.generation
for _, condition in ipairs(status.conditions or {}) do
  if condition.reason == "InvalidSpec" then
    settled = false -- no run until it is mended
  end
end
local running = status.run ~= nil and not ended
local stopping = obj.spec.stop ~= nil and obj.spec.stop ~= "None"
local suspended = obj.spec.suspend == true

return {
  ["rerun"] = {["disabled"] = not settled},
  ["retry"] = {["disabled"] = not settled or status.state == "Succeeded"},
  ["stop"] = {["disabled"] = not running or stopping},
  ["stop-now"] = {["disabled"] = not running or obj.spec.stop == "Immediate"},
  ["suspend"] = {["disabled"] = settled or suspended or stopping},
  ["resume"] = {["disabled"] = not suspended},
}
