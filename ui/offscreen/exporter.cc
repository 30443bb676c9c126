#include "ui/offscreen/exporter.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/base/output_file.h"
#include "ui/export/evidence.h"
#include "ui/kit/draw.h"
#include "ui/offscreen/take_away.h"
#include "ui/view/facts.h"
#include "ui/view/filmed.h"

namespace equipoise::ui {
namespace {

std::string DirectoryOf(const PanelContext& context) {
  return context.snapshot.info != nullptr ? context.snapshot.info->directory : "";
}

int EpisodeOf(const PanelContext& context, ShotOf part) { return EpisodeInName(context.snapshot, context.state, part); }

// Writes all of them beside each other; one sentence for the lot.
Result<std::string> WriteAll(const PanelContext& context, ShotOf part, const std::map<std::string, std::string>& files,
                             const std::string& extension) {
  OutputRule rule;
  rule.endings = {extension};
  if (files.empty()) return Error{"There is nothing to write: no episode has been acted, or none is in sight."};
  std::string last;
  for (const auto& [name, text] : files) {
    // The table of steps is of the scene's episode, whatever it was written with.
    const int episode = EpisodeOf(context, name == "steps" ? ShotOf::kScene : part);
    last = ExportPath(DirectoryOf(context), name, episode, extension);
    if (Status written = WriteOutput(last, text, rule); !written) return written.error();
  }
  if (files.size() == 1) return "Saved: " + last;
  std::string names;
  for (const auto& [name, text] : files) names += (names.empty() ? "" : ", ") + name;
  return std::to_string(files.size()) + " files saved in " + last.substr(0, last.rfind('/')) + ": " + names;
}

}  // namespace

ShotSpec Exporter::ShotFor(const TakeAwayRequest& request) const {
  if (request.part != ShotOf::kWindow) return UsualShot(request.part, request.scale);
  ShotSpec spec = window_;
  spec.scale *= request.scale;
  return spec;
}

Result<std::string> Exporter::Export(PanelContext& context, const TakeAwayRequest& request) const {
  using What = TakeAwayRequest::What;
  const std::string directory = DirectoryOf(context), part = Name(request.part);
  switch (request.what) {
    case What::kPicture: {
      const Result<Picture> picture = shooter_->Take(context, ShotFor(request));
      if (!picture) return picture.error();
      const std::string path = ExportPath(directory, part, EpisodeOf(context, request.part), ".png");
      if (Status written = WritePng(picture.value(), path); !written) return written.error();
      return "Picture saved: " + path;
    }
    case What::kPlots:
      return WriteAll(context, request.part, PlotsAsSvg(context, shooter_, request.part), ".svg");
    case What::kVisibleData:
      return WriteAll(context, request.part,
                      TablesOf(context.snapshot, context.state, request.part,
                               VisibleEpisodes(context.snapshot, context.state.view.curves)),
                      ".csv");
    case What::kAllData:
      return WriteAll(context, request.part, TablesOf(context.snapshot, context.state, request.part, std::nullopt),
                      ".csv");
    case What::kFrames:
    case What::kVideo:
      break;
  }
  return Error{"A film is made beside the window."};
}

Result<FilmOrder> OrderFilm(const PanelContext& context, const TakeAwayRequest& request, const Scene* scene) {
  const run::Snapshot& snapshot = context.snapshot;
  FilmOrder order;
  const Filmed filmed = FilmedNow(context);
  if (filmed.steps() == 0 || snapshot.info == nullptr) return Error{"There is no episode to make a film of yet."};
  order.trace = filmed.trace;
  order.imagined = filmed.imagined;
  order.lanes = context.state.scene.imagined.lanes;
  order.colors = ImaginedColorsNow();
  const bool video = request.what == TakeAwayRequest::What::kVideo;
  order.path = ExportPath(DirectoryOf(context), Name(ShotOf::kScene), std::max(0, filmed.episode()),
                          std::string(filmed.imagined != nullptr ? "-imagined" : "") + (video ? ".mp4" : "-frames"));
  order.frames_per_second = request.frames_per_second;
  order.speed = request.film_speed;
  const ShotSpec size = UsualShot(ShotOf::kScene, request.scale);
  order.width = static_cast<int>(std::lround(size.width * size.scale));
  order.height = static_cast<int>(std::lround(size.height * size.scale));
  order.task = SettingsOf(snapshot).run.task;
  order.step_seconds = snapshot.info->task.control_dt_seconds;
  order.actor = order.trace != nullptr ? ActorColor(ActorOf(PartsOf(snapshot), order.trace->pick, order.trace->reason))
                                       : order.colors.real;
  order.light = context.state.view.light;
  order.show = context.state.scene.show;
  if (scene != nullptr) order.viewpoint = scene->viewpoint();
  return order;
}

Result<std::string> Exporter::ExportEvidence(PanelContext& context) const {
  const Result<Picture> picture = shooter_->Take(context, window_);
  if (!picture) return picture.error();
  EvidenceSpec spec;
  spec.folder = ExportPath(DirectoryOf(context), "evidence", EpisodeOf(context, ShotOf::kWindow), "");
  spec.episode = context.state.selection.episode;
  spec.range = VisibleEpisodes(context.snapshot, context.state.view.curves);
  if (Status written = WriteEvidence(context.snapshot, picture.value(), spec); !written) return written.error();
  return "Evidence saved: " + spec.folder + " (picture, data, settings, decision, command)";
}

}  // namespace equipoise::ui
