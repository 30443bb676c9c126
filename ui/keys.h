// keys.h: every key of the window, once. The sheet of F1 is drawn from this table and the window acts by it.
#pragma once

#include <cstdint>
#include <vector>

namespace equipoise::ui {

enum class KeyAction : uint8_t {
  kPause,
  kEnvironmentStep,
  kGradientStep,
  kEpisodeStep,
  kPlay,
  kBack,
  kForward,
  kSource,
  kCamera,
  kNextCamera,
  kContacts,
  kForces,
  kJoints,
  kLabels,
  kTransparent,
  kXAxis,
  kTheme,
  kZoomIn,
  kZoomOut,
  kZoomReset,
  kSettings,
  kKeys,
  kScreenshot,
  kEscape,
};

struct KeyBinding {
  KeyAction action;
  int key;             // GLFW's code, 0 when it is found by its character: '.' lies elsewhere on other keyboards
  unsigned character;  // 0 when it is found by its key
  const char* cap;     // as printed on a key
  const char* text;    // what it does
  const char* group;
};

const std::vector<KeyBinding>& KeyTable();
const KeyBinding* FindKey(int key);
const KeyBinding* FindCharacter(unsigned character);
const char* KeyCapOf(KeyAction action);

}  // namespace equipoise::ui
