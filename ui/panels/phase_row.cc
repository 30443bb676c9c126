#include "ui/panels/phase_row.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

using run::Phase;

enum class Stage { kWaiting, kActive, kDone };

struct Cell {
  Phase phase;
  float weight;  // share of the row
  Stage stage = Stage::kWaiting;
};

// Collecting comes first, as the data that learning starts from; it turns to the end while an episode is being acted,
// since that ends the cycle.
std::vector<Cell> CellsOf(const run::Snapshot& snapshot) {
  const bool random = Progress(snapshot, Phase::kRandom).active;
  const bool acting = Progress(snapshot, Phase::kAct).active;
  std::vector<Cell> cells;
  if (random || !acting) cells.push_back({random ? Phase::kRandom : Phase::kAct, 0.16f});
  cells.push_back({Phase::kModelFit, 0.185f});
  cells.push_back({Phase::kModelPolicy, 0.27f});
  cells.push_back({Phase::kSac, 0.22f});
  cells.push_back({Phase::kCheck, 0.165f});
  if (acting && !random) cells.push_back({Phase::kAct, 0.16f});
  cells.erase(std::remove_if(cells.begin(), cells.end(),
                             [&](const Cell& cell) {
                               const auto& p = Progress(snapshot, cell.phase);
                               return cell.phase != Phase::kAct && !p.used;
                             }),
              cells.end());
  for (Cell& cell : cells) {
    const run::PhaseProgress& p = Progress(snapshot, cell.phase);
    const bool collected_before = cell.phase == Phase::kAct && !acting && !snapshot.episodes->empty();
    if (snapshot.state == run::RunState::kFinished) {
      cell.stage = Stage::kDone;  // the cycle came to its end, also where this process has not seen it
    } else if (p.active) {
      cell.stage = Stage::kActive;
    } else if (collected_before || (p.total > 0 && p.done >= p.total)) {
      cell.stage = Stage::kDone;
    }
  }
  return cells;
}

ImU32 PhaseColor(Phase phase) {
  if (phase == Phase::kModelPolicy) return Colors().model_based;
  if (phase == Phase::kSac) return Colors().model_free;
  return Colors().secondary;
}

std::string DetailOf(const run::Snapshot& snapshot, const Cell& cell, bool compact) {
  const run::PhaseProgress& p = Progress(snapshot, cell.phase);
  const int horizon = snapshot.info != nullptr ? snapshot.info->horizon : 0;
  const int total = p.total > 0 ? p.total : cell.phase == Phase::kAct ? horizon : 0;
  const config::Settings& s = SettingsOf(snapshot);
  const bool frozen = (cell.phase == Phase::kModelFit && s.model.steps == 0) ||
                      (cell.phase == Phase::kModelPolicy && s.mb.steps == 0) ||
                      (cell.phase == Phase::kSac && s.sac.updates_per_step == 0);
  if (frozen) return "frozen";
  if (total <= 0) return "";
  if (cell.stage == Stage::kActive) return Format(compact ? "%d/%d" : "%d of %d", p.done, total);
  // A check may end at the first mask that settles it.
  if (cell.phase == Phase::kCheck && cell.stage == Stage::kDone && snapshot.decision != nullptr &&
      snapshot.decision->evaluated < snapshot.decision->masks) {
    return Format("%d of %d", snapshot.decision->evaluated, snapshot.decision->masks);
  }
  return PhaseAmount(cell.phase, total);
}

// Where not even the short title has room.
std::string BriefTitle(Phase phase) {
  if (phase == Phase::kModelFit) return "Fit";
  if (phase == Phase::kModelPolicy) return "MB";
  if (phase == Phase::kAct) return "Act";
  return PhaseTitle(phase, true);
}

void DrawCell(const run::Snapshot& snapshot, const Cell& cell, ImVec2 a, ImVec2 b, bool compact) {
  const Palette& c = Colors();
  const float middle = (a.y + b.y) * 0.5f;
  const bool active = cell.stage == Stage::kActive;
  const ImU32 color = PhaseColor(cell.phase);
  Rect(a, b, active ? c.field : c.raised, Px(4));
  if (active) {
    const float filled = a.x + (b.x - a.x) * static_cast<float>(Share(Progress(snapshot, cell.phase)));
    DrawList()->PushClipRect(a, {filled, b.y}, true);
    Rect(a, b, WithAlpha(color, c.light ? 0.28f : 0.36f), Px(4));
    DrawList()->PopClipRect();
    Frame(a, b, color, Px(4), Px(1.3f));
  }
  float x = a.x + Px(8);
  if (cell.stage == Stage::kDone) x += TextMiddle(GetFonts().small, {x, middle}, c.good, icon::kCheck) + Px(4);
  if (cell.phase == Phase::kModelPolicy || cell.phase == Phase::kSac) {
    const Actor actor = cell.phase == Phase::kSac ? Actor::kModelFree : Actor::kModelBased;
    ActorGlyph({x + Px(4), middle}, Px(3.6f), actor, cell.stage == Stage::kWaiting ? 0.5f : 1);
    x += Px(13);
  } else if (active) {
    DrawList()->AddCircleFilled({x + Px(3), middle}, Px(3.5f), c.text, 16);
    x += Px(12);
  }
  const ImU32 ink = cell.stage == Stage::kWaiting ? c.faint : c.text;
  const std::string detail = DetailOf(snapshot, cell, compact);
  const float detail_width = TextWidth(GetFonts().small, detail), room = b.x - Px(8) - x;
  std::string title = PhaseTitle(cell.phase, false);
  if (TextWidth(GetFonts().small, title) + detail_width + Px(10) > room) title = PhaseTitle(cell.phase, true);
  if (TextWidth(GetFonts().small, title) > room) title = BriefTitle(cell.phase);
  const float title_width = TextMiddleElided(GetFonts().small, {x, middle}, ink, title, room);
  if (title_width + Px(8) + detail_width <= room) {
    TextMiddle(GetFonts().small, {b.x - Px(8) - detail_width, middle}, active ? c.text : c.faint, detail);
  }
}

// An arrow to the next phase, or two bars where both run beside each other.
void DrawLink(ImVec2 middle, bool beside) {
  const Palette& c = Colors();
  if (beside) {
    for (float side : {-1.0f, 1.0f}) {
      const float x = middle.x + side * Px(2.5f);
      Line({x, middle.y - Px(5)}, {x, middle.y + Px(5)}, c.secondary, Px(1.5f));
    }
    return;
  }
  Path({{middle.x - Px(3), middle.y - Px(4)}, {middle.x + Px(2), middle.y}, {middle.x - Px(3), middle.y + Px(4)}},
       c.faint, Px(1.5f));
}

std::string PaceOf(const run::Snapshot& snapshot) {
  if (snapshot.state == run::RunState::kFinished) return "all episodes done";
  if (snapshot.state == run::RunState::kStopped) return "stopped";
  const double seconds = SecondsPerEpisode(snapshot);
  if (!std::isfinite(seconds)) return "";
  if (seconds >= 120) return Format("one episode takes %.0f min", seconds / 60);
  if (seconds < 0.05) return "20 or more episodes a second";
  return Format(seconds >= 10 ? "one episode takes %.0f s" : "one episode takes %.1f s", seconds);
}

}  // namespace

void DrawPhaseRow(PanelContext& context, ImVec2 size) {
  const Palette& c = Colors();
  const run::Snapshot& snapshot = context.snapshot;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + size.y * 0.5f, half = Px(11), gap = Px(size.x < Px(760) ? 14 : 20);
  Rect(at, {at.x + size.x, at.y + size.y}, c.card);
  Line({at.x, at.y + size.y - 0.5f}, {at.x + size.x, at.y + size.y - 0.5f}, c.line);
  const bool random = Progress(snapshot, Phase::kRandom).active;
  const bool finished = snapshot.state == run::RunState::kFinished;
  const bool narrow = size.x < Px(760);
  const std::string towards = random   ? "Before learning"
                              : narrow ? Format("Episode %d", snapshot.episode)
                                       : Format(finished ? "After episode %d" : "Towards episode %d", snapshot.episode);
  float x = at.x + Px(16);
  x += TextMiddle(GetFonts().small, {x, middle}, c.secondary, towards) + Px(14);
  const std::string pace = narrow ? "" : PaceOf(snapshot);
  const float pace_width = pace.empty() ? 0 : TextWidth(GetFonts().small, pace) + Px(16);
  TextMiddle(GetFonts().small, {at.x + size.x - pace_width, middle}, c.secondary, pace);

  const std::vector<Cell> cells = CellsOf(snapshot);
  float weights = 0;
  for (const Cell& cell : cells) weights += cell.weight;
  const float room = at.x + size.x - pace_width - Px(16) - x - gap * static_cast<float>(cells.size() - 1);
  for (size_t i = 0; i < cells.size(); ++i) {
    const float width = room * cells[i].weight / weights;
    DrawCell(snapshot, cells[i], {x, middle - half}, {x + width, middle + half}, context.state.compact);
    x += width;
    if (i + 1 == cells.size()) break;
    const bool beside = cells[i].phase == Phase::kModelPolicy && cells[i + 1].phase == Phase::kSac &&
                        SettingsOf(snapshot).run.threads > 1;
    DrawLink({x + gap * 0.5f, middle}, beside);
    x += gap;
  }
}

}  // namespace equipoise::ui
