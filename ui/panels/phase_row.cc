#include "ui/panels/phase_row.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"
#include "ui/view/glossary.h"

namespace equipoise::ui {
namespace {

using run::StageProgress;

enum class State { kWaiting, kActive, kDone };

constexpr double kSlowStep = 3;  // seconds, from which on the first step of a phase is timed in words

struct Cell {
  const StageProgress* stage;
  float weight;  // share of the row
  State state = State::kWaiting;
};

float WeightOf(const StageProgress& stage, const nets::PartList& parts) {
  if (!stage.learns()) return stage.id == run::kCheckStage ? 0.165f : 0.16f;
  const nets::PartInfo* part = parts.Find(stage.id);
  if (part == nullptr || !part->acts()) return 0.185f;
  return part->kind == nets::PartInfo::Kind::kModelBased ? 0.27f : 0.22f;
}

// Collecting comes first, as the data that learning starts from; it turns to the end while an episode is being acted,
// since that ends the cycle.
std::vector<Cell> CellsOf(const run::Snapshot& snapshot) {
  const bool random = IsActive(snapshot, run::kRandomStage), acting = IsActive(snapshot, run::kActStage);
  std::vector<Cell> cells;
  const auto add = [&](const StageProgress* stage) {
    if (stage != nullptr) cells.push_back({stage, WeightOf(*stage, PartsOf(snapshot))});
  };
  const StageProgress* collect = snapshot.StageOf(run::kActStage);
  if (random || !acting) add(random ? snapshot.StageOf(run::kRandomStage) : collect);
  for (const StageProgress& stage : snapshot.stages)
    if (stage.learns() || stage.id == run::kCheckStage) add(&stage);
  if (acting && !random) add(collect);
  for (Cell& cell : cells) {
    const StageProgress& p = *cell.stage;
    const bool collected_before = p.id == run::kActStage && !acting && !snapshot.episodes->empty();
    // At the end of the run the cycle came to its end, also where this process has not seen it.
    const bool finished = snapshot.state == run::RunState::kFinished;
    if (p.active && !finished) {
      cell.state = State::kActive;
    } else if (finished || collected_before || (p.total > 0 && p.done >= p.total)) {
      cell.state = State::kDone;
    }
  }
  return cells;
}

std::string DetailOf(const run::Snapshot& snapshot, const Cell& cell, bool compact) {
  const StageProgress& p = *cell.stage;
  if (p.learns() && p.total == 0) return p.waits.empty() ? "frozen" : p.waits;
  if (p.total <= 0) return "";
  if (cell.state == State::kActive) {
    const std::string count = Format(compact ? "%d/%d" : "%d of %d", p.done, p.total);
    return p.done == 0 && p.seconds >= kSlowStep ? count + Format(", %.0f s", p.seconds) : count;
  }
  // A check may end at the first mask that settles it.
  if (p.id == run::kCheckStage && cell.state == State::kDone && snapshot.decision != nullptr &&
      snapshot.decision->evaluated < snapshot.decision->masks) {
    return Format("%d of %d", snapshot.decision->evaluated, snapshot.decision->masks);
  }
  return StageAmount(p, p.total);
}

// What this phase is for, and where it stands.
void ExplainCell(const run::Snapshot& snapshot, const Cell& cell, ImVec2 a, ImVec2 b) {
  const nets::PartList& parts = PartsOf(snapshot);
  const nets::PartInfo* part = parts.Find(cell.stage->id);
  const std::string title = TitlesOf(*cell.stage, parts).whole;
  std::string now = cell.state == State::kDone     ? "Done for this episode: "
                    : cell.state == State::kActive ? "Under way, "
                                                   : "Still to come: ";
  now += DetailOf(snapshot, cell, false) + ".";
  if (cell.stage->total <= 0 && DetailOf(snapshot, cell, false).empty()) now.clear();
  if (part != nullptr) {
    Explain(a, b, title, now, PartSentence(*part));
  } else {
    Explain(a, b, cell.stage->id == run::kCheckStage ? "The check" : title, now);
  }
}

void DrawCell(const run::Snapshot& snapshot, const Cell& cell, ImVec2 a, ImVec2 b, bool compact) {
  const Palette& c = Colors();
  const nets::PartList& parts = PartsOf(snapshot);
  const float middle = (a.y + b.y) * 0.5f;
  const bool active = cell.state == State::kActive;
  const Actor actor = LearnerOf(parts, eps::Pick::Of(cell.stage->id));
  const ImU32 color = actor.random() ? c.secondary : ActorColor(actor);
  Rect(a, b, active ? c.field : c.raised, Px(4));
  if (active) {
    const float filled = a.x + (b.x - a.x) * static_cast<float>(Share(*cell.stage));
    DrawList()->PushClipRect(a, {filled, b.y}, true);
    Rect(a, b, WithAlpha(color, c.light ? 0.28f : 0.36f), Px(4));
    DrawList()->PopClipRect();
    Frame(a, b, color, Px(4), Px(1.3f));
  }
  float x = a.x + Px(8);
  if (cell.state == State::kDone) x += TextMiddle(GetFonts().small, {x, middle}, c.good, icon::kCheck) + Px(4);
  if (!actor.random()) {
    ActorGlyph({x + Px(4), middle}, Px(3.6f), actor, cell.state == State::kWaiting ? 0.5f : 1);
    x += Px(13);
  } else if (active) {
    DrawList()->AddCircleFilled({x + Px(3), middle}, Px(3.5f), c.text, 16);
    x += Px(12);
  }
  ExplainCell(snapshot, cell, a, b);
  const ImU32 ink = cell.state == State::kWaiting ? c.faint : c.text;
  const std::string detail = DetailOf(snapshot, cell, compact);
  const float detail_width = TextWidth(GetFonts().small, detail), room = b.x - Px(8) - x;
  const StageTitles titles = TitlesOf(*cell.stage, parts);
  std::string title = titles.whole;
  if (TextWidth(GetFonts().small, title) + detail_width + Px(10) > room) title = titles.compact;
  if (TextWidth(GetFonts().small, title) > room) title = titles.brief;
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
  const bool random = IsActive(snapshot, run::kRandomStage);
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
    DrawCell(snapshot, cells[i], {x, middle - half}, {x + width, middle + half}, context.state.window.compact);
    x += width;
    if (i + 1 == cells.size()) break;
    const bool beside = SettingsOf(snapshot).run.threads > 1 && cells[i].stage->lane >= 0 &&
                        cells[i + 1].stage->lane > cells[i].stage->lane;
    DrawLink({x + gap * 0.5f, middle}, beside);
    x += gap;
  }
}

}  // namespace equipoise::ui
