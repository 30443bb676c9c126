#include "ui/arrangement.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

float Chosen(float chosen, float usual, float lowest, float highest) {
  return std::floor(std::clamp(chosen > 0 ? chosen : usual, lowest, std::max(lowest, highest)));
}

}  // namespace

float FittingScale(ImVec2 window, float wanted) {
  const float fits = std::min(window.x / kLeastWidth, window.y / kLeastHeight);
  return std::max(0.5f, std::floor(std::min(wanted, fits) * 20 + 0.01f) / 20);
}

Arrangement Arrange(ImVec2 window, float scale, const PaneSizes& panes, bool effects) {
  const auto px = [scale](float length) { return std::floor(length * scale + 0.5f); };
  const float gap = px(8), margin = px(8), bar = px(46), row = px(34), status = px(24);
  Arrangement out;
  out.compact = window.y < px(900) || window.x < px(1400);
  const bool compact = out.compact;
  out.top_bar = {0, 0, window.x, bar};
  out.phase_row = {0, bar, window.x, row};
  out.status = {margin, window.y - status, window.x - 2 * margin, status};

  const float top = bar + row + margin, height = window.y - top - status - px(2);
  const float wide = window.x - 2 * margin - 2 * gap;
  const float left = Chosen(panes.left * scale, px(compact ? 276 : 292), px(264), px(420));
  // What the centre needs stays with the centre.
  const float right = Chosen(panes.right * scale,
                             px(window.x < px(1200) ? 336
                                : compact           ? 374
                                                    : 456),
                             px(320), wide - left - px(460));
  const float centre = wide - left - right;
  const float x1 = margin, x2 = x1 + left + gap, x3 = x2 + centre + gap;

  const float run = px(compact ? 142 : 148);
  const float experiments_usual = px(compact ? 264 : 344);
  const float rest = height - run - 2 * gap;
  const float settings = Chosen(panes.settings * scale, rest - experiments_usual, px(120), rest - px(216));
  out.run = {x1, top, left, run};
  out.settings = {x1, top + run + gap, left, settings};
  out.experiments = {x1, top + run + settings + 2 * gap, left, rest - settings};

  const float between = effects && !compact ? px(136) + gap : 0;
  const float check = Chosen(panes.check * scale, px(compact ? 262 : 322), px(220), height - gap - between - px(240));
  out.scene = {x2, top, centre, height - check - gap - between};
  if (between > 0) out.effects = {x2, top + out.scene.h + gap, centre, between - gap};
  out.check = {x2, top + height - check, centre, check};

  const float log = Chosen(panes.log * scale, px(compact ? 148 : 226), px(90), height - px(360));
  const float model = Chosen(panes.model * scale, px(compact ? 150 : 178), px(120), height - log - 2 * gap - px(220));
  out.curves = {x3, top, right, height - log - model - 2 * gap};
  out.model = {x3, top + height - log - model - gap, right, model};
  out.log = {x3, top + height - log, right, log};
  return out;
}

Area LargeCurves(const Arrangement& a) {
  return {a.scene.x, a.scene.y, a.curves.x + a.curves.w - a.scene.x, a.log.y + a.log.h - a.scene.y};
}

}  // namespace equipoise::ui
