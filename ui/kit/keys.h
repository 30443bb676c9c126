// keys.h: every key of the window, once. The sheet of F1 is drawn from this table and the window acts by it.
//
// A person may bind other keys in a file (one "action = key" a line; `equipoise keys` prints it as it stands):
//   pause = Space
//   undo = Ctrl+Z
//
// Thread   window thread; LoadKeys before the first frame
// Errors   file and line, what is wrong, what is known: an action or a key that does not exist, one key for two actions
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::ui {

enum class KeyAction : uint8_t {
  kPause,
  kEnvironmentStep,
  kGradientStep,
  kEpisodeStep,
  kSlower,
  kFaster,
  kSettings,
  kRuns,
  kNewRun,
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
  kEpisodeBefore,
  kEpisodeAfter,
  kNextMask,
  kNextSecondMask,
  kXAxis,
  kCurvesIn,
  kCurvesOut,
  kCurvesEarlier,
  kCurvesLater,
  kCurvesAll,
  kUndo,
  kNextControl,
  kPreviousControl,
  kPress,
  kTheme,
  kSafeColours,
  kZoomIn,
  kZoomOut,
  kZoomReset,
  kScreenshot,
  kEvidence,
  kTakeAway,
  kNextRun,
  kPreviousRun,
  kCloseRun,
  kSceneLarge,  // these in the order of the pages (view/arrangement.h)
  kCheckLarge,
  kCurvesLarge,
  kModelLarge,
  kLogLarge,
  kControlsShown,
  kExperimentsShown,
  kFullScreen,
  kPresent,
  kKeys,
  kExplain,
  kTour,
  kEscape,
};

struct KeyStroke {
  int key = 0;             // GLFW's code, 0 when it is found by its character: '.' lies elsewhere on other keyboards
  unsigned character = 0;  // lower case; 0 when it is found by its key
  bool control = false, shift = false;  // a character takes Shift as it comes
  bool operator==(const KeyStroke& o) const {
    return key == o.key && character == o.character && control == o.control && shift == o.shift;
  }
};

struct KeyBinding {
  KeyAction action;
  const char* name;  // in the file of keys
  KeyStroke stroke;
  std::string cap;   // as printed on a key
  const char* text;  // what it does
  const char* group;
};

const std::vector<KeyBinding>& KeyTable();
const KeyBinding* FindKey(int key, bool control, bool shift);
const KeyBinding* FindCharacter(unsigned character, bool control);
const char* KeyCapOf(KeyAction action);

// "Ctrl+Z", "F12", "Shift+Tab", "." and back.
std::string StrokeText(const KeyStroke& stroke);
Result<KeyStroke> ParseStroke(const std::string& text);

// The table with the bindings of such a file in it; `origin` stands in errors.
Result<std::vector<KeyBinding>> ParseKeys(const std::string& text, const std::string& origin);
std::string KeysAsText(const std::vector<KeyBinding>& table);
// Takes the file's bindings from now on; an absent file changes nothing.
Status LoadKeys(const std::string& path);
// $XDG_CONFIG_HOME/equipoise/keys, or "" where there is no home.
std::string KeysFile();

}  // namespace equipoise::ui
