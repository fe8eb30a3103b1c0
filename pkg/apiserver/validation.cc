#include "pkg/apiserver/validation.h"

#include <algorithm>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

constexpr std::string_view kSubdomainRule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view kQualifiedRule =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view kLabelValueRule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr size_t kAnnotationLimit = 256 * 1024;

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool IsAlphanumeric(char c) { return IsLowerOrDigit(c) || (c >= 'A' && c <= 'Z'); }

// Letters, digits, and '-', '_' or '.' between them; 1 to 63 characters.
bool IsNamePart(std::string_view text) {
  if (text.empty() || text.size() > 63 || !IsAlphanumeric(text.front()) || !IsAlphanumeric(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

void CheckLabels(const json::Value& labels, std::vector<Cause>& causes) {
  for (const auto& [key, value] : labels.Members()) {
    if (!IsQualifiedName(key)) causes.push_back(InvalidField("metadata.labels", key, kQualifiedRule));
    const std::string text = value.StringOr("");
    if (text.size() > 63) {
      causes.push_back(InvalidField("metadata.labels", text, "must be no more than 63 bytes"));
    } else if (!IsLabelValue(text)) {
      causes.push_back(InvalidField("metadata.labels", text, kLabelValueRule));
    }
  }
}

void CheckAnnotations(const json::Value& annotations, std::vector<Cause>& causes) {
  size_t size = 0;
  for (const auto& [key, value] : annotations.Members()) {
    if (!IsQualifiedName(key)) causes.push_back(InvalidField("metadata.annotations", key, kQualifiedRule));
    size += key.size() + value.StringOr("").size();
  }
  if (size > kAnnotationLimit) {
    causes.push_back({"FieldValueTooLong", "metadata.annotations", "Too long: may not be more than 262144 bytes"});
  }
}

void CheckOwners(const json::Value& owners, std::vector<Cause>& causes) {
  int controllers = 0;
  for (const json::Value& owner : owners.Elements()) {
    for (const char* field : {"apiVersion", "kind", "name", "uid"}) {
      if (!owner[field].StringOr("").empty()) continue;
      causes.push_back(InvalidField(std::string("metadata.ownerReferences.") + field, "", "must not be empty"));
    }
    if (owner["controller"].BoolOr(false)) ++controllers;
  }
  if (controllers > 1) {
    causes.push_back(
        InvalidField("metadata.ownerReferences", "", "Only one reference can have Controller set to true"));
  }
}

void CheckSame(const char* field, const json::Value& object, const json::Value& old, std::vector<Cause>& causes) {
  const std::string now = object["metadata"][field].StringOr("");
  if (now == old["metadata"][field].StringOr("")) return;
  causes.push_back(InvalidField(std::string("metadata.") + field, now, "field is immutable"));
}

}  // namespace

bool IsDnsLabel(std::string_view text) {
  if (text.empty() || text.size() > 63 || !IsLowerOrDigit(text.front()) || !IsLowerOrDigit(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return IsLowerOrDigit(c) || c == '-'; });
}

bool IsDnsSubdomain(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    // A part of a subdomain may be longer than a label.
    if (part.empty() || !IsLowerOrDigit(part.front()) || !IsLowerOrDigit(part.back())) return false;
    if (!std::all_of(part.begin(), part.end(), [](char c) { return IsLowerOrDigit(c) || c == '-'; })) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsQualifiedName(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return IsNamePart(text);
  return IsDnsSubdomain(text.substr(0, slash)) && IsNamePart(text.substr(slash + 1));
}

bool IsLabelValue(std::string_view text) { return text.empty() || IsNamePart(text); }

std::vector<Cause> CheckMetadata(const Resource& resource, const json::Value& object) {
  std::vector<Cause> causes;
  const std::string name = NameOf(object);
  if (name.empty()) {
    causes.push_back(RequiredField("metadata.name", "name or generateName is required"));
  } else if (resource.plural == "namespaces" ? !IsDnsLabel(name) : !IsDnsSubdomain(name)) {
    causes.push_back(InvalidField("metadata.name", name, kSubdomainRule));
  }
  CheckLabels(object["metadata"]["labels"], causes);
  CheckAnnotations(object["metadata"]["annotations"], causes);
  CheckOwners(object["metadata"]["ownerReferences"], causes);
  for (const json::Value& finalizer : object["metadata"]["finalizers"].Elements()) {
    const std::string text = finalizer.StringOr("");
    if (!IsQualifiedName(text)) causes.push_back(InvalidField("metadata.finalizers", text, kQualifiedRule));
  }
  return causes;
}

std::vector<Cause> CheckMetadataUpdate(const json::Value& object, const json::Value& old) {
  std::vector<Cause> causes;
  CheckSame("name", object, old, causes);
  CheckSame("namespace", object, old, causes);
  CheckSame("uid", object, old, causes);
  if (!IsBeingDeleted(old)) return causes;
  const json::Array& before = old["metadata"]["finalizers"].Elements();
  for (const json::Value& finalizer : object["metadata"]["finalizers"].Elements()) {
    if (std::find(before.begin(), before.end(), finalizer) != before.end()) continue;
    causes.push_back(ForbiddenField("metadata.finalizers",
                                    "no new finalizers can be added if the object is being deleted, found new "
                                    "finalizers []string{\"" +
                                        finalizer.StringOr("") + "\"}"));
  }
  return causes;
}

}  // namespace coreflow::apiserver
