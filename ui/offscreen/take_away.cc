#include "ui/offscreen/take_away.h"

#include <algorithm>
#include <utility>

#include "engine/config/task_name.h"
#include "ui/panels/curves/curve_data.h"
#include "ui/panels/curves/other_runs.h"
#include "ui/plot/chart_recorder.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

const run::EpisodeSummary* RecordShown(const run::Snapshot& snapshot, const Selection& selection) {
  if (selection.episode)
    if (const run::EpisodeSummary* record = FindEpisode(snapshot, *selection.episode)) return record;
  if (snapshot.episodes == nullptr || snapshot.episodes->empty()) return nullptr;
  return snapshot.episodes->back().get();
}

run::Shared<eps::Decision> DecisionShown(const run::Snapshot& snapshot, const Selection& selection) {
  const run::EpisodeSummary* record = selection.episode ? RecordShown(snapshot, selection) : nullptr;
  const auto decision = record != nullptr ? run::WholeDecision(*record) : snapshot.decision;
  return decision != nullptr && decision->checked ? decision : nullptr;
}

std::string NoteOf(const run::Snapshot& snapshot) {
  std::string note = snapshot.info != nullptr ? snapshot.info->name : "";
  const config::Settings& s = SettingsOf(snapshot);
  note += (note.empty() ? "" : ": ") + config::TaskStem(s.run.task) + ", " + s.run.agent + ", " + s.run.preset +
          ", seed " + std::to_string(s.run.seed);
  return note + (snapshot.steered ? ", steered" : "");
}

}  // namespace

std::optional<EpisodeRange> VisibleEpisodes(const run::Snapshot& snapshot, const CurvesView& curves) {
  if (curves.x.fit || snapshot.episodes == nullptr) return std::nullopt;
  const CurveData data = BuildCurves(*snapshot.episodes, {curves.x_axis, 0, 0, 20, PartsOf(snapshot)});
  std::optional<EpisodeRange> range;
  for (size_t i = 0; i < data.size(); ++i) {
    if (data.x[i] < curves.x.lo || data.x[i] > curves.x.hi) continue;
    if (!range) range = EpisodeRange{data.episode[i], data.episode[i]};
    range->last = data.episode[i];
  }
  return range ? range : EpisodeRange{1, 0};  // nothing is in sight
}

std::map<std::string, std::string> PlotsAsSvg(PanelContext& context, Shooter* shooter, ShotOf part) {
  std::map<std::string, std::string> plots;
  const std::string note = NoteOf(context.snapshot);
  const auto is_wanted = [part](const std::string& id) {
    switch (part) {
      case ShotOf::kWindow:
        return true;
      case ShotOf::kScene:
        return false;
      case ShotOf::kCurves:
        return id != "check" && id != "error";  // whichever the person has chosen to see
      case ShotOf::kCheck:
        return id == "check";
      case ShotOf::kModel:
        return id == "error";
    }
    return false;
  };
  if (part != ShotOf::kCheck) {
    const ChartRecorder recorder(note);
    shooter->Lay(context, UsualShot(part, 1));
    for (const auto& [id, svg] : recorder.charts())
      if (is_wanted(id)) plots[id] = svg;
  }
  const auto decision = DecisionShown(context.snapshot, context.state.selection);
  if (is_wanted("check") && decision != nullptr) {
    SvgOptions options;
    options.title = eps::Sentence(*decision, PartsOf(context.snapshot));
    options.note = "episode " + std::to_string(decision->episode) + (note.empty() ? "" : ", ") +
                   (context.snapshot.info != nullptr ? context.snapshot.info->name : "");
    plots["check"] = DecisionSvg(*decision, PartsOf(context.snapshot), options);
  }
  return plots;
}

std::map<std::string, std::string> TablesOf(const run::Snapshot& snapshot, const UiState& state, ShotOf part,
                                            std::optional<EpisodeRange> range) {
  std::map<std::string, std::string> tables;
  const bool window = part == ShotOf::kWindow;
  if (window || part == ShotOf::kCurves) {
    if (HasEpisodes(snapshot, range)) tables["episodes"] = EpisodesCsv(snapshot, range);
    if (!state.view.curves.others.empty()) {  // what is drawn with this run is taken away with it
      std::vector<NamedEpisodes> runs = {{RunName(snapshot), snapshot.episodes}};
      OtherRuns reader;
      for (const auto& run : reader.Of(state.view.curves.others, 0, true)) runs.push_back({run->name, run->episodes});
      tables["runs"] = RunsCsv(runs, range);
    }
    if (snapshot.events != nullptr && !snapshot.events->empty()) tables["events"] = EventsCsv(snapshot);
  }
  if (window || part == ShotOf::kCheck)
    if (const auto decision = DecisionShown(snapshot, state.selection)) tables["check"] = DecisionCsv(*decision);
  if (window || part == ShotOf::kModel) {
    const run::EpisodeSummary* record = RecordShown(snapshot, state.selection);
    const auto whole = record != nullptr && record->open_loop.steps > 0 ? run::Whole(*record) : nullptr;
    if (whole != nullptr) tables["model"] = OpenLoopCsv(*whole);
  }
  // Of the episode in the scene: a chosen one, else the last.
  const auto& trace = state.scene.playback.pinned() ? state.scene.playback.trace() : snapshot.trace;
  if ((window || part == ShotOf::kScene) && trace != nullptr && snapshot.info != nullptr)
    tables["steps"] = TraceCsv(*trace, snapshot.info->task);
  return tables;
}

}  // namespace equipoise::ui
