// device.h: the part of the program that knows whether LibTorch is inside.
//
// `equipoise` is built without it: LibTorch costs half a second at every start. `equipoise-torch` is the same program
// with it, and takes this one's place when run.device asks for it.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/inspect/kept_policy.h"

namespace equipoise::app {

// Call before an engine is made. Without LibTorch and for a device that needs it, this process becomes equipoise-torch
// with the same arguments and does not return; an error says why that was not possible.
Status UseDevice(const std::string& device);

// A policy as a TorchScript file's bytes (engine/inspect/aten/policy_module.h). Without LibTorch as above: call it before
// anything is written or printed.
Result<std::string> PolicyFile(const run::KeptPolicy& policy);

}  // namespace equipoise::app
