// glfw_window.h: one GLFW window with the context that both MuJoCo's renderer and ImGui accept, and its input as a
// queue.
//
// Keys and the mouse's buttons are queued here because ImGui 1.86 forgets what goes down and up between two frames.
// Thread   main thread; Wake may be called from any thread
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "ui/kit/keys.h"
#include "ui/kit/mouse_queue.h"

struct GLFWwindow;

namespace equipoise::ui {

class GlfwWindow {
 public:
  // Width and height in pixels at scale 1. The monitor's content scale makes the window larger. Not on the screen
  // before Show. Errors say what this machine lacks.
  static Result<std::unique_ptr<GlfwWindow>> Create(int width, int height);
  ~GlfwWindow();
  GlfwWindow(const GlfwWindow&) = delete;
  GlfwWindow& operator=(const GlfwWindow&) = delete;

  void Show();
  void ToggleFullScreen();    // on the monitor that holds most of it; back to the place it had
  static void Wake();         // ends a Wait
  void Wait(double seconds);  // handles events; at most so long; 0 only polls; infinity: until something happens
  bool ShouldClose() const;
  bool Iconified() const;
  // How much larger than at scale 1 the interface must be, in the units of Size (which some systems scale already).
  float ContentScale() const;
  void Size(int* width, int* height) const;
  void FramebufferSize(int* width, int* height) const;
  void Swap();

  // What came in since the last call.
  bool TakeInput();                              // anything a person did; also while a click waits for its frame
  std::vector<KeyAction> TakeKeys(bool typing);  // `typing`: all but function keys and Tab belong to a field

  std::vector<int> TakePressed();  // GLFW's codes of all keys that went down
  MouseFrame TakeMouse() { return mouse_.Next(); }

  GLFWwindow* handle() const { return window_; }

 private:
  GlfwWindow() = default;
  void Listen();

  struct Pressed {
    KeyAction action;
    bool belongs_to_text;  // while a field is being edited
  };
  GLFWwindow* window_ = nullptr;
  std::array<int, 4> windowed_{};  // where it was before it took all of the screen
  bool input_ = true, repeating_ = false;
  std::vector<Pressed> pressed_;
  std::vector<int> codes_;
  MouseQueue mouse_;
  std::array<float, 2> cursor_{};  // where it was at the newest event
};

}  // namespace equipoise::ui
