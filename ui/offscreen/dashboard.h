// dashboard.h: the window's content as a picture, without a display.
//
// Thread   any one thread, while no window of this process is open (ImGui has one context)
// Errors   no EGL; a snapshot of an unknown task still gives a picture, which says so in place of the scene
// Cost     about a second on software GL
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/record/snapshot.h"
#include "ui/offscreen/shot.h"

namespace equipoise::ui {

struct DashboardOptions {
  int width = 1600, height = 1000;  // pixels
  float scale = 1;
  ShotOf part = ShotOf::kWindow;
  bool light = false, safe_colours = false;
  double moment = 0.63;   // of the last episode, as a share of its steps
  bool overwrite = true;  // a run's own picture is drawn again and again
};
// As a file for a user (engine/base/output_file.h).
Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, const DashboardOptions& options);
Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, int width, int height);

// A place without a display in which any number of pictures of one snapshot can be taken.
class Studio {
 public:
  // `snapshot` must live as long as the studio.
  static Result<std::unique_ptr<Studio>> Open(const run::Snapshot& snapshot, bool light, bool safe_colours);
  // For plots alone: they take no OpenGL.
  static std::unique_ptr<Studio> OpenForPlots(const run::Snapshot& snapshot, bool light, bool safe_colours);
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  // `moment` of the last episode, as a share of its steps.
  Result<Picture> Take(const ShotSpec& spec, double moment);
  std::map<std::string, std::string> Plots(ShotOf part);  // take_away.h
  // What is looked at: the zoom of the curves, the selected episode; `recalled` is then what the scene shows.
  UiState& state();

 private:
  struct Parts;
  explicit Studio(std::unique_ptr<Parts> parts);
  static std::unique_ptr<Studio> With(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace equipoise::ui
