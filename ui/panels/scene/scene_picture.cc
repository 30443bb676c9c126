#include "ui/panels/scene/scene_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ui/kit/keys.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

constexpr double kLeastPeriod = 0.09;  // seconds between two poses

SceneQuality QualityOf(SceneEffort effort) {
  switch (effort) {
    case SceneEffort::kLow:
      return {false, false, 1};
    case SceneEffort::kMedium:
      return {true, false, 1};
    case SceneEffort::kFull:
      break;
  }
  return {true, true, 2};
}

// A hand that pulls at the body.
struct SceneHand {
  bool on_body = false;          // Ctrl and a button went down on it: the next move pulls
  std::array<double, 6> pull{};  // posted last
};

void LetGo(PanelContext& context, Scene& scene) {
  scene.EndPull();
  context.state.memory.OfRun<SceneHand>().pull = {};
  context.post(run::PushBody{});
}

void Pull(PanelContext& context, Scene& scene, bool acting, double dx, double dy) {
  SceneHand& hand = context.state.memory.OfRun<SceneHand>();
  if (!acting) {  // the episode ended in the hand
    scene.EndPull();
    hand.pull = {};
    return;
  }
  scene.Pull(dx, dy, ImGui::GetIO().KeyShift);
  const std::array<double, 6> wrench = scene.PullWrench();
  if (wrench != hand.pull) context.post(run::PushBody{scene.picked(), wrench});
  hand.pull = wrench;
  const double newton = std::sqrt(wrench[0] * wrench[0] + wrench[1] * wrench[1] + wrench[2] * wrench[2]);
  Tooltip(Format("%.0f N on the ", newton) + scene.BodyName(scene.picked()));
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  TraceWidget("scene.newton", mouse, {mouse.x + static_cast<float>(newton), mouse.y});
  context.state.clock.next_frame_in = 0;
}

void HandleGestures(PanelContext& context, Scene& scene, bool acting, ImVec2 a, ImVec2 b) {
  UiState& state = context.state;
  const ImGuiIO& io = ImGui::GetIO();
  const float height = b.y - a.y;
  SceneHand& hand = state.memory.OfRun<SceneHand>();
  if (std::exchange(state.memory.OfWindow<ScenePictureView>().reset_camera, false)) {
    scene.ResetCamera();
    state.scene.show.camera = -1;
  }
  const double x = (io.MousePos.x - a.x) / std::max(1.0f, b.x - a.x), y = (io.MousePos.y - a.y) / height;
  if (ImGui::IsItemActivated() && io.KeyCtrl &&
      (ImGui::IsMouseDown(ImGuiMouseButton_Left) || ImGui::IsMouseDown(ImGuiMouseButton_Right))) {
    // Beside the body the one that is named stays so, and is what is pulled.
    hand.on_body = scene.PickOrKeep(x, y) > 0 && acting;
    if (!acting) Complain(state, "Only a body that acts can be pushed: show it live, slowed to real time.");
  }
  hand.on_body &= ImGui::IsItemActive();
  const double dx = io.MouseDelta.x / std::max(height, Px(600)), dy = io.MouseDelta.y / std::max(height, Px(600));
  // A click alone touches nothing: a hand that holds still would already hold the body back.
  if (hand.on_body && (dx != 0 || dy != 0)) {
    hand.on_body = false;
    scene.StartPull();
  }
  if (scene.pulling()) {
    if (ImGui::IsItemActive()) {
      Pull(context, scene, acting, io.MouseDelta.x / height, io.MouseDelta.y / height);
    } else {
      LetGo(context, scene);
    }
  } else if (ImGui::IsItemActive() && !io.KeyCtrl && (dx != 0 || dy != 0)) {
    // A share of the picture's height as in MuJoCo's own viewer, tamed where the picture is small.
    state.scene.show.camera = -1;
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left) && !io.KeyShift) {
      scene.Orbit(dx, dy);
    } else if (ImGui::IsMouseDown(ImGuiMouseButton_Right) || ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
      scene.Pan(dx, dy);
    } else {
      scene.Zoom(-10 * dy);
    }
  }
  if (!ImGui::IsItemHovered()) return;
  if (io.MouseWheel != 0) scene.Zoom(io.MouseWheel);
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Right) && !io.KeyCtrl && scene.CentreOn(x, y)) {
    state.scene.show.camera = -1;
    TraceWidget("scene.centred", a, b);
  }
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && scene.Pick(x, y) == 0) scene.ClearPick();
}

// Another camera is named: the key that leads through them does not say which one it is.
void SayCamera(UiState& state, const Scene& scene) {
  ScenePictureView& view = state.memory.OfWindow<ScenePictureView>();
  const int now = state.scene.show.camera;
  if (DrawingPicture() || std::exchange(view.camera_said, now) == now) return;
  const std::string name = now < 0 ? "follows the body" : scene.Cameras()[static_cast<size_t>(now)];
  Toast(state, "Camera: " + name + ".");
  std::string said = name;
  std::replace(said.begin(), said.end(), ' ', '_');
  TraceWidget("scene.camera." + said, {0, 0}, {1, 1});
}

}  // namespace

void DrawProblem(const std::string& text, ImVec2 a, ImVec2 b) {
  Rect(a, b, Colors().raised, Px(6));
  const auto lines = Wrap(GetFonts().small, text, std::min(b.x - a.x - Px(40), Px(520)), 6);
  float y = (a.y + b.y) * 0.5f - Px(10) * static_cast<float>(lines.size());
  for (const std::string& line : lines) {
    TextCentered(GetFonts().small, {(a.x + b.x) * 0.5f, y}, Colors().secondary, line);
    y += Px(20);
  }
}

void DrawScenePicture(PanelContext& context, Scene* scene, const std::string& problem, Scene::Frame frame, bool acting,
                      ImVec2 a, ImVec2 b) {
  const ImVec2 size{b.x - a.x, b.y - a.y};
  ImGui::SetCursorScreenPos(a);
  ImGui::InvisibleButton(
      "scene.picture", size,
      ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
  TraceWidget("scene.picture", a, b);
  if (scene == nullptr) {
    DrawProblem(problem, a, b);
    return;
  }
  HandleGestures(context, *scene, acting, a, b);
  if (context.state.scene.show.camera >= static_cast<int>(scene->Cameras().size()))
    context.state.scene.show.camera = -1;
  SayCamera(context.state, *scene);
  frame.light = Colors().light;
  frame.width = static_cast<int>(size.x);
  frame.height = static_cast<int>(size.y);
  frame.quality = QualityOf(context.state.window.scene_effort);
  frame.show = context.state.scene.show;
  // Where the processor draws and learners want it, the body need not move in every frame that the mouse asks for.
  ScenePictureView& view = context.state.memory.OfWindow<ScenePictureView>();
  const double now = context.state.clock.now;
  const bool rests = context.state.window.scene_effort == SceneEffort::kLow && !DrawingPicture() &&
                     !ImGui::IsItemHovered() && !ImGui::IsItemActive() && now - view.drawn_at < kLeastPeriod &&
                     scene->OnlyMoved(frame);
  const auto texture = rests ? Result<unsigned>(scene->texture()) : scene->Draw(frame);
  if (!rests) view.drawn_at = now;
  if (!texture) {
    DrawProblem("The scene cannot be drawn: " + texture.error().message + ".", a, b);
    return;
  }
  DrawList()->AddImageRounded(TextureId(texture.value()), a, b, {0, 1}, {1, 0}, IM_COL32_WHITE, Px(6));
  Frame(a, b, Colors().line, Px(6));
  const std::array<float, 2> root = scene->OnScreen(1);
  const ImVec2 at{a.x + root[0] * size.x, a.y + root[1] * size.y};
  TraceWidget("scene.body", {at.x - 2, at.y - 2}, {at.x + 2, at.y + 2});
}

void DrawViewOptions(UiState& state, const Scene* scene, ImVec2 b) {
  if (scene == nullptr) return;
  ScenePictureView& view = state.memory.OfWindow<ScenePictureView>();
  const float pad = Px(10), side = Px(24);
  const ImVec2 button{b.x - pad - side, b.y - pad - side};
  Rect(button, {button.x + side, button.y + side}, Colors().scrim, Px(5));
  ButtonStyle style;
  style.on = view.options_open;
  style.tooltip = "what the scene shows";
  if (Button("scene.options", button, {side, side}, icon::kSliders, style)) view.options_open = !view.options_open;
  if (!view.options_open) return;

  struct Row {
    const char *id, *label;
    KeyAction key;
    bool* on;
  };
  SceneShow& show = state.scene.show;
  const Row rows[] = {{"show.contacts", "Contact points", KeyAction::kContacts, &show.contacts},
                      {"show.forces", "Contact forces", KeyAction::kForces, &show.forces},
                      {"show.joints", "Joints", KeyAction::kJoints, &show.joints},
                      {"show.labels", "Labels", KeyAction::kLabels, &show.labels},
                      {"show.transparent", "See through", KeyAction::kTransparent, &show.transparent}};
  const std::vector<std::string> cameras = scene->Cameras();
  const float row = Px(24), width = Px(212), height = row * 6 + Px(16);
  const float top = ImGui::GetWindowPos().y + Px(4);  // in a low card it covers what stands above the picture
  const ImVec2 p{b.x - pad - width, std::max(top, button.y - Px(6) - height)}, q{p.x + width, p.y + height};
  ImGui::SetCursorScreenPos(p);
  // A child of its own, so that it lies over all that the card says.
  BeginChild("view", {width, height}, true, false, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  // ImGui puts a child's ground into the list of its parent, below what the card says later.
  Rect(p, q, Colors().card, Px(6));
  Frame(p, q, Colors().line, Px(6));
  float y = p.y + Px(8) + row * 0.5f;
  for (const Row& r : rows) {
    TextMiddle(GetFonts().small, {p.x + Px(12), y}, Colors().text, r.label);
    KeyCap({q.x - Px(76), y}, KeyCapOf(r.key));
    if (Switch(r.id, {q.x - Px(12) - SwitchSize().x, y - SwitchSize().y * 0.5f}, *r.on)) *r.on = !*r.on;
    y += row;
  }
  TextMiddle(GetFonts().small, {p.x + Px(12), y}, Colors().text, "Camera");
  KeyCap({q.x - Px(106), y}, KeyCapOf(KeyAction::kNextCamera));
  const bool fixed = show.camera >= 0 && show.camera < static_cast<int>(cameras.size());
  const std::string name = fixed ? cameras[static_cast<size_t>(show.camera)] : "follow";
  if (Link("show.camera", {q.x - Px(12) - TextWidth(GetFonts().small, name), y - Px(8)}, Colors().text, name))
    show.camera = show.camera + 1 < static_cast<int>(cameras.size()) ? show.camera + 1 : -1;
  ImGui::EndChild();
}

void DrawPicked(const Scene& scene, ImVec2 a, ImVec2 b) {
  const Scene::BodyState body = scene.State(scene.picked());
  if (body.name.empty()) return;
  ImFont* font = GetFonts().small;
  std::string text = Format("x %.2f   z %.2f m", body.position[0], body.position[2]);
  if (body.moving) text += Format("   %.2f m/s   contact %.0f N", body.speed, body.contact);
  const float pad = Px(10), height = Px(24);
  const float name = TextWidth(GetFonts().strong, body.name), width = name + TextWidth(font, text) + Px(34);
  const ImVec2 p{a.x + pad, b.y - pad - height};
  if (width + Px(60) > b.x - a.x) return;
  Rect(p, {p.x + width, p.y + height}, Colors().scrim, Px(5));
  TraceWidget("scene.picked." + body.name, p, {p.x + width, p.y + height});
  TextMiddle(GetFonts().strong, {p.x + Px(10), p.y + height * 0.5f}, Colors().text, body.name);
  TextMiddle(font, {p.x + Px(22) + name, p.y + height * 0.5f}, Colors().secondary, text);
}

}  // namespace equipoise::ui
