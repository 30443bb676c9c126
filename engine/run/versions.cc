#include "engine/run/versions.h"

#include <torch/version.h>

namespace equipoise::run {

std::string LibTorchVersion() { return TORCH_VERSION; }

}  // namespace equipoise::run
