#include "app/dashboard.h"

#if defined(EQUIPOISE_WITH_UI) && __has_include("ui/offscreen/dashboard.h")
#include "ui/offscreen/dashboard.h"
#define EQUIPOISE_CAN_DRAW 1
#else
#define EQUIPOISE_CAN_DRAW 0
#endif

namespace equipoise::app {

bool CanDraw() { return EQUIPOISE_CAN_DRAW; }

Status WriteDashboard([[maybe_unused]] const run::Snapshot& snapshot, [[maybe_unused]] const std::string& png,
                      [[maybe_unused]] int width, [[maybe_unused]] int height, [[maybe_unused]] bool overwrite) {
#if EQUIPOISE_CAN_DRAW
  ui::DashboardOptions options;
  options.width = width;
  options.height = height;
  options.overwrite = overwrite;
  return ui::RenderDashboard(snapshot, png, options);
#else
  return Error{"this program was built without its window (ui/) and cannot draw"};
#endif
}

}  // namespace equipoise::app
