#pragma once

#include <string>

#include "pkg/base/secret.h"
#include "pkg/engine/contents.h"
#include "pkg/json/value.h"

namespace coreflow::cache {

// The key for digests of contents, made of the store's own (data::LoadOrMakeKey), so that all who use the store have
// the same. What it makes is of no use as a token, nor the other way round.
Secret<std::string> ContentKey(const Secret<std::string>& store_key);

// HMAC-SHA-256 (RFC 2104) of what `object`, a ConfigMap or Secret as the API server gives it, has of `content`, and of
// whose content it is, as 64 hexadecimal digits: equal ones in other namespaces, objects or keys can't be told from
// different ones. kAbsent when the object has no such key.
std::string DigestOfContent(const Secret<std::string>& key, const std::string& name_space,
                            const engine::Content& content, const json::Value& object);

}  // namespace coreflow::cache
