#pragma once

#include "pkg/base/test_folder.h"

namespace coreflow::apiserver {

using coreflow::TestFolder;

}  // namespace coreflow::apiserver
