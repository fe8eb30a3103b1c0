#include "pkg/data/kept_secret.h"

namespace coreflow::data {

Result<std::string> LoadOrMake(store::Store& store, const std::string& name,
                               const std::function<Result<std::string>()>& make) {
  auto there = store.GetEntry(name);
  if (there || there.error().code != Code::kNotFound) return there;
  TRY(const std::string made, make());
  const auto put = store.PutEntryIfAbsent(name, made);
  if (!put && put.error().code != Code::kAlreadyExists) return put.error();
  // Read again also by the winner: what counts is what all others will read.
  return store.GetEntry(name);
}

}  // namespace coreflow::data
