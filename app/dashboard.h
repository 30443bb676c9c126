// dashboard.h: a picture of a run, drawn by the window's own code into memory; no display is needed.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/record/snapshot.h"

namespace equipoise::app {

// False when this program was built without the window; then WriteDashboard fails and says so.
bool CanDraw();
// `overwrite`: see engine/base/output_file.h; a run's own dashboard.png is its to replace.
Status WriteDashboard(const run::Snapshot& snapshot, const std::string& png, int width, int height,
                      bool overwrite = true);

}  // namespace equipoise::app
