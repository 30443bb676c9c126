#include "ui/keys.h"

#include <GLFW/glfw3.h>

namespace equipoise::ui {

const std::vector<KeyBinding>& KeyTable() {
  static const std::vector<KeyBinding> kTable = {
      {KeyAction::kPause, GLFW_KEY_SPACE, 0, "Space", "Pause, resume", "Run"},
      {KeyAction::kEnvironmentStep, 0, '.', ".", "One environment step, then pause", "Run"},
      {KeyAction::kGradientStep, 0, ',', ",", "One gradient step, then pause", "Run"},
      {KeyAction::kEpisodeStep, 0, '/', "/", "One episode, then pause", "Run"},
      {KeyAction::kSettings, GLFW_KEY_F2, 0, "F2", "All settings", "Run"},
      {KeyAction::kSource, GLFW_KEY_TAB, 0, "Tab", "Scene: auto, live, last episode, imagined", "Scene"},
      {KeyAction::kPlay, 0, 'p', "P", "Play, hold the last episode", "Scene"},
      {KeyAction::kBack, GLFW_KEY_LEFT, 0, "\xe2\x86\x90", "One step back", "Scene"},
      {KeyAction::kForward, GLFW_KEY_RIGHT, 0, "\xe2\x86\x92", "One step forward", "Scene"},
      {KeyAction::kCamera, GLFW_KEY_HOME, 0, "Home", "Camera as at the start", "Scene"},
      {KeyAction::kNextCamera, 0, 'k', "K", "Next camera, follow", "Scene"},
      {KeyAction::kContacts, 0, 'o', "O", "Contact points", "Scene"},
      {KeyAction::kForces, 0, 'f', "F", "Contact forces", "Scene"},
      {KeyAction::kJoints, 0, 'j', "J", "Joints", "Scene"},
      {KeyAction::kLabels, 0, 'l', "L", "Names of the bodies", "Scene"},
      {KeyAction::kTransparent, 0, 'b', "B", "See through the bodies", "Scene"},
      {KeyAction::kXAxis, 0, 'x', "X", "Curves: episode, steps, wall time", "Window"},
      {KeyAction::kTheme, 0, 't', "T", "Light, dark", "Window"},
      {KeyAction::kZoomIn, 0, '+', "+", "Larger", "Window"},
      {KeyAction::kZoomOut, 0, '-', "-", "Smaller", "Window"},
      {KeyAction::kZoomReset, 0, '0', "0", "Size as at the start", "Window"},
      {KeyAction::kScreenshot, GLFW_KEY_F12, 0, "F12", "Picture of the window as PNG", "Window"},
      {KeyAction::kKeys, GLFW_KEY_F1, 0, "F1", "This sheet", "Window"},
      {KeyAction::kEscape, GLFW_KEY_ESCAPE, 0, "Esc", "Close a sheet, back to the newest episode", "Window"},
  };
  return kTable;
}

const KeyBinding* FindKey(int key) {
  for (const KeyBinding& binding : KeyTable()) {
    if (binding.key != 0 && binding.key == key) return &binding;
  }
  return nullptr;
}

const KeyBinding* FindCharacter(unsigned character) {
  const unsigned lower = character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
  for (const KeyBinding& binding : KeyTable()) {
    if (binding.character != 0 && binding.character == lower) return &binding;
  }
  return nullptr;
}

const char* KeyCapOf(KeyAction action) {
  for (const KeyBinding& binding : KeyTable()) {
    if (binding.action == action) return binding.cap;
  }
  return "";
}

}  // namespace equipoise::ui
