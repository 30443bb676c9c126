// dashboard.h: a picture of a run, drawn by the window's own code into memory; no display is needed.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/run/snapshot.h"

namespace equipoise::app {

// False when this program was built without the window; then WriteDashboard fails and says so.
bool CanDraw();
Status WriteDashboard(const run::Snapshot& snapshot, const std::string& png, int width, int height);

}  // namespace equipoise::app
