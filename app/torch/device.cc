// The device part of equipoise-torch: LibTorch is inside.
#include "app/device.h"
#include "engine/inspect/aten/policy_module.h"
#include "engine/learn/aten/backend.h"

namespace equipoise::app {

Status UseDevice(const std::string&) {
  learn::RegisterAtenBackends();
  return {};
}

Result<std::string> PolicyFile(const run::KeptPolicy& policy) { return run::PolicyModule(policy); }

}  // namespace equipoise::app
