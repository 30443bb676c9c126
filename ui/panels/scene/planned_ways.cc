#include "ui/panels/scene/planned_ways.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

constexpr float kFaintest = 0.12f, kPlainest = 0.45f;  // opacity of the worst and of the best candidate shown

// Null: there is none, or another body is shown.
const plan::PlanTrace* PlanOf(const run::Snapshot& snapshot, const Moment& moment) {
  const run::LiveStep& live = snapshot.live;
  return moment.live && live.acting && live.plan != nullptr && live.plan->step < live.step + 1 ? live.plan.get()
                                                                                               : nullptr;
}

}  // namespace

void AddPlannedWays(const run::Snapshot& snapshot, const Moment& moment, ImU32 color, Scene::Frame* frame) {
  const plan::PlanTrace* plan = PlanOf(snapshot, moment);
  if (plan == nullptr || frame->qpos == nullptr) return;
  const auto poses = [&](const std::vector<double>& path) {
    return static_cast<int>(path.size()) / std::max(1, moment.qpos_size);
  };
  const auto add = [&](const std::vector<double>& path, ImU32 tone, bool bold) {
    const int last = poses(path) - 1, from = std::clamp(moment.step - plan->step, 0, std::max(0, last));
    if (last > from) frame->ways.push_back({path.data(), from, last, tone, bold});
  };
  const size_t shown = plan->candidates.size();
  for (size_t i = shown; i-- > 0;) {  // the best ones last, on top
    const plan::PlanTrace::Candidate& c = plan->candidates[i];
    if (!std::isfinite(c.score)) continue;
    const float rank = shown > 1 ? static_cast<float>(i) / static_cast<float>(shown - 1) : 0.0f;
    add(c.poses, WithAlpha(color, kPlainest + rank * (kFaintest - kPlainest)), false);
  }
  add(plan->poses, color, true);
}

void DrawPlanPill(const run::Snapshot& snapshot, const Moment& moment, ImVec2 a, ImVec2 b) {
  const plan::PlanTrace* plan = PlanOf(snapshot, moment);
  if (plan == nullptr) return;
  const auto passed = static_cast<size_t>(std::max(0, moment.step - plan->step));
  double left = 0;
  for (size_t t = passed; t < plan->promised.size(); ++t) left += plan->promised[t];
  std::string text = plan->sound ? "Planned at step " + std::to_string(plan->step) + ": " + Brief(left) + " to come"
                                 : "No plan: no candidate had a finite return";
  if (plan->sound && !plan->rounds.empty() && plan->rounds.size() > 1)
    text += ", best of " + std::to_string(plan->rounds.size()) + " rounds";
  const float pad = Px(10), height = Px(24);
  text = Elide(GetFonts().small, text, (b.x - a.x) * 0.5f - 2 * pad);
  const ImVec2 p{a.x + pad, a.y + pad};
  const ImVec2 q{p.x + TextWidth(GetFonts().small, text) + Px(20), p.y + height};
  Rect(p, q, Colors().scrim, Px(5));
  TraceWidget("scene.plan", p, q);
  TextMiddle(GetFonts().small, {p.x + Px(10), p.y + height * 0.5f}, Colors().text, text);
}

}  // namespace equipoise::ui
