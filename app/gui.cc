#include <cstdlib>

#include "app/commands.h"
#include "app/device.h"
#include "app/far_run.h"
#include "app/resolve.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "engine/browse/cut_off.h"
#include "engine/browse/watch.h"
#include "engine/run/engine.h"
#include "engine/run/new_run.h"
#include "engine/store/run_folder.h"

#if defined(EQUIPOISE_WITH_UI) && __has_include("ui/window/window.h")
#include "ui/window/window.h"
#define EQUIPOISE_HAS_WINDOW 1
#else
#define EQUIPOISE_HAS_WINDOW 0
#endif

namespace equipoise::app {
namespace {

[[maybe_unused]] bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

#if EQUIPOISE_HAS_WINDOW
Result<std::unique_ptr<run::Engine>> WatchAfar(const FarAddress& address) {
  const Result<std::shared_ptr<FarRun>> far = FarRun::Open(address);
  if (!far) return far.error();
  run::Afar afar;
  afar.address = address.text;
  afar.instead = "to change it, `ssh " + address.host + " equipoise steer " + address.path + "`";
  afar.trouble = [run = far.value()] { return run->Trouble(); };
  return run::Watch(far.value()->folder(), afar);
}
#endif

// The exit code, or why no window can be opened; nothing has been made then.
Result<int> OpenWindow(const GuiOptions& options) {
#if EQUIPOISE_HAS_WINDOW
  if (!IsSet("DISPLAY") && !IsSet("WAYLAND_DISPLAY"))
    return Error{"there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set)"};
  std::string folder = options.folder;
  std::function<Result<std::unique_ptr<run::Engine>>()> make;
  run::CutOff last;
  bool watching = false;
  if (IsFarAddress(folder)) {
    const Result<FarAddress> address = ParseFarAddress(folder);
    if (!address) return Fail(kUsageError, address.error().message);
    watching = true;
    make = [address = address.value()] { return WatchAfar(address); };
  } else if (!folder.empty()) {
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
    // What is told while it is made; which one it is is known once the window is open.
    last = run::LastRunCutOff("runs");
    folder = options.run.out.empty() ? DefaultFolder(settings.value()) : options.run.out;
    make = [out = options.run.out, settings = settings.value()]() -> Result<std::unique_ptr<run::Engine>> {
      Result<run::BegunRun> begun = run::BeginRun(settings, out, "runs");
      if (!begun) return begun.error();
      PrintNow("writing to " + begun.value().folder + "\n");
      return std::move(begun).value().engine;
    };
  }
  const auto open = [make, watching, paused = options.paused, last]() -> Result<ui::OpenedRun> {
    Result<std::unique_ptr<run::Engine>> engine = make();
    if (!engine) return engine.error();
    ui::OpenedRun opened;
    opened.engine = std::move(engine).value();
    opened.watching = watching;
    opened.paused = paused;
    if (!last.folder.empty()) opened.complaint = last.folder + " " + last.what + ". Runs (F3) goes on with it";
    return opened;
  };
  const std::string words = IsFarAddress(folder) ? "Fetching " + folder + "." : ui::OpeningWords(folder);
  CatchStopSignals();
  ui::WindowOptions window;
  window.asked_to_stop = [] { return StopSignal() != 0; };
  const Result<int> code = ui::RunWindow(words, open, window);
  return code && code.value() == kOk && StopSignal() != 0 ? Result<int>(kAskedToStop) : code;
#else
  (void)options;
  return Error{"this program was built without its window (ui/)"};
#endif
}

}  // namespace

int Gui(const GuiOptions& options) {
  const Result<int> code = OpenWindow(options);
  if (code) return code.value();
  return Fail(kFailure, code.error().message +
                            ". `equipoise train` runs the same in the terminal and leaves a picture in the run folder");
}

int QuickStart() {
  const Result<int> code = OpenWindow(GuiOptions{});
  if (code) return code.value();
  PrintNow("Training the quick start in the terminal, since " + code.error().message +
           ". `equipoise --help` shows what else there is.\n");
  return Train(RunOptions{});
}

}  // namespace equipoise::app
