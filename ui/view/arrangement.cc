#include "ui/view/arrangement.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace equipoise::ui {
namespace {

float Chosen(float chosen, float usual, float lowest, float highest) {
  return std::floor(std::clamp(chosen > 0 ? chosen : usual, lowest, std::max(lowest, highest)));
}

}  // namespace

const char* Name(Page page) {
  switch (page) {
    case Page::kScene:
      return "Scene";
    case Page::kCheck:
      return "Check";
    case Page::kCurves:
      return "Curves";
    case Page::kModel:
      return "Model";
    case Page::kLog:
      return "Log";
    case Page::kControls:
      return "Controls";
    case Page::kExperiments:
      return "Experiments";
    case Page::kCount:
      break;
  }
  return "";
}

namespace {

float Fitting(ImVec2 window, float wanted, float width, float height) {
  const float fits = std::min(window.x / width, window.y / height);
  return std::max(0.5f, std::floor(std::min(wanted, fits) * 20 + 0.01f) / 20);
}

struct Pixels {
  float scale;
  float operator()(float length) const { return std::floor(length * scale + 0.5f); }
};

// The upper part of an area and, below the gap, the rest.
std::pair<Area, Area> Stack(const Area& area, float upper, float gap) {
  return {{area.x, area.y, area.w, upper}, {area.x, area.y + upper + gap, area.w, area.h - upper - gap}};
}

// The cards of a page. Run and settings stand beside each other where there is more width than height.
void Place(Page page, const Area& area, const Pixels& px, bool with_model, bool with_phases, Arrangement* out) {
  const float gap = px(8), run = px(142);
  switch (page) {
    case Page::kScene:
      out->scene = area;
      break;
    case Page::kCheck:
      out->check = area;
      break;
    case Page::kCurves:
      out->curves = area;
      if (with_model) std::tie(out->curves, out->model) = Stack(area, area.h - px(150) - gap, gap);
      break;
    case Page::kModel:
      out->model = area;
      break;
    case Page::kLog:
      out->log = area;
      break;
    case Page::kControls: {
      Area rest = area;
      if (with_phases) std::tie(out->phase_row, rest) = Stack(area, px(34), gap);
      if (rest.w < px(500)) {
        std::tie(out->run, out->settings) = Stack(rest, run, gap);
      } else {
        const float left = std::min(px(300), std::floor(0.5f * (rest.w - gap)));
        out->run = {rest.x, rest.y, left, std::min(run, rest.h)};
        out->settings = {rest.x + left + gap, rest.y, rest.w - left - gap, rest.h};
      }
      break;
    }
    case Page::kExperiments:
      out->experiments = area;
      break;
    case Page::kCount:
      break;
  }
}

// Opens a row of tabs at the top of `area`; what is left for the page of the one that is shown.
Area AddTabs(std::vector<Page> pages, const PageChoice& choice, bool second, const Area& area, const Pixels& px,
             Arrangement* out) {
  const Page wanted = second ? choice.second : choice.first;
  const bool known = std::find(pages.begin(), pages.end(), wanted) != pages.end();
  const auto [row, rest] = Stack(area, px(28), px(6));
  out->tabs.push_back({row, std::move(pages), wanted, second});
  if (!known) out->tabs.back().shown = out->tabs.back().pages.front();
  return rest;
}

// Fewer cards at a time, in `area`.
void ArrangePages(const Area& area, const Pixels& px, const Wishes& wishes, bool with_phases, Arrangement* out) {
  const float gap = px(8);
  const PageChoice& choice = wishes.pages;
  const bool two = !wishes.presents && !with_phases && area.w >= px(800) && area.h >= px(370);
  if (!two) {
    const Area rest = AddTabs(
        {Page::kScene, Page::kCheck, Page::kCurves, Page::kModel, Page::kLog, Page::kControls, Page::kExperiments},
        choice, false, area, px, out);
    Place(out->tabs[0].shown, rest, px, false, with_phases, out);
    return;
  }
  if (wishes.large) {
    Place(*wishes.large, area, px, false, false, out);
    return;
  }
  const float side = std::clamp(std::floor(0.37f * area.w), px(320), px(420));
  const Area left{area.x, area.y, area.w - side - gap, area.h};
  const Area right{left.x + left.w + gap, area.y, side, area.h};
  if (left.h >= px(560)) {
    std::tie(out->scene, out->check) = Stack(left, left.h - px(248) - gap, gap);
  } else {
    const Area rest = AddTabs({Page::kScene, Page::kCheck}, choice, false, left, px, out);
    Place(out->tabs.back().shown, rest, px, false, false, out);
  }
  const bool with_model = right.h >= px(400);
  std::vector<Page> pages = {Page::kCurves, Page::kModel, Page::kLog, Page::kControls, Page::kExperiments};
  if (with_model) pages.erase(pages.begin() + 1);
  const Area rest = AddTabs(std::move(pages), choice, true, right, px, out);
  Place(out->tabs.back().shown, rest, px, with_model, false, out);
}

// Everything at once, between `top` and the status line.
void ArrangeColumns(ImVec2 window, float scale, const PaneSizes& panes, const Wishes& wishes, float top,
                    Arrangement* out) {
  const Pixels px{scale};
  const bool compact = out->compact;
  const float gap = px(8), margin = px(8), height = out->status.y - top - px(2);
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
  out->run = {x1, top, left, run};
  out->settings = {x1, top + run + gap, left, settings};
  out->experiments = {x1, top + run + settings + 2 * gap, left, rest - settings};
  if (wishes.large && *wishes.large <= Page::kLog) {
    Place(*wishes.large, {x2, top, x3 + right - x2, height}, px, false, false, out);
    return;
  }

  const float between = wishes.effects && !compact ? px(136) + gap : 0;
  const float check = Chosen(panes.check * scale, px(compact ? 262 : 322), px(220), height - gap - between - px(240));
  out->scene = {x2, top, centre, height - check - gap - between};
  if (between > 0) out->effects = {x2, top + out->scene.h + gap, centre, between - gap};
  out->check = {x2, top + height - check, centre, check};

  const float log = Chosen(panes.log * scale, px(compact ? 148 : 226), px(90), height - px(360));
  const float model = Chosen(panes.model * scale, px(compact ? 150 : 178), px(120), height - log - 2 * gap - px(220));
  out->curves = {x3, top, right, height - log - model - 2 * gap};
  out->model = {x3, top + height - log - model - gap, right, model};
  out->log = {x3, top + height - log, right, log};
}

}  // namespace

float FittingScale(ImVec2 window, float wanted, bool run_tabs) {
  return Fitting(window, wanted, kLeastWidth, kLeastHeight + (run_tabs ? kRunTabsHeight : 0));
}
float WholeScale(ImVec2 window, float wanted) { return Fitting(window, wanted, kColumnsWidth, kColumnsHeight); }

Arrangement Arrange(ImVec2 window, float scale, const PaneSizes& panes, const Wishes& wishes) {
  const Pixels px{scale};
  const float margin = px(8), bar = px(46), row = px(34), status = px(24);
  Arrangement out;
  const float tabs = wishes.run_tabs ? px(kRunTabsHeight) : 0, height = window.y - tabs;
  if (wishes.run_tabs) out.run_tabs = {0, 0, window.x, tabs};
  out.compact = height < px(900) || window.x < px(1400);
  out.top_bar = {0, tabs, window.x, bar};
  out.phase_row = {0, tabs + bar, window.x, row};
  // An audience needs no status line; its height counts as the margin of what is shown.
  const float below = wishes.presents ? px(6) : status;
  if (!wishes.presents) out.status = {margin, window.y - status, window.x - 2 * margin, status};
  const bool columns = !wishes.presents && window.x >= px(kColumnsWidth) && height >= px(kColumnsHeight);
  if (columns) {
    ArrangeColumns(window, scale, panes, wishes, tabs + bar + row + margin, &out);
    return out;
  }
  // In a low window what the learners do stands beside what can be done about it.
  const bool low = height < px(460);
  if (low) out.phase_row = {};
  const float from = tabs + (low ? bar + px(6) : bar + row + margin);
  ArrangePages({margin, from, window.x - 2 * margin, window.y - from - below - px(2)}, px, wishes, low, &out);
  return out;
}

}  // namespace equipoise::ui
