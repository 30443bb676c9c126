// backend.h: makes the devices that need LibTorch known: "reference" and "cuda" (backend.h). Called once by a
// program that links LibTorch.
#pragma once

namespace equipoise::learn {

void RegisterAtenBackends();

}  // namespace equipoise::learn
