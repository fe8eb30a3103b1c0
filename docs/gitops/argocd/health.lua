-- The health of a Workflow or Job of coreflow.dev, whose conditions are as kstatus reads them.
-- A condition counts only if it speaks of the present generation.
local status = obj.status or {}
local found = {}
for _, condition in ipairs(status.conditions or {}) do
  if condition.observedGeneration == obj.metadata.generation then
    found[condition.type] = condition
  end
end

local succeeded = found.Succeeded
if succeeded == nil then
  if status.run ~= nil and status.run.result == nil then
    return {status = "Progressing", message = "the run before this change goes on"}
  end
  return {status = "Progressing", message = "CoreFlow has not seen it yet"}
end

-- Another run that was asked for and has not started. A spec with problems starts none. CoreFlow keeps 64 characters.
local requested = (obj.metadata.annotations or {})["coreflow.dev/run-requested-at"] or ""
local answered = (status.run or {}).requestedAt
if succeeded.status ~= "Unknown" and succeeded.reason ~= "InvalidSpec" and requested ~= "" and #requested <= 64
    and requested ~= answered then
  return {status = "Progressing", message = "a run was requested at " .. requested}
end

local message = succeeded.reason
if succeeded.status == "Unknown" and status.progress ~= nil then
  message = message .. " (" .. status.progress .. ")"
end
if succeeded.message ~= nil and succeeded.message ~= "" then
  message = message .. ": " .. succeeded.message
end
for _, meaning in ipairs({{"Suspended", "Suspended"}, {"Stalled", "Degraded"}, {"Ready", "Healthy"}}) do
  local condition = found[meaning[1]]
  if condition ~= nil and condition.status == "True" then
    return {status = meaning[2], message = message}
  end
end
return {status = "Progressing", message = message}
