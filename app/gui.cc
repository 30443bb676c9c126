#include <cstdio>
#include <cstdlib>

#include "app/commands.h"
#include "app/device.h"
#include "app/resolve.h"
#include "engine/run/engine.h"
#include "engine/run/watch.h"
#include "engine/store/run_folder.h"

#if defined(EQUIPOISE_WITH_UI) && __has_include("ui/window.h")
#include "ui/window.h"
#define EQUIPOISE_HAS_WINDOW 1
#else
#define EQUIPOISE_HAS_WINDOW 0
#endif

namespace equipoise::app {
namespace {

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

bool HasDisplay() { return IsSet("DISPLAY") || IsSet("WAYLAND_DISPLAY"); }

int Gui(const GuiOptions& options) {
#if EQUIPOISE_HAS_WINDOW
  if (!HasDisplay())
    return Fail(
        kFailure,
        "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). `equipoise train` "
        "runs the same in the terminal and leaves a picture in the run folder");
  std::string folder = options.folder;
  std::function<Result<std::unique_ptr<run::Engine>>()> make;
  bool watching = false;
  if (!folder.empty()) {
    const Result<store::RunDescription> description = store::ReadDescription(folder);
    if (!description) return Fail(kUsageError, description.error().message);
    // A run that another process is writing can be watched, not continued; one that has ended has nothing to go on with
    // until somebody asks for more episodes, and looking at it must not change it.
    watching =
        !store::FolderLock::Holder(folder).empty() || description.value().condition == store::RunCondition::kFinished;
    if (!watching)
      if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
    make = [folder, watching] { return watching ? run::Watch(folder) : run::Engine::Open(folder, 0); };
  } else {
    const Result<config::Settings> settings = Resolve(options.run);
    if (!settings) return Fail(kUsageError, settings.error().message);
    if (Status device = UseDevice(settings.value().run.device); !device) return Fail(kFailure, device.error().message);
    folder = options.run.out.empty() ? DefaultFolder(settings.value()) : options.run.out;
    std::printf("writing to %s\n", folder.c_str());
    std::fflush(stdout);
    make = [folder, settings = settings.value()] { return run::Engine::Create(settings, folder); };
  }
  const auto open = [make, watching, paused = options.paused]() -> Result<ui::OpenedRun> {
    Result<std::unique_ptr<run::Engine>> engine = make();
    if (!engine) return engine.error();
    ui::OpenedRun opened;
    opened.engine = std::move(engine).value();
    opened.watching = watching;
    opened.paused = paused;
    return opened;
  };
  return ui::RunWindow(ui::OpeningWords(folder), open, ui::WindowOptions{});
#else
  (void)options;
  return Fail(kFailure, "this program was built without its window (ui/); `equipoise train` runs in the terminal");
#endif
}

int QuickStart() {
  if (EQUIPOISE_HAS_WINDOW && HasDisplay()) return Gui(GuiOptions{});
  std::printf(
      "No display: training the quick start in the terminal instead. `equipoise --help` shows what else there is.\n");
  return Train(RunOptions{});
}

}  // namespace equipoise::app
