#include "ui/window/window_look.h"

#include <algorithm>

#include "ui/kit/draw.h"
#include "ui/kit/imgui_backends.h"
#include "ui/kit/keys.h"
#include "ui/kit/theme.h"
#include "ui/view/arrangement.h"

namespace equipoise::ui {
namespace {

constexpr float kPresentZoom = 2;  // read from the last row

}  // namespace

void WindowLook::Apply(ImVec2 size, float monitor, UiState* state) {
  const ViewChoices& view = state->view;
  const float scale = FittingScale(size, monitor * std::max(view.zoom, view.presents ? kPresentZoom : 0.0f),
                                   state->window.runs.size() > 1 && !view.presents);
  const bool new_scale = scale != scale_;
  const bool same = !new_scale && view.light == light_ && view.safe_colours == safe_colours_;
  scale_ = scale;
  NoticeZoom(monitor, state);
  if (same) return;
  light_ = view.light;
  safe_colours_ = view.safe_colours;
  ApplyTheme(light_, scale, safe_colours_);
  if (!new_scale) return;
  LoadFonts(scale);
  RemakeFontTexture();
}

void WindowLook::NoticeZoom(float monitor, UiState* state) {
  const float zoom = state->view.zoom;
  const bool asked = zoom != zoom_noticed_;
  zoom_noticed_ = zoom;
  if (!asked || scale_ > monitor * zoom - 0.05f) return;
  Complain(*state, Format("The window has room for %.0f %%, not for %.0f %%. Make it larger, or press %s.",
                          100 * scale_ / monitor, 100 * zoom, KeyCapOf(KeyAction::kZoomOut)));
}

}  // namespace equipoise::ui
