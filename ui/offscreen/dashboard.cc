#include "ui/offscreen/dashboard.h"

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "ui/gl/capture.h"
#include "ui/kit/picture_context.h"
#include "ui/offscreen/offscreen.h"
#include "ui/offscreen/take_away.h"
#include "ui/view/facts.h"

namespace equipoise::ui {

Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, int width, int height) {
  DashboardOptions options;
  options.width = width;
  options.height = height;
  return RenderDashboard(snapshot, png_path, options);
}

Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, const DashboardOptions& options) {
  Result<OutputFile> at = OutputFile::At(png_path, PngRule(options.overwrite));
  if (!at) return at.error();
  OutputFile file = std::move(at).value();
  auto studio = Studio::Open(snapshot, options.light, options.safe_colours);
  if (!studio) return Error{png_path + ": no picture: " + studio.error().message};
  ShotSpec spec;
  spec.scale = options.scale;
  spec.part = options.part;
  spec.width = static_cast<float>(options.width) / options.scale;
  spec.height = static_cast<float>(options.height) / options.scale;
  const Result<Picture> picture = studio.value()->Take(spec, options.moment);
  if (!picture) return Error{png_path + ": no picture: " + picture.error().message};
  const Result<std::string> bytes = EncodePng(picture.value());
  if (!bytes) return Error{png_path + ": " + bytes.error().message};
  return file.Write(bytes.value());
}

struct Studio::Parts {
  Parts(const run::Snapshot& shown, bool light, bool safe) : snapshot(shown) {
    state.view.light = light;
    state.view.safe_colours = safe;
    state.scene.playback.Offer(snapshot.trace);
  }
  const run::Snapshot& snapshot;
  std::unique_ptr<OffscreenContext> offscreen;  // before all that lives in it; null: for plots alone
  std::unique_ptr<PictureContext> pictures;
  std::optional<PictureContext::Use> use;  // as long as the studio lives
  UiState state;
  std::unique_ptr<Scene> scene;
  std::optional<Shooter> shooter;

  // The scene's buffers take 50 MB and a quarter of a second: only for a picture that has one.
  Shooter* ShooterFor(ShotOf part) {
    const bool shows_scene = offscreen != nullptr && (part == ShotOf::kWindow || part == ShotOf::kScene);
    if (shooter && (scene_wanted || !shows_scene)) return &*shooter;
    std::string problem;
    if (shows_scene) {
      scene_wanted = true;
      auto made = Scene::Create(SettingsOf(snapshot).run.task);
      if (!made) problem = "The scene cannot be drawn: " + made.error().message;
      if (made) scene = std::move(made).value();
    }
    shooter.emplace(pictures.get(), scene.get(), problem, PaneSizes());
    return &*shooter;
  }
  bool scene_wanted = false;
};

Studio::Studio(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Studio::~Studio() = default;

Result<std::unique_ptr<Studio>> Studio::Open(const run::Snapshot& snapshot, bool light, bool safe_colours) {
  auto offscreen = OffscreenContext::Create();
  if (!offscreen) return offscreen.error();
  auto parts = std::make_unique<Parts>(snapshot, light, safe_colours);
  parts->offscreen = std::move(offscreen).value();
  auto pictures = PictureContext::Create();
  if (!pictures) return pictures.error();
  parts->pictures = std::move(pictures).value();
  return With(std::move(parts));
}

std::unique_ptr<Studio> Studio::OpenForPlots(const run::Snapshot& snapshot, bool light, bool safe_colours) {
  auto parts = std::make_unique<Parts>(snapshot, light, safe_colours);
  parts->pictures = PictureContext::CreateWithoutGl();
  return With(std::move(parts));
}

std::unique_ptr<Studio> Studio::With(std::unique_ptr<Parts> parts) {
  parts->use.emplace(parts->pictures.get());
  // Plots need its colours even when no picture is taken.
  ApplyTheme(parts->state.view.light, 1, parts->state.view.safe_colours);
  return std::unique_ptr<Studio>(new Studio(std::move(parts)));
}

std::map<std::string, std::string> Studio::Plots(ShotOf part) {
  const std::function<void(run::Command)> ignore = [](const run::Command&) {};
  PanelContext context{parts_->snapshot, ignore, parts_->state};
  return PlotsAsSvg(context, parts_->ShooterFor(part), part);
}

UiState& Studio::state() { return parts_->state; }

Result<Picture> Studio::Take(const ShotSpec& spec, double moment) {
  Parts& p = *parts_;
  if (p.state.answers.recalled != nullptr) p.state.scene.playback.Pin(p.state.answers.recalled->trace);
  if (const auto& trace = p.state.scene.playback.trace()) p.state.scene.playback.Seek(moment * trace->steps());
  const std::function<void(run::Command)> ignore = [](const run::Command&) {};
  PanelContext context{p.snapshot, ignore, p.state};
  return p.ShooterFor(spec.part)->Take(context, spec);
}

}  // namespace equipoise::ui
