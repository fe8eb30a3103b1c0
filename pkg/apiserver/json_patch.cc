#include "pkg/apiserver/json_patch.h"

#include <string>
#include <vector>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

using Steps = std::vector<std::string>;

Error Impossible(std::string why) { return Error{Code::kConflict, std::move(why)}; }

// RFC 6901: "/a~1b/0" is ["a/b", "0"].
Result<Steps> ParsePointer(const std::string& text) {
  Steps steps;
  if (text.empty()) return steps;
  if (text[0] != '/') return Impossible("a JSON pointer starts with /: " + text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      steps.emplace_back();
    } else if (text[i] == '~' && i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
      steps.back() += text[++i] == '0' ? '~' : '/';
    } else {
      steps.back() += text[i];
    }
  }
  return steps;
}

const json::Value* Look(const json::Value& target, const Steps& steps) {
  const json::Value* value = &target;
  for (const std::string& step : steps) {
    if (value->IsArray()) {
      const int64_t index = ParseDecimal(step);
      if (index < 0 || static_cast<size_t>(index) >= value->AsArray().size()) return nullptr;
      value = &value->AsArray()[static_cast<size_t>(index)];
    } else if (value = value->Find(step); !value) {
      return nullptr;
    }
  }
  return value;
}

enum class Edit { kAdd, kReplace, kRemove };

Result<json::Value> EditArray(const json::Array& array, const std::string& step, Edit edit, const json::Value& value) {
  json::Array elements = array;
  const bool at_end = step == "-" && edit == Edit::kAdd;
  const int64_t index = at_end ? static_cast<int64_t>(elements.size()) : ParseDecimal(step);
  const int64_t last = static_cast<int64_t>(elements.size()) - (edit == Edit::kAdd ? 0 : 1);
  if (index < 0 || index > last) return Impossible("no such element: " + step);
  const auto at = elements.begin() + index;
  if (edit == Edit::kAdd) elements.insert(at, value);
  if (edit == Edit::kReplace) *at = value;
  if (edit == Edit::kRemove) elements.erase(at);
  return json::Value(std::move(elements));
}

Result<json::Value> EditAt(const json::Value& target, const Steps& steps, size_t depth, Edit edit,
                           const json::Value& value) {
  if (depth == steps.size()) {
    if (edit == Edit::kRemove) return Impossible("the whole document cannot be removed");
    return value;
  }
  const std::string& step = steps[depth];
  if (depth + 1 < steps.size()) {
    const json::Value* child = Look(target, {step});
    if (!child) return Impossible("no such member: " + step);
    TRY(json::Value edited, EditAt(*child, steps, depth + 1, edit, value));
    if (target.IsArray()) return EditArray(target.AsArray(), step, Edit::kReplace, edited);
    json::Object members = target.AsObject();
    members[step] = std::move(edited);
    return json::Value(std::move(members));
  }
  if (target.IsArray()) return EditArray(target.AsArray(), step, edit, value);
  if (!target.IsObject()) return Impossible("no object to change at " + step);
  json::Object members = target.AsObject();
  // What is not there can be replaced, whatever the RFC says: so does the real server.
  if (edit == Edit::kRemove && !members.contains(step)) return Impossible("no such member: " + step);
  if (edit == Edit::kRemove) {
    members.erase(step);
  } else {
    members[step] = value;
  }
  return json::Value(std::move(members));
}

Result<json::Value> MoveOrCopy(const json::Value& target, const json::Value& operation, const Steps& path) {
  if (!operation["from"].IsString()) return Impossible("an operation has no from");
  TRY(const Steps from, ParsePointer(operation["from"].AsString()));
  const json::Value* there = Look(target, from);
  if (!there) return Impossible("nothing is at " + operation["from"].AsString());
  const json::Value value = *there;
  if (operation["op"] == json::Value("copy")) return EditAt(target, path, 0, Edit::kAdd, value);
  TRY(const json::Value without, EditAt(target, from, 0, Edit::kRemove, {}));
  return EditAt(without, path, 0, Edit::kAdd, value);
}

Result<json::Value> ApplyOne(const json::Value& target, const json::Value& operation) {
  const std::string op = operation["op"].StringOr("");
  if (!operation["path"].IsString()) return Impossible("an operation has no path");
  TRY(const Steps path, ParsePointer(operation["path"].AsString()));
  if (op == "add") return EditAt(target, path, 0, Edit::kAdd, operation["value"]);
  if (op == "replace") return EditAt(target, path, 0, Edit::kReplace, operation["value"]);
  if (op == "remove") return EditAt(target, path, 0, Edit::kRemove, {});
  if (op == "move" || op == "copy") return MoveOrCopy(target, operation, path);
  if (op == "test") {
    const json::Value* there = Look(target, path);
    if (there ? *there == operation["value"] : operation["value"].IsNull()) return target;
    return Impossible("testing value " + operation["path"].AsString() + " failed");
  }
  return Impossible("unknown operation: " + op);
}

}  // namespace

Result<json::Value> JsonPatch(const json::Value& target, const json::Value& patch) {
  if (!patch.IsArray()) return Error{Code::kInvalid, "a JSON patch is a list of operations"};
  json::Value patched = target;
  for (const json::Value& operation : patch.AsArray()) {
    TRY(patched, ApplyOne(patched, operation));
  }
  return patched;
}

}  // namespace coreflow::apiserver
