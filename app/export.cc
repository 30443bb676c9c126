// export.cc: `equipoise export`: pictures, plots, data, films and evidence of a run folder, without a window; for other
// programs: export_elsewhere.cc.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/far_run.h"
#include "app/stop_signal.h"
#include "engine/base/output_file.h"
#include "engine/base/output_folder.h"
#include "engine/browse/watch.h"
#include "engine/inspect/replayer.h"

#if defined(EQUIPOISE_WITH_UI) && __has_include("ui/offscreen/dashboard.h")
#include "ui/export/evidence.h"
#include "ui/export/film.h"
#include "ui/kit/draw.h"
#include "ui/kit/keys.h"
#include "ui/offscreen/dashboard.h"
#include "ui/offscreen/scene_film.h"
#include "ui/offscreen/take_away.h"
#include "ui/view/facts.h"
#define EQUIPOISE_CAN_EXPORT 1
#else
#define EQUIPOISE_CAN_EXPORT 0
#endif

namespace equipoise::app {

#if EQUIPOISE_CAN_EXPORT
namespace {

namespace fs = std::filesystem;

// With one of several the name stands before the extension: curves.svg -> curves-return.svg.
std::string Named(const std::string& path, const std::string& name, bool alone) {
  if (alone) return path;
  const fs::path p(path);
  return (p.parent_path() / (p.stem().string() + "-" + name + p.extension().string())).string();
}

// The table and the plot that a part is mostly about: what a pipe gets, which can take one only.
const char* MainTable(ui::ShotOf part) {
  switch (part) {
    case ui::ShotOf::kScene:
      return "steps";
    case ui::ShotOf::kCheck:
      return "check";
    case ui::ShotOf::kModel:
      return "model";
    case ui::ShotOf::kWindow:
    case ui::ShotOf::kCurves:
      break;
  }
  return "episodes";
}
const char* MainPlot(ui::ShotOf part) {
  return part == ui::ShotOf::kCheck ? "check" : part == ui::ShotOf::kModel ? "error" : "return";
}

class Exporter {
 public:
  Exporter(const ExportOptions& options, std::shared_ptr<const run::Snapshot> snapshot, ui::ShotOf part,
           std::optional<ui::EpisodeRange> range)
      : o_(options),
        snapshot_(std::move(snapshot)),
        part_(part),
        range_(range),
        said_(IsStandardOutput(o_.csv) || IsStandardOutput(o_.svg) || IsStandardOutput(o_.png) ? stderr : stdout) {}

  // Everything is looked at before anything is written, and drawn before it is.
  Status Export() {
    if (Status status = CheckPlaces(); !status) return status;
    if (Status status = Recall(); !status) return status;
    std::vector<Text> texts;
    if (Status status = AddTables(&texts); !status) return status;
    const bool pictures = !o_.png.empty() || !o_.frames.empty() || !o_.video.empty() || o_.bundle_wanted;
    if (pictures || !o_.svg.empty())
      if (Status status = OpenStudio(pictures); !status) return status;
    if (Status status = AddPlots(&texts); !status) return status;
    for (Text& text : texts)
      if (Status status = Write(&text.file, text.text); !status) return status;
    for (const auto step : {&Exporter::Png, &Exporter::Films, &Exporter::Bundle})
      if (Status status = (this->*step)(); !status) return status;
    return {};
  }

 private:
  struct Text {
    OutputFile file;
    std::string text;
  };

  Status CheckPlaces() {
    for (const auto& [path, rule] : {std::pair(o_.png, ui::PngRule(o_.overwrite)), {o_.video, VideoRule()}}) {
      if (path.empty()) continue;
      if (const auto file = OutputFile::At(path, rule); !file) return file.error();
    }
    std::string bundle = o_.bundle;
    for (const std::string& path : {o_.frames, bundle}) {
      if (path.empty()) continue;
      if (const auto folder = OutputFolder::At(path, ui::FolderRule(*snapshot_, o_.overwrite)); !folder)
        return folder.error();
    }
    return {};
  }
  OutputRule VideoRule() const {
    OutputRule rule;
    rule.endings = {".mp4", ".mkv", ".webm", ".mov"};
    rule.overwrite = o_.overwrite;
    rule.streams = false;
    return rule;
  }

  // The episode that was asked for, as it was acted: what the scene and its steps are of.
  Status Recall() {
    if (!o_.episode || (snapshot_->trace != nullptr && snapshot_->trace->episode == *o_.episode)) return {};
    auto recalled = std::make_shared<run::Recalled>();
    recalled->request.episode = *o_.episode;
    if (auto replayer = run::Replayer::Open(o_.folder)) {
      *recalled = replayer.value()->Do(recalled->request);
    } else {
      recalled->problem = replayer.error().message;
    }
    const bool needed = part_ == ui::ShotOf::kScene || !o_.frames.empty() || !o_.video.empty();
    if (recalled->trace == nullptr && needed) return Error{recalled->problem};
    if (recalled->trace == nullptr)
      std::fprintf(stderr, "equipoise: the scene shows the last episode: %s\n", recalled->problem.c_str());
    recalled_ = std::move(recalled);
    return {};
  }
  // Of the scene; null: nothing has been acted.
  const run::EpisodeTrace* Trace() const {
    return recalled_ != nullptr && recalled_->trace != nullptr ? recalled_->trace.get() : snapshot_->trace.get();
  }

  ui::ShotSpec Shot() const {
    ui::ShotSpec spec = ui::UsualShot(part_, static_cast<float>(o_.scale));
    if (o_.width > 0) spec.width = static_cast<float>(o_.width);
    if (o_.height > 0) spec.height = static_cast<float>(o_.height);
    return spec;
  }

  Status OpenStudio(bool for_pictures) {
    if (for_pictures) {
      auto studio = ui::Studio::Open(*snapshot_, o_.light, false);
      if (!studio) return studio.error();
      studio_ = std::move(studio).value();
    } else {
      studio_ = ui::Studio::OpenForPlots(*snapshot_, o_.light, false);
    }
    studio_->state().selection.episode = o_.episode;
    studio_->state().answers.recalled = recalled_;
    if (range_) studio_->state().view.curves.x = {range_->first - 0.5, range_->last + 0.5, false};
    return {};
  }

  // The places of all of `contents`, or of the `main` one alone in a stream.
  Status Add(const std::string& path, const std::string& ending, std::map<std::string, std::string> contents,
             const std::string& main, std::vector<Text>* texts) {
    OutputRule rule;
    rule.endings = {ending};
    rule.overwrite = o_.overwrite;
    const bool alone = contents.size() == 1;
    if (!alone) {
      // The name itself is not written then; it may exist.
      OutputRule any;
      any.overwrite = true;
      Result<OutputFile> stream = OutputFile::At(path, any);
      if (stream && stream.value().is_stream()) {
        const auto chosen = contents.count(main) > 0 ? contents.find(main) : contents.begin();
        std::fprintf(stderr, "equipoise: %s gets \"%s\" alone, of %zu; a file's name gets all of them\n", path.c_str(),
                     chosen->first.c_str(), contents.size());
        texts->push_back({std::move(stream).value(), std::move(chosen->second)});
        return {};
      }
    }
    for (auto& [name, text] : contents) {
      Result<OutputFile> file = OutputFile::At(Named(path, name, alone), rule);
      if (!file) return file.error();
      texts->push_back({std::move(file).value(), std::move(text)});
    }
    return {};
  }

  Status AddTables(std::vector<Text>* texts) {
    if (o_.csv.empty()) return {};
    ui::UiState view;
    view.selection.episode = o_.episode;
    if (recalled_ != nullptr) view.scene.playback.Pin(recalled_->trace);
    auto tables = ui::TablesOf(*snapshot_, view, part_, range_);
    if (tables.empty()) return Error{"this run holds no data of its " + std::string(Name(part_)) + " yet"};
    return Add(o_.csv, ".csv", std::move(tables), MainTable(part_), texts);
  }

  Status AddPlots(std::vector<Text>* texts) {
    if (o_.svg.empty()) return {};
    std::map<std::string, std::string> plots = studio_->Plots(part_);
    if (plots.empty()) return Error{"this run holds no plot of its " + std::string(Name(part_)) + " yet"};
    return Add(o_.svg, ".svg", std::move(plots), MainPlot(part_), texts);
  }

  Status Write(OutputFile* file, const std::string& bytes) {
    if (Status status = file->Write(bytes); !status) return status;
    if (!file->is_standard_output()) std::fprintf(said_, "%s\n", file->path().c_str());
    return {};
  }

  Status Png() {
    if (o_.png.empty()) return {};
    Result<OutputFile> file = OutputFile::At(o_.png, ui::PngRule(o_.overwrite));
    if (!file) return file.error();
    const auto picture = studio_->Take(Shot(), o_.moment);
    if (!picture) return picture.error();
    const auto bytes = ui::EncodePng(picture.value());
    if (!bytes) return Error{o_.png + ": " + bytes.error().message};
    OutputFile out = std::move(file).value();
    return Write(&out, bytes.value());
  }

  // The scene is filmed as in the window: the body alone. Other parts are filmed as they are drawn.
  Status Films() {
    for (const std::string& path : {o_.frames, o_.video}) {
      if (path.empty()) continue;
      if (Trace() == nullptr) return Error{"the newest checkpoint of this run holds no episode to make a film of"};
      const ui::FilmOrder order = OrderFor(path);
      CatchStopSignals();  // it takes a while, and nothing may be left of half a film
      const auto go_on = [](int) { return StopSignal() == 0; };
      Status made = part_ == ui::ShotOf::kScene ? ui::MakeSceneFilm(order, go_on) : FilmPart(order, go_on);
      if (!made && StopSignal() != 0) return Error{"asked to stop: there is no film"};
      if (!made) return made;
      std::fprintf(said_, "%s: %d frames, %g a second\n", path.c_str(), ui::FramesOf(order), o_.fps);
    }
    return {};
  }

  ui::FilmOrder OrderFor(const std::string& path) const {
    ui::FilmOrder order;
    order.path = path;
    order.rule = ui::FolderRule(*snapshot_, o_.overwrite);
    order.frames_per_second = o_.fps;
    order.speed = o_.film_speed;
    const ui::ShotSpec size = Shot();
    order.width = static_cast<int>(std::lround(size.width * size.scale));
    order.height = static_cast<int>(std::lround(size.height * size.scale));
    order.task = ui::SettingsOf(*snapshot_).run.task;
    order.step_seconds = snapshot_->info->task.control_dt_seconds;
    order.trace = recalled_ != nullptr && recalled_->trace != nullptr ? recalled_->trace : snapshot_->trace;
    order.actor = ui::ActorColor(ui::ActorOf(ui::PartsOf(*snapshot_), order.trace->pick, order.trace->reason));
    order.light = o_.light;
    return order;
  }

  Status FilmPart(const ui::FilmOrder& order, const std::function<bool(int done)>& go_on) {
    auto film = ui::Film::Create(order.path, order.frames_per_second, order.rule);
    if (!film) return film.error();
    studio_->state().scene.source = ui::SceneSource::kLastEpisode;
    const int frames = ui::FramesOf(order), steps = order.trace->steps();
    const auto draw = [&](int i) {
      const int step = ui::FilmStep(i, frames, order.frames_per_second, order.speed, order.step_seconds, steps);
      return studio_->Take(Shot(), steps > 0 ? static_cast<double>(step) / steps : 0);
    };
    return film.value()->Shoot(frames, draw, go_on);
  }

  Status Bundle() {
    if (!o_.bundle_wanted) return {};
    ui::EvidenceSpec spec;
    spec.folder = !o_.bundle.empty()
                      ? o_.bundle
                      : ui::ExportPath(snapshot_->info->directory, "evidence", std::max(0, snapshot_->episode), "");
    spec.overwrite = o_.overwrite;
    spec.episode = o_.episode;
    spec.range = range_;
    ui::ShotSpec window = ui::UsualShot(ui::ShotOf::kWindow, static_cast<float>(o_.scale));
    const auto picture = studio_->Take(window, o_.moment);
    if (!picture) return picture.error();
    if (Status status = WriteEvidence(*snapshot_, picture.value(), spec); !status) return status;
    std::fprintf(said_, "%s\n", spec.folder.c_str());
    return {};
  }

  const ExportOptions& o_;
  std::shared_ptr<const run::Snapshot> snapshot_;
  ui::ShotOf part_;
  std::optional<ui::EpisodeRange> range_;
  FILE* said_;  // where the names of what was written go
  std::shared_ptr<const run::Recalled> recalled_;
  std::unique_ptr<ui::Studio> studio_;
};

// "runs/a has no episode 99; its episodes are 1 to 40". Random ones count up to 0.
Error NoSuchEpisode(const ExportOptions& options, const run::Snapshot& snapshot, const std::string& asked) {
  std::string has = "it has none yet";
  if (snapshot.episodes != nullptr && !snapshot.episodes->empty())
    has = "its episodes are " + std::to_string(snapshot.episodes->front()->episode) + " to " +
          std::to_string(snapshot.episodes->back()->episode);
  return Error{options.folder + " has no episode " + asked + "; " + has};
}

Status CheckEpisodes(const ExportOptions& options, const run::Snapshot& snapshot,
                     const std::optional<ui::EpisodeRange>& range) {
  if (options.episode && ui::FindEpisode(snapshot, *options.episode) == nullptr)
    return NoSuchEpisode(options, snapshot, std::to_string(*options.episode));
  if (!range || ui::HasEpisodes(snapshot, range)) return {};
  return NoSuchEpisode(options, snapshot,
                       "from " + std::to_string(range->first) + " to " + std::to_string(range->last));
}

// What goes to standard output must have it to itself.
Status CheckStandardOutput(const ExportOptions& options) {
  int count = 0;
  for (const std::string& path : {options.csv, options.svg, options.png}) count += IsStandardOutput(path) ? 1 : 0;
  if (count > 1) return Error{"one of --csv, --svg and --png can go to standard output, not " + std::to_string(count)};
  return {};
}

}  // namespace

int Export(const ExportOptions& asked) {
  ExportOptions options = asked;
  std::shared_ptr<FarRun> far;
  if (IsFarAddress(options.folder)) {
    auto fetched = FetchFarRun(options.folder);
    if (!fetched) return Fail(kFailure, fetched.error().message);
    far = std::move(fetched).value();
    options.folder = far->folder();
  }
  const bool shown = !options.csv.empty() || !options.svg.empty() || !options.png.empty() || !options.frames.empty() ||
                     !options.video.empty() || options.bundle_wanted;
  if (!shown && options.policy.empty() && options.dataset.empty())
    return Fail(kUsageError,
                "nothing to export: add --png, --svg, --csv, --frames, --video, --bundle, --policy or --dataset");
  std::optional<ui::EpisodeRange> range;
  std::optional<std::pair<int, int>> episodes;
  if (options.episodes) {
    const auto read = EpisodesOf(*options.episodes);
    if (!read) return Fail(kUsageError, read.error().message);
    episodes = read.value();
    range = ui::EpisodeRange{episodes->first, episodes->second};
  }
  if (const int code = ExportElsewhere(options, episodes); code != kOk || !shown) return code;
  if (Status status = CheckStandardOutput(options); !status) return Fail(kUsageError, status.error().message);
  const Result<ui::ShotOf> part = ui::ShotOfName(options.of);
  if (!part) return Fail(kUsageError, part.error().message);
  const Result<std::shared_ptr<const run::Snapshot>> snapshot = run::ReadSnapshot(options.folder);
  if (!snapshot) return Fail(kUsageError, snapshot.error().message);
  if (Status status = CheckEpisodes(options, *snapshot.value(), range); !status)
    return Fail(kUsageError, status.error().message);
  const Status done = Exporter(options, snapshot.value(), part.value(), range).Export();
  if (done) return kOk;
  return Fail(StopSignal() != 0 ? kAskedToStop : kFailure, done.error().message);
}

int PrintKeys() {
  if (Status loaded = ui::LoadKeys(ui::KeysFile()); !loaded) return Fail(kFailure, loaded.error().message);
  std::fputs(ui::KeysAsText(ui::KeyTable()).c_str(), stdout);
  return kOk;
}

#else

int Export(const ExportOptions& options) {
  if (options.policy.empty() && options.dataset.empty())
    return Fail(kFailure, "this program was built without its window (ui/) and cannot draw: add --policy or --dataset");
  std::optional<std::pair<int, int>> episodes;
  if (options.episodes) {
    const auto read = EpisodesOf(*options.episodes);
    if (!read) return Fail(kUsageError, read.error().message);
    episodes = read.value();
  }
  return ExportElsewhere(options, episodes);
}
int PrintKeys() { return Fail(kFailure, "this program was built without its window (ui/)"); }

#endif

}  // namespace equipoise::app
