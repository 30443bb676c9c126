#include "ui/workspace/run_arrangement.h"

#include <algorithm>
#include <cmath>

#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr float kGap = 8, kWhoActs = 176;  // a sentence, and the strip of who acted

// Without the tab of a card that has nothing to show, unless it is the one that is open.
void DropTab(Page page, Tabs* tabs) {
  if (tabs->shown == page) return;
  tabs->pages.erase(std::remove(tabs->pages.begin(), tabs->pages.end(), page), tabs->pages.end());
}

}  // namespace

Arrangement ArrangeForRun(const run::Snapshot& snapshot, ImVec2 window, float scale, const PaneSizes& panes,
                          const Wishes& wishes) {
  Arrangement a = Arrange(window, scale, panes, wishes);
  const nets::PartList& parts = PartsOf(snapshot);
  if (parts.empty()) return a;  // not known yet
  const float gap = std::floor(kGap * scale + 0.5f);
  if (!parts.HasModel()) {
    for (Tabs& tabs : a.tabs) DropTab(Page::kModel, &tabs);
    if (a.model.h > 0 && a.curves.h > 0) {
      a.curves.h += gap + a.model.h;
      a.model = {};
    }
  }
  const bool plans = snapshot.live.plan != nullptr;
  const float enough = std::floor(kWhoActs * scale);
  if (!Compares(snapshot) && !plans && a.scene.h > 0 && a.check.h > enough) {
    const float spare = a.check.h - enough;
    a.scene.h += spare;
    a.effects.y += spare;
    a.check.y += spare;
    a.check.h = enough;
  }
  return a;
}

}  // namespace equipoise::ui
