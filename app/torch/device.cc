// The device part of equipoise-torch: LibTorch is inside.
#include "app/device.h"
#include "engine/learn/aten/backend.h"

namespace equipoise::app {

Status UseDevice(const std::string&) {
  learn::RegisterAtenBackends();
  return {};
}

}  // namespace equipoise::app
