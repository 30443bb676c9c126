#include "ui/exporter.h"

#include <algorithm>
#include <utility>

#include "engine/base/output_file.h"
#include "ui/evidence.h"
#include "ui/take_away.h"

namespace equipoise::ui {
namespace {

std::string DirectoryOf(const PanelContext& context) {
  return context.snapshot.info != nullptr ? context.snapshot.info->directory : "";
}

int EpisodeOf(const PanelContext& context) { return EpisodeInName(context.snapshot, context.state); }

// Writes all of them beside each other; one sentence for the lot.
Result<std::string> WriteAll(const PanelContext& context, const std::map<std::string, std::string>& files,
                             const std::string& extension) {
  OutputRule rule;
  rule.endings = {extension};
  if (files.empty()) return Error{"There is nothing to write: no episode has been acted, or none is in sight."};
  std::string last;
  for (const auto& [name, text] : files) {
    last = ExportPath(DirectoryOf(context), name, EpisodeOf(context), extension);
    if (Status written = WriteOutput(last, text, rule); !written) return written.error();
  }
  if (files.size() == 1) return "Saved: " + last;
  std::string names;
  for (const auto& [name, text] : files) names += (names.empty() ? "" : ", ") + name;
  return std::to_string(files.size()) + " files saved in " + last.substr(0, last.rfind('/')) + ": " + names;
}

}  // namespace

FilmOfEpisode::FilmOfEpisode(std::unique_ptr<Film> film, const ShotSpec& spec, const UiState& state, int frames)
    : film_(std::move(film)), spec_(spec), view_(std::make_unique<UiState>(state)), frames_(frames) {
  view_->scene_source = SceneSource::kLastEpisode;
  view_->show_take_away = false;
  view_->toast.clear();
}

Result<std::string> FilmOfEpisode::Step(PanelContext& context, Shooter* shooter) {
  if (std::exchange(context.state.film_cancelled, false)) return std::string("The film was cancelled.");
  const double share = frames_ > 1 ? static_cast<double>(next_) / (frames_ - 1) : 0;
  const run::EpisodeTrace* trace = view_->playback.trace().get();
  if (trace != nullptr) view_->playback.Seek(share * trace->steps());
  PanelContext own{context.snapshot, context.post, *view_};
  const Result<Picture> picture = shooter->Take(own, spec_);
  if (!picture) return picture.error();
  if (Status added = film_->Add(picture.value()); !added) return added.error();
  ++next_;
  context.state.film_frame = next_;
  context.state.film_frames = frames_;
  if (next_ < frames_) return std::string();
  if (Status finished = film_->Finish(); !finished) return finished.error();
  return "Film saved: " + film_->path() + ", " + std::to_string(frames_) + " frames";
}

ShotSpec Exporter::ShotFor(const TakeAwayRequest& request) const {
  if (request.part != ShotOf::kWindow) return UsualShot(request.part, request.scale);
  ShotSpec spec = window_;
  spec.scale *= request.scale;
  return spec;
}

Result<std::string> Exporter::Export(PanelContext& context, const TakeAwayRequest& request,
                                     std::optional<FilmOfEpisode>* film) const {
  using What = TakeAwayRequest::What;
  const std::string directory = DirectoryOf(context), part = Name(request.part);
  switch (request.what) {
    case What::kPicture: {
      const Result<Picture> picture = shooter_->Take(context, ShotFor(request));
      if (!picture) return picture.error();
      const std::string path = ExportPath(directory, part, EpisodeOf(context), ".png");
      if (Status written = WritePng(picture.value(), path); !written) return written.error();
      return "Picture saved: " + path;
    }
    case What::kPlots: {
      const auto plots = PlotsAsSvg(context, shooter_, request.part);
      if (!plots) return plots.error();
      return WriteAll(context, plots.value(), ".svg");
    }
    case What::kVisibleData:
    case What::kAllData:
      return WriteAll(
          context, TablesOf(context.snapshot, context.state, request.part, request.what == What::kVisibleData), ".csv");
    case What::kFrames:
    case What::kVideo:
      break;
  }
  const auto trace = context.state.playback.trace();
  if (trace == nullptr) return Error{"There is no episode to make a film of yet."};
  const double dt = context.snapshot.info != nullptr ? context.snapshot.info->task.control_dt_seconds : 0.05;
  const std::string path =
      ExportPath(directory, part, EpisodeOf(context), request.what == What::kVideo ? ".mp4" : "-frames");
  auto made = Film::Create(path, request.frames_per_second);
  if (!made) return made.error();
  const int frames = FilmLength(trace->steps() * dt, request.frames_per_second, 1);
  film->emplace(std::move(made).value(), ShotFor(request), context.state, frames);
  return "Making a film of " + std::to_string(frames) + " frames";
}

Result<std::string> Exporter::ExportEvidence(PanelContext& context) const {
  const Result<Picture> picture = shooter_->Take(context, window_);
  if (!picture) return picture.error();
  EvidenceSpec spec;
  spec.folder = ExportPath(DirectoryOf(context), "evidence", EpisodeOf(context), "");
  spec.episode = context.state.selected_episode;
  spec.range = VisibleEpisodes(context.snapshot, context.state);
  if (Status written = WriteEvidence(context.snapshot, picture.value(), spec); !written) return written.error();
  return "Evidence saved: " + spec.folder + " (picture, data, settings, decision, command)";
}

}  // namespace equipoise::ui
