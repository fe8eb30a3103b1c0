#pragma once

#include <optional>
#include <string>

#include "pkg/engine/filled_step.h"

namespace coreflow::engine {

// Why what an item is given does not tell what it computes, so that its result is of no use to others: it reads
// something whose content nobody knows. nullopt: it does tell, together with what ContentsOf() names.
std::optional<std::string> WhyNotCacheable(const FilledStep& filled);

// The "sha256:…" that an image's name ends in, or that a pod's status gives for it
// ("docker.io/library/busybox@sha256:…"); empty when there is none.
std::string ImageDigest(const std::string& image);

}  // namespace coreflow::engine
