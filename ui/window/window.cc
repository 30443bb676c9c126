#include "ui/window/window.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

#include "ui/export/evidence.h"
#include "ui/export/open_folder.h"
#include "ui/gl/canvas.h"
#include "ui/gl/capture.h"
#include "ui/gl/gl_functions.h"
#include "ui/kit/focus.h"
#include "ui/kit/imgui_backends.h"
#include "ui/kit/picture_context.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/offscreen/exporter.h"
#include "ui/offscreen/film_desk.h"
#include "ui/view/facts.h"
#include "ui/view/persistent.h"
#include "ui/view/reason.h"
#include "ui/view/run_request.h"
#include "ui/view/view_history.h"
#include "ui/window/frame_counter.h"
#include "ui/window/glfw_window.h"
#include "ui/window/key_actions.h"
#include "ui/window/pacing.h"
#include "ui/window/presenter.h"
#include "ui/window/run_desk.h"
#include "ui/window/timings.h"
#include "ui/window/window_look.h"
#include "ui/workspace/content.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

constexpr int kUsualWidth = 1600, kUsualHeight = 1000;
constexpr double kStopPeriod = 0.2;  // seconds; a signal ends no Wait

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

class Window {
 public:
  Window(std::unique_ptr<RunOpening> opening, GlfwWindow* glfw, const WindowOptions& options)
      : glfw_(glfw),
        pacer_(gl::IsSoftware()),
        software_(gl::IsSoftware()),
        asked_to_stop_(options.asked_to_stop),
        desk_(std::move(opening), Now(), Wake()) {
    settings_file_ = options.settings_file.empty() ? UsualSettingsFile() : options.settings_file;
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = settings_file_.empty() ? nullptr : settings_file_.c_str();
    KeepBetweenStarts(&kept_);
    if (io.IniFilename != nullptr) ImGui::LoadIniSettingsFromDisk(io.IniFilename);
    if (options.zoom > 0) kept_.zoom = options.zoom;
    if (options.light) kept_.light = true;
    Restore(kept_, &state_);
    ImGui_ImplGlfw_InitForOpenGL(glfw->handle(), true);
    ImGui_ImplOpenGL3_Init("#version 330");
    pictures_ = PictureContext::Create().value();  // what the window's own renderer has just found is there
    // A wrong key must not keep anybody from the run: the usual keys hold, and the error is said.
    if (const Status keys = LoadKeys(KeysFile()); !keys) Complain(state_, keys.error().message);
  }

  ~Window() {
    film_.Close();
    desk_.Clear();  // quits and joins before the display that they wake is gone
    scene_.reset();
    pictures_.reset();
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void Loop() {
    for (WaitForWork(); !Ends(); WaitForWork()) DrawFrame();
  }

 private:
  bool Ends() const { return glfw_->ShouldClose() || (asked_to_stop_ && asked_to_stop_()); }

  std::function<void()> Wake() const {
    return [posted = wake_posted_] {
      if (!posted->exchange(true)) GlfwWindow::Wake();
    };
  }

  // Returns when the next frame is due.
  void WaitForWork() {
    for (;;) {
      if (glfw_->TakeInput()) pacer_.OnInput(Now());
      Pacer::Load load;
      load.iconified = glfw_->Iconified();
      load.published = wake_posted_->load();
      load.next_frame_in = state_.clock.next_frame_in;
      const double now = Now(), due = pacer_.Due(load);
      if (due <= now && !load.iconified) {
        glfw_->Wait(0);
        if (glfw_->TakeInput()) pacer_.OnInput(Now());
        return;
      }
      // While iconified the flag stays up, so that the engine wakes nobody; the window's coming back is an event.
      glfw_->Wait(std::min(due - now, kStopPeriod));
      if (Ends()) return;
    }
  }

  void DrawFrame() {
    const double start = Now();
    pacer_.OnFrame(start);
    *wake_posted_ = false;
    BeginFrame(start);
    if (desk_.Show(&state_)) Turn();
    OpenRun* run = desk_.runs().looked();
    const auto snapshot = desk_.runs().Latest();
    if (snapshot == nullptr) {
      if (desk_.opening() != nullptr) DrawWaiting();
      return;
    }
    timings_.BeginFrame(*snapshot);
    if (const std::string refusal = run->NewRefusal(); !refusal.empty()) Complain(state_, refusal);
    PrepareScene(*snapshot);
    ApplyLook();
    NewFrame(glfw_->TakePressed(), glfw_->TakeMouse());
    BeginFocusFrame();
    const std::function<void(run::Command)> post = [&](const run::Command& command) {
      if (desk_.opening() != nullptr) return;
      for (const run::Command& each : WithReason(command, &state_.memory.OfRun<Reason>()))
        run->engine->Post(each), timings_.OnPost();
    };
    PanelContext context{*snapshot, post, state_};
    const bool typing = ImGui::GetIO().WantTextInput || FieldIsOpen();
    for (KeyAction action : glfw_->TakeKeys(typing)) {
      if (desk_.opening() == nullptr) Act(action, context);
    }
    const bool shoot = std::exchange(shoot_, false);
    SetEffort(*snapshot, shoot);
    history_.Watch(state_, kept_.panes, ImGui::IsMouseDown(0) || ImGui::IsMouseDown(1));
    run->inspection->TakeAnswers(&state_);
    film_.Show(&state_);
    // A picture keeps what lasts: no passing message, and not how fast it was drawn.
    // The message is about to be replaced by that of the picture; the pace is counted anew within a second.
    if (shoot) state_.message = {}, state_.clock.frames_per_second = 0;
    DrawContent(context, &kept_.panes, scene_.get(), scene_problem_);
    ForgetUsed(&state_.memory.OfRun<Reason>());
    run->inspection->PostRequests(*snapshot, &state_);
    DrawOpeningRun(start);
    ImGui::Render();
    if (shoot) presenter_.Forget();  // all of it is drawn, and can be read
    if (presenter_.Present(*glfw_, scene_.get(), start)) {
      if (shoot) Shoot(*snapshot);
      glfw_->Swap();
    }
    timings_.EndFrame();
    if (Remember(state_, &kept_)) ImGui::MarkIniSettingsDirty();
    for (WindowRequest& request : state_.requests.Take())
      std::visit([&](const auto& wanted) { CarryOut(wanted, context); }, request);
  }

  // What was asked for in the frame that is over.
  void CarryOut(const RunRequest& wanted, PanelContext&) { TurnIf(desk_.CarryOut(wanted, &state_)); }
  void CarryOut(const LookAtRun& wanted, PanelContext&) { TurnIf(desk_.CarryOut(wanted, &state_)); }
  void CarryOut(const CloseRun& wanted, PanelContext&) { TurnIf(desk_.CarryOut(wanted, &state_)); }
  void CarryOut(const run::ForkRequest& wanted, PanelContext&) {
    desk_.Fork(wanted);
    state_.clock.next_frame_in = 0;
  }
  void CarryOut(const OpenFolder& wanted, PanelContext&) {
    if (const Status opened = OpenInFileManager(wanted.path); !opened) Complain(state_, opened.error().message);
    state_.clock.next_frame_in = 0;
  }
  void CarryOut(const FullScreen&, PanelContext&) {
    glfw_->ToggleFullScreen();
    state_.clock.next_frame_in = 0;
  }
  void CarryOut(const TakeScreenshot&, PanelContext&) {
    shoot_ = true;
    state_.clock.next_frame_in = 0;
  }
  void CarryOut(const UndoView&, PanelContext&) {
    if (!history_.Undo(&state_, &kept_.panes)) Toast(state_, "There is no change of view to undo.");
    ImGui::MarkIniSettingsDirty();
    state_.clock.next_frame_in = 0;
  }
  void CarryOut(const GiveUpFilm&, PanelContext&) { film_.GiveUp(); }
  void CarryOut(const TakeAwayRequest& wanted, PanelContext& context) {
    if (IsFilm(wanted.what)) {
      film_.Start(context, wanted, scene_.get());
      state_.clock.next_frame_in = 0;
    } else {
      Export([&](const Exporter& exporter) { return exporter.Export(context, wanted); });
    }
  }
  void CarryOut(const TakeEvidence&, PanelContext& context) {
    Export([&](const Exporter& exporter) { return exporter.ExportEvidence(context); });
  }
  void Export(const std::function<Result<Written>(const Exporter&)>& write) {
    Shooter shooter(pictures_.get(), scene_.get(), scene_problem_, kept_.panes);
    Report(state_, write(Exporter(&shooter, WindowShot())));
    state_.clock.next_frame_in = 0;
  }

  // Runs are looked for where this one lies.
  void FindRunsFolder() {
    const auto snapshot = desk_.runs().Latest();
    if (snapshot == nullptr || snapshot->info == nullptr || snapshot->info->directory.empty()) return;
    const std::string parent = std::filesystem::path(snapshot->info->directory).parent_path().string();
    std::string& folder = state_.memory.OfWindow<RunsSheetView>().folder;
    folder = parent.empty() ? "." : parent;
    state_.memory.OfRun<NewRunSheetView>().draft.parent = folder;
  }

  // Before the first run there is nothing but the sentence.
  void DrawWaiting() {
    ApplyLook();
    NewFrame(glfw_->TakePressed(), glfw_->TakeMouse());
    glfw_->TakeKeys(false);
    DrawOpeningRun(state_.clock.now);
    ImGui::Render();
    if (presenter_.Present(*glfw_, nullptr, state_.clock.now)) glfw_->Swap();
  }

  void DrawOpeningRun(double now) {
    if (desk_.opening() != nullptr) DrawOpening(*desk_.opening(), now - desk_.opening_since(), &state_);
  }

  void TurnIf(bool turned) {
    if (turned) Turn();
    state_.clock.next_frame_in = 0;
  }

  // To the run that is looked at from now on.
  void Turn() {
    state_.window.watching = desk_.runs().looked()->watching;
    state_.sheet.Close();
    history_.Forget();
    scene_.reset();
    scene_tried_ = false;
    FindRunsFolder();
    state_.clock.next_frame_in = 0;
  }

  void BeginFrame(double start) {
    counter_.Begin(start, &state_.clock);
    // A click is dated by the frame that sees it: where frames are slow, the second one of a pair is seen late.
    ImGui::GetIO().MouseDoubleClickTime = static_cast<float>(std::clamp(2.5 * state_.clock.since_last, 0.3, 1.0));
    TraceWidget("frame", {0, 0}, {static_cast<float>(counter_.drawn()), 0});
  }

  void PrepareScene(const run::Snapshot& snapshot) {
    if (scene_ != nullptr || scene_tried_ || snapshot.settings == nullptr) return;
    scene_tried_ = true;
    auto made = Scene::Create(snapshot.settings->run.task);
    if (made) {
      scene_ = std::move(made).value();
    } else {
      scene_problem_ = "The scene cannot be drawn: " + made.error().message;
    }
  }

  void ApplyLook() {
    int width = 0, height = 0;
    glfw_->Size(&width, &height);
    look_.Apply({static_cast<float>(width), static_cast<float>(height)}, glfw_->ContentScale(), &state_);
  }

  // When the processor draws, a frame takes time from training: no shadows then, all of it when nothing else happens.
  void SetEffort(const run::Snapshot& snapshot, bool shoot) {
    const bool busy = snapshot.state == run::RunState::kRunning || snapshot.state == run::RunState::kStarting;
    const bool imagined = state_.scene.shows_imagined();
    const bool moving = (imagined ? state_.scene.imagined.playing : state_.scene.playback.playing()) ||
                        state_.clock.now - last_drag_ < 0.3;
    if (ImGui::IsMouseDown(0) || ImGui::IsMouseDown(1)) last_drag_ = state_.clock.now;
    SceneEffort effort = SceneEffort::kFull;
    if (software_ && !shoot) effort = busy ? SceneEffort::kLow : moving ? SceneEffort::kMedium : SceneEffort::kFull;
    state_.window.scene_effort = effort;
  }

  // The window as it is on the screen, sheets included.
  void Shoot(const run::Snapshot& snapshot) {
    int width = 0, height = 0;
    glfw_->FramebufferSize(&width, &height);
    const std::string path = ExportPath(ExportFolder(snapshot, state_.window.watching), "equipoise",
                                        EpisodeInName(snapshot, state_, ShotOf::kWindow), ".png");
    const Status written = WritePng(ReadFramebuffer(width, height), path);
    Report(state_, written ? Result<Written>({path, "Picture saved: " + path}) : Result<Written>(written.error()));
    state_.clock.next_frame_in = 0;
  }

  // A picture of the window as large as it is on the screen.
  ShotSpec WindowShot() const {
    int width = 0, height = 0;
    glfw_->Size(&width, &height);
    const float scale = std::max(0.5f, glfw_->ContentScale() * state_.view.zoom);
    return {ShotOf::kWindow, static_cast<float>(width) / scale, static_cast<float>(height) / scale, scale};
  }

  GlfwWindow* glfw_;
  Pacer pacer_;
  bool software_;
  std::function<bool()> asked_to_stop_;
  std::string settings_file_;
  Persistent kept_;
  UiState state_;
  std::unique_ptr<Scene> scene_;
  std::string scene_problem_ = "Starting";
  bool scene_tried_ = false;
  ViewHistory history_;
  Timings timings_;
  std::unique_ptr<PictureContext> pictures_;
  // One wake-up for each frame at most.
  std::shared_ptr<std::atomic<bool>> wake_posted_ = std::make_shared<std::atomic<bool>>(false);
  RunDesk desk_;
  FilmDesk film_{Wake()};

  WindowLook look_;
  FrameCounter counter_;
  Presenter presenter_{software_};
  double last_drag_ = 0;
  bool shoot_ = false;  // the next frame, which leaves out what passes
};

int Fail(const std::string& message) {
  std::fprintf(stderr, "equipoise: %s\n", message.c_str());
  return 2;
}

}  // namespace

Result<int> RunWindow(const std::string& words, MakeRun make, const WindowOptions& options) {
  const int width = options.width > 0 ? options.width : kUsualWidth;
  const int height = options.height > 0 ? options.height : kUsualHeight;
  auto glfw = GlfwWindow::Create(width, height);
  if (!glfw) return glfw.error();
  auto opening = std::make_unique<RunOpening>(words, std::move(make), &GlfwWindow::Wake);
  // What is wrong at once is said without a window.
  if (opening->Ready(std::chrono::milliseconds(200)) && !opening->Failure().empty()) return Fail(opening->Failure());
  glfw.value()->Show();
  try {
    Window window(std::move(opening), glfw.value().get(), options);
    window.Loop();
    return 0;
  } catch (const std::exception& error) {
    return Fail(std::string("the window failed: ") + error.what() + "; the run itself is saved up to its last episode");
  }
}

}  // namespace equipoise::ui
