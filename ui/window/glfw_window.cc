#include "ui/window/glfw_window.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include <GLFW/glfw3.h>

#include "ui/gl/gl_functions.h"
#include "ui/view/arrangement.h"

namespace equipoise::ui {
namespace {

std::string last_error;

void KeepError(int, const char* text) { last_error = text; }

gl::Procedure LookUp(const char* name) { return glfwGetProcAddress(name); }

bool MayRepeat(KeyAction action) {
  return action == KeyAction::kBack || action == KeyAction::kForward || action == KeyAction::kNextControl ||
         action == KeyAction::kPreviousControl;
}

constexpr char kNeedsWayland[] =
    ": there is only Wayland, which this GLFW cannot use; install the package xwayland or "
    "libglfw3-wayland";
constexpr char kNeedsServer[] = ": start a display server, or correct the variable DISPLAY";
constexpr char kNeedsDriver[] = ": install the package libgl1-mesa-dri, which draws on any machine";

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool OnlyWayland() { return IsSet("WAYLAND_DISPLAY") && !IsSet("DISPLAY"); }

GlfwWindow* Self(GLFWwindow* window) { return static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window)); }

// A size before the screen's scale; a larger one would leave controls where no mouse comes.
void FitIntoScreen(int* width, int* height) {
  GLFWmonitor* screen = glfwGetPrimaryMonitor();
  if (screen == nullptr) return;
  int room[4] = {0, 0, 0, 0};
  float scale[2] = {1, 1};
  glfwGetMonitorWorkarea(screen, &room[0], &room[1], &room[2], &room[3]);
  glfwGetMonitorContentScale(screen, &scale[0], &scale[1]);
  const auto fit = [](int wanted, int pixels, float by) {
    return pixels > 0 && by > 0 ? std::min(wanted, static_cast<int>(static_cast<float>(pixels) / by)) : wanted;
  };
  *width = fit(*width, room[2], scale[0]);
  *height = fit(*height, room[3], scale[1]);
}

}  // namespace

Result<std::unique_ptr<GlfwWindow>> GlfwWindow::Create(int width, int height) {
  glfwSetErrorCallback(KeepError);
  if (glfwInit() == GLFW_FALSE)
    return Error{"no display can be opened (" + last_error + ")" + (OnlyWayland() ? kNeedsWayland : kNeedsServer)};
  std::unique_ptr<GlfwWindow> out(new GlfwWindow);
  // Compatibility profile: MuJoCo's renderer needs it. "3.3 with any profile" would give a core one.
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_COMPAT_PROFILE);
  glfwWindowHint(GLFW_SAMPLES, 0);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  FitIntoScreen(&width, &height);
  out->window_ = glfwCreateWindow(width, height, "Equipoise", nullptr, nullptr);
  if (out->window_ == nullptr)
    return Error{"no window with OpenGL 3.3 can be opened (" + last_error + ")" + kNeedsDriver};
  glfwSetWindowSizeLimits(out->window_, static_cast<int>(kLeastWidth), static_cast<int>(kLeastHeight), GLFW_DONT_CARE,
                          GLFW_DONT_CARE);
  glfwMakeContextCurrent(out->window_);
  glfwSwapInterval(0);  // paced by the clock: waiting for the screen does nothing on a virtual display
  const Status loaded = gl::Load(LookUp);
  if (!loaded) return Error{loaded.error().message + kNeedsDriver};
  out->Listen();
  return out;
}

GlfwWindow::~GlfwWindow() {
  if (window_ != nullptr) glfwDestroyWindow(window_);
  glfwTerminate();
}

// Before ImGui's own callbacks, which call these.
void GlfwWindow::Listen() {
  glfwSetWindowUserPointer(window_, this);
  double left = 0, top = 0;
  glfwGetCursorPos(window_, &left, &top);
  cursor_ = {static_cast<float>(left), static_cast<float>(top)};
  glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) {
    Self(w)->cursor_ = {static_cast<float>(x), static_cast<float>(y)};
    Self(w)->input_ = true;
  });
  // Where the last event left the mouse: glfwGetCursorPos asks where it is by now.
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
    const auto [x, y] = Self(w)->cursor_;
    Self(w)->mouse_.Add(static_cast<size_t>(button), action == GLFW_PRESS, x, y);
    Self(w)->input_ = true;
  });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { Self(w)->input_ = true; });
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int) { Self(w)->input_ = true; });
  glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { Self(w)->input_ = true; });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { Self(w)->input_ = true; });
  glfwSetWindowIconifyCallback(window_, [](GLFWwindow* w, int) { Self(w)->input_ = true; });
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int scancode, int action, int modifiers) {
    GlfwWindow* self = Self(w);
    self->input_ = true;
    self->repeating_ = action == GLFW_REPEAT;
    if (action == GLFW_PRESS && key >= 0) self->codes_.push_back(key);
    if (action == GLFW_RELEASE) return;
    const bool control = (modifiers & GLFW_MOD_CONTROL) != 0;
    const KeyBinding* binding = FindKey(key, control, (modifiers & GLFW_MOD_SHIFT) != 0);
    // With Ctrl held there is no character; the key's own name is what is printed on it.
    const char* printed = binding == nullptr && control ? glfwGetKeyName(key, scancode) : nullptr;
    if (printed != nullptr) binding = FindCharacter(static_cast<unsigned char>(printed[0]), true);
    if (binding == nullptr) return;
    const bool function_key = key >= GLFW_KEY_F1 && key <= GLFW_KEY_F25;
    const bool belongs_to_text = !function_key && key != GLFW_KEY_TAB;
    if (action == GLFW_PRESS || MayRepeat(binding->action))
      self->pressed_.push_back({binding->action, belongs_to_text});
  });
  glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned character) {
    GlfwWindow* self = Self(w);
    self->input_ = true;
    const KeyBinding* binding = FindCharacter(character, false);
    // GLFW reports the key before its character, so a held key is known here.
    if (binding != nullptr && !self->repeating_) self->pressed_.push_back({binding->action, true});
  });
}

void GlfwWindow::Show() { glfwShowWindow(window_); }

void GlfwWindow::ToggleFullScreen() {
  input_ = true;
  if (glfwGetWindowMonitor(window_) != nullptr) {
    glfwSetWindowMonitor(window_, nullptr, windowed_[0], windowed_[1], windowed_[2], windowed_[3], GLFW_DONT_CARE);
    return;
  }
  glfwGetWindowPos(window_, &windowed_[0], &windowed_[1]);
  glfwGetWindowSize(window_, &windowed_[2], &windowed_[3]);
  int count = 0;
  GLFWmonitor* const* monitors = glfwGetMonitors(&count);
  GLFWmonitor* most = nullptr;
  int shared = -1;
  for (int i = 0; i < count; ++i) {
    int x = 0, y = 0;
    glfwGetMonitorPos(monitors[i], &x, &y);
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    if (mode == nullptr) continue;
    const int wide = std::min(windowed_[0] + windowed_[2], x + mode->width) - std::max(windowed_[0], x);
    const int high = std::min(windowed_[1] + windowed_[3], y + mode->height) - std::max(windowed_[1], y);
    const int here = std::max(wide, 0) * std::max(high, 0);
    if (here > shared) most = monitors[i], shared = here;
  }
  if (most == nullptr) return;
  const GLFWvidmode* mode = glfwGetVideoMode(most);
  glfwSetWindowMonitor(window_, most, 0, 0, mode->width, mode->height, mode->refreshRate);
}

void GlfwWindow::Wake() { glfwPostEmptyEvent(); }

void GlfwWindow::Wait(double seconds) {
  if (seconds <= 0) {
    glfwPollEvents();
  } else if (std::isfinite(seconds)) {
    glfwWaitEventsTimeout(seconds);
  } else {
    glfwWaitEvents();
  }
}

bool GlfwWindow::ShouldClose() const { return glfwWindowShouldClose(window_) != 0; }
// A window that nobody manages is unmapped instead.
bool GlfwWindow::Iconified() const {
  return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) != 0 || glfwGetWindowAttrib(window_, GLFW_VISIBLE) == 0;
}

float GlfwWindow::ContentScale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  int width = 0, height = 0, pixels = 0, rows = 0;
  Size(&width, &height);
  FramebufferSize(&pixels, &rows);
  const float density = width > 0 && pixels > 0 ? static_cast<float>(pixels) / static_cast<float>(width) : 1;
  return x > 0 ? x / density : 1;
}

void GlfwWindow::Size(int* width, int* height) const { glfwGetWindowSize(window_, width, height); }

void GlfwWindow::FramebufferSize(int* width, int* height) const { glfwGetFramebufferSize(window_, width, height); }
void GlfwWindow::Swap() { glfwSwapBuffers(window_); }

bool GlfwWindow::TakeInput() {
  const bool came = input_ || mouse_.waiting();
  input_ = false;
  return came;
}

std::vector<int> GlfwWindow::TakePressed() { return std::exchange(codes_, {}); }

std::vector<KeyAction> GlfwWindow::TakeKeys(bool typing) {
  std::vector<KeyAction> actions;
  for (const Pressed& pressed : pressed_) {
    if (!typing || !pressed.belongs_to_text) actions.push_back(pressed.action);
  }
  pressed_.clear();
  return actions;
}

}  // namespace equipoise::ui
