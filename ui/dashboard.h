// dashboard.h: the window's content as a picture, without a display.
//
// Thread   any one thread, while no window of this process is open (ImGui has one context)
// Errors   no EGL; a snapshot of an unknown task still gives a picture, which says so in place of the scene
// Cost     about a second on software GL
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/run/snapshot.h"

namespace equipoise::ui {

struct DashboardOptions {
  int width = 1600, height = 1000;  // pixels
  float scale = 1;
  bool light = false;
  double moment = 0.63;  // of the last episode, as a share of its steps
};
Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, const DashboardOptions& options);
Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, int width, int height);

}  // namespace equipoise::ui
