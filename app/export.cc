// export.cc: `equipoise export`: pictures, plots, data, films and evidence of a run folder, without a window.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/commands.h"
#include "engine/base/atomic_file.h"
#include "engine/run/replayer.h"
#include "engine/run/watch.h"

#if defined(EQUIPOISE_WITH_UI) && __has_include("ui/dashboard.h")
#include "ui/dashboard.h"
#include "ui/evidence.h"
#include "ui/film.h"
#include "ui/keys.h"
#include "ui/take_away.h"
#define EQUIPOISE_CAN_EXPORT 1
#else
#define EQUIPOISE_CAN_EXPORT 0
#endif

namespace equipoise::app {

#if EQUIPOISE_CAN_EXPORT
namespace {

namespace fs = std::filesystem;

Status CheckFree(const std::string& path, bool overwrite) {
  std::error_code error;
  if (!overwrite && fs::exists(path, error)) return Error{path + " exists; name another file, or add --overwrite"};
  return {};
}

Status Write(const std::string& path, const std::string& text, bool overwrite) {
  if (Status status = CheckFree(path, overwrite); !status) return status;
  if (Status status = ui::MakeFolderFor(path); !status) return status;
  if (Status status = WriteFileAtomically(path, text); !status) return status;
  std::printf("%s\n", path.c_str());
  return {};
}

// With one of several the name stands before the extension: curves.svg -> curves-return.svg.
std::string Named(const std::string& path, const std::string& name, bool alone) {
  if (alone) return path;
  const fs::path p(path);
  return (p.parent_path() / (p.stem().string() + "-" + name + p.extension().string())).string();
}

class Exporter {
 public:
  Exporter(const ExportOptions& options, std::shared_ptr<const run::Snapshot> snapshot, ui::ShotOf part)
      : o_(options), snapshot_(std::move(snapshot)), part_(part) {}

  Status Export() {
    if (Status status = Recall(); !status) return status;
    if (!o_.csv.empty())
      if (Status status = Csv(); !status) return status;
    const bool draws =
        !o_.png.empty() || !o_.svg.empty() || !o_.frames.empty() || !o_.video.empty() || o_.bundle_wanted;
    if (!draws) return {};
    auto studio = ui::Studio::Open(*snapshot_, o_.light, false);
    if (!studio) return studio.error();
    studio_ = std::move(studio).value();
    studio_->state().selected_episode = o_.episode_wanted ? std::optional<int>(o_.episode) : std::nullopt;
    studio_->state().recalled = recalled_;
    if (o_.last_episode > 0) {
      ui::AxisView& x = studio_->state().curves.x;
      x = {o_.first_episode - 0.5, o_.last_episode + 0.5, false};
    }
    for (const auto step : {&Exporter::Png, &Exporter::Svg, &Exporter::Films, &Exporter::Bundle})
      if (Status status = (this->*step)(); !status) return status;
    return {};
  }

 private:
  // The episode that was asked for, as it was acted: what the scene and its steps are of.
  Status Recall() {
    if (!o_.episode_wanted || (snapshot_->trace != nullptr && snapshot_->trace->episode == o_.episode)) return {};
    auto recalled = std::make_shared<run::Recalled>();
    recalled->request.episode = o_.episode;
    if (auto replayer = run::Replayer::Open(o_.folder)) {
      *recalled = replayer.value()->Do(recalled->request);
    } else {
      recalled->problem = replayer.error().message;
    }
    if (recalled->trace == nullptr && part_ == ui::ShotOf::kScene) return Error{recalled->problem};
    if (recalled->trace == nullptr)
      std::fprintf(stderr, "equipoise: the scene shows the last episode: %s\n", recalled->problem.c_str());
    recalled_ = std::move(recalled);
    return {};
  }
  // Of the scene; null: nothing has been acted.
  const run::EpisodeTrace* Trace() const {
    return recalled_ != nullptr && recalled_->trace != nullptr ? recalled_->trace.get() : snapshot_->trace.get();
  }

  std::optional<ui::EpisodeRange> Range() const {
    if (o_.last_episode <= 0) return std::nullopt;
    return ui::EpisodeRange{o_.first_episode, o_.last_episode};
  }

  ui::ShotSpec Shot() const {
    ui::ShotSpec spec = ui::UsualShot(part_, static_cast<float>(o_.scale));
    if (o_.width > 0) spec.width = static_cast<float>(o_.width);
    if (o_.height > 0) spec.height = static_cast<float>(o_.height);
    return spec;
  }

  Status Csv() {
    ui::UiState view;
    if (o_.episode_wanted) view.selected_episode = o_.episode;
    if (recalled_ != nullptr) view.playback.Pin(recalled_->trace);
    auto tables = ui::TablesOf(*snapshot_, view, part_, false);
    if (tables.count("episodes") > 0) tables["episodes"] = ui::EpisodesCsv(*snapshot_, Range());
    if (tables.empty()) return Error{"this run holds no data of its " + std::string(Name(part_)) + " yet"};
    for (const auto& [name, text] : tables)
      if (Status status = Write(Named(o_.csv, name, tables.size() == 1), text, o_.overwrite); !status) return status;
    return {};
  }

  Status Png() {
    if (o_.png.empty()) return {};
    if (Status status = CheckFree(o_.png, o_.overwrite); !status) return status;
    const auto picture = studio_->Take(Shot(), o_.moment);
    if (!picture) return picture.error();
    if (Status status = ui::WritePng(picture.value(), o_.png); !status) return status;
    std::printf("%s\n", o_.png.c_str());
    return {};
  }

  Status Svg() {
    if (o_.svg.empty()) return {};
    const auto plots = studio_->Plots(part_);
    if (!plots) return plots.error();
    if (plots.value().empty()) return Error{"this run holds no plot of its " + std::string(Name(part_)) + " yet"};
    for (const auto& [name, text] : plots.value())
      if (Status status = Write(Named(o_.svg, name, plots.value().size() == 1), text, o_.overwrite); !status)
        return status;
    return {};
  }

  Status Films() {
    for (const std::string& path : {o_.frames, o_.video}) {
      if (path.empty()) continue;
      if (Trace() == nullptr) return Error{"the newest checkpoint of this run holds no episode to make a film of"};
      if (path == o_.video && !ui::Film::IsVideo(path))
        return Error{path + ": name a file that ends in .mp4, .mkv, .webm or .mov"};
      std::error_code ignored;
      if (o_.overwrite) fs::remove_all(path, ignored);
      auto film = ui::Film::Create(path, o_.fps);
      if (!film) return film.error();
      studio_->state().scene_source = ui::SceneSource::kLastEpisode;
      const double seconds = Trace()->steps() * snapshot_->info->task.control_dt_seconds;
      const int frames = ui::FilmLength(seconds, o_.fps, 1);
      for (int i = 0; i < frames; ++i) {
        const auto picture = studio_->Take(Shot(), frames > 1 ? static_cast<double>(i) / (frames - 1) : 0);
        if (!picture) return picture.error();
        if (Status status = film.value()->Add(picture.value()); !status) return status;
      }
      if (Status status = film.value()->Finish(); !status) return status;
      std::printf("%s: %d frames, %g a second\n", path.c_str(), frames, o_.fps);
    }
    return {};
  }

  Status Bundle() {
    if (!o_.bundle_wanted) return {};
    ui::EvidenceSpec spec;
    spec.folder = !o_.bundle.empty()
                      ? o_.bundle
                      : ui::ExportPath(snapshot_->info->directory, "evidence", std::max(0, snapshot_->episode), "");
    if (o_.episode_wanted) spec.episode = o_.episode;
    spec.range = Range();
    std::error_code ignored;
    if (o_.overwrite) fs::remove_all(spec.folder, ignored);
    ui::ShotSpec window = ui::UsualShot(ui::ShotOf::kWindow, static_cast<float>(o_.scale));
    const auto picture = studio_->Take(window, o_.moment);
    if (!picture) return picture.error();
    if (Status status = WriteEvidence(*snapshot_, picture.value(), spec); !status) return status;
    std::printf("%s\n", spec.folder.c_str());
    return {};
  }

  const ExportOptions& o_;
  std::shared_ptr<const run::Snapshot> snapshot_;
  ui::ShotOf part_;
  std::shared_ptr<const run::Recalled> recalled_;
  std::unique_ptr<ui::Studio> studio_;
};

// "12:40" or "12"
Status ParseEpisodes(const std::string& text, ExportOptions* options) {
  if (text.empty()) return {};
  char rest = 0;
  const int read = std::sscanf(text.c_str(), "%d:%d%c", &options->first_episode, &options->last_episode, &rest);
  if (read != 2 || options->first_episode > options->last_episode || options->last_episode < 1)
    return Error{"--episodes " + text + ": write it as first:last, for example --episodes 1:40"};
  return {};
}

}  // namespace

int Export(const ExportOptions& given) {
  ExportOptions options = given;
  if (Status status = ParseEpisodes(options.episodes, &options); !status)
    return Fail(kUsageError, status.error().message);
  const bool any = !options.csv.empty() || !options.svg.empty() || !options.png.empty() || !options.frames.empty() ||
                   !options.video.empty() || options.bundle_wanted;
  if (!any) return Fail(kUsageError, "nothing to export: add --png, --svg, --csv, --frames, --video or --bundle");
  const Result<ui::ShotOf> part = ui::ShotOfName(options.of);
  if (!part) return Fail(kUsageError, part.error().message);
  const Result<std::shared_ptr<const run::Snapshot>> snapshot = run::ReadSnapshot(options.folder);
  if (!snapshot) return Fail(kUsageError, snapshot.error().message);
  const Status done = Exporter(options, snapshot.value(), part.value()).Export();
  return done ? kOk : Fail(kFailure, done.error().message);
}

int PrintKeys() {
  if (Status loaded = ui::LoadKeys(ui::KeysFile()); !loaded) return Fail(kFailure, loaded.error().message);
  std::fputs(ui::KeysAsText(ui::KeyTable()).c_str(), stdout);
  return kOk;
}

#else

int Export(const ExportOptions&) {
  return Fail(kFailure, "this program was built without its window (ui/) and cannot draw");
}
int PrintKeys() { return Fail(kFailure, "this program was built without its window (ui/)"); }

#endif

}  // namespace equipoise::app
