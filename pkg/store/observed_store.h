#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "pkg/store/store.h"

namespace coreflow::store {

// What a store was asked for.
enum class Operation : uint8_t { kPutBlob, kReadBlob, kPutEntry, kGetEntry, kDelete, kList };
inline constexpr Operation kOperations[] = {Operation::kPutBlob,  Operation::kReadBlob, Operation::kPutEntry,
                                            Operation::kGetEntry, Operation::kDelete,   Operation::kList};
const char* OperationName(Operation operation);  // "PutBlob", …

// Hears of a call that is over, in the thread that made it. `error`: null, it went well. What a source or a sink failed
// with is not the store's, and told as kCancelled.
using Tell = std::function<void(Operation operation, const Error* error)>;

// The same store, each call of which is told. `under` outlives it.
std::unique_ptr<Store> Observe(Store& under, Tell tell);

}  // namespace coreflow::store
