#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::kubeconfig {

// An object in a kubeconfig, with where it stands: /home/me/.kube/config: users["me"].user. Errors are kInvalid and
// name the field; an absent or null field is empty, whatever its type.
class Entry {
 public:
  Entry() = default;
  // `directory`: what paths in it are relative to.
  Entry(json::Value value, std::string where, std::string directory)
      : value_(std::move(value)), where_(std::move(where)), directory_(std::move(directory)) {}

  bool empty() const { return value_.IsNull(); }
  const json::Value& value() const { return value_; }

  Result<Entry> Child(std::string_view name) const;                  // an object
  Result<std::vector<Entry>> Children(std::string_view name) const;  // of a list of objects
  Result<std::string> Text(std::string_view name) const;
  Result<bool> Flag(std::string_view name) const;
  Result<std::vector<std::string>> Texts(std::string_view name) const;
  Result<std::string> Data(std::string_view name) const;  // base64 in the file
  Result<std::string> Path(std::string_view name) const;

  // Text as a path relative to the directory.
  std::string Resolve(const std::string& path) const;

  Error Bad(std::string_view name, const std::string& what) const;

 private:
  Error Expected(std::string_view name, const char* type, const json::Value& found) const;

  json::Value value_;
  std::string where_;
  std::string directory_;
};

}  // namespace coreflow::kubeconfig
