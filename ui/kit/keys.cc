#include "ui/kit/keys.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>
#include <utility>

#include "engine/base/atomic_file.h"
#include "ui/kit/config_folder.h"

namespace equipoise::ui {
namespace {

struct NamedKey {
  const char *name, *cap;  // in the file; on the screen where that is another sign
  int key;
};

const std::vector<NamedKey>& NamedKeys() {
  static const std::vector<NamedKey> kNames = [] {
    std::vector<NamedKey> names = {{"Space", "Space", GLFW_KEY_SPACE},       {"Tab", "Tab", GLFW_KEY_TAB},
                                   {"Enter", "Enter", GLFW_KEY_ENTER},       {"Esc", "Esc", GLFW_KEY_ESCAPE},
                                   {"Left", "\xe2\x86\x90", GLFW_KEY_LEFT},  {"Right", "\xe2\x86\x92", GLFW_KEY_RIGHT},
                                   {"Up", "\xe2\x86\x91", GLFW_KEY_UP},      {"Down", "\xe2\x86\x93", GLFW_KEY_DOWN},
                                   {"Home", "Home", GLFW_KEY_HOME},          {"End", "End", GLFW_KEY_END},
                                   {"PageUp", "PgUp", GLFW_KEY_PAGE_UP},     {"PageDown", "PgDn", GLFW_KEY_PAGE_DOWN},
                                   {"Insert", "Ins", GLFW_KEY_INSERT},       {"Delete", "Del", GLFW_KEY_DELETE},
                                   {"Backspace", "Back", GLFW_KEY_BACKSPACE}};
    static const char* const kFunction[] = {"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"};
    for (int i = 0; i < 12; ++i) names.push_back({kFunction[i], kFunction[i], GLFW_KEY_F1 + i});
    return names;
  }();
  return kNames;
}

KeyStroke Key(int key, bool shift = false) { return {key, 0, false, shift}; }
KeyStroke Character(char character, bool control = false) {
  return {0, static_cast<unsigned char>(character), control, false};
}

std::string TextOf(const KeyStroke& stroke, bool cap) {
  std::string text = stroke.control ? "Ctrl+" : "";
  if (stroke.shift) text += "Shift+";
  if (stroke.character != 0) return text + static_cast<char>(std::toupper(static_cast<int>(stroke.character)));
  for (const NamedKey& named : NamedKeys())
    if (named.key == stroke.key) return text + (cap ? named.cap : named.name);
  return text + "?";
}

std::vector<KeyBinding> UsualTable() {
  using A = KeyAction;
  std::vector<KeyBinding> table = {
      {A::kPause, "pause", Key(GLFW_KEY_SPACE), "", "Pause, resume", "Run"},
      {A::kEnvironmentStep, "environment_step", Character('.'), "", "One environment step, then pause", "Run"},
      {A::kGradientStep, "gradient_step", Character(','), "", "One gradient step, then pause", "Run"},
      {A::kEpisodeStep, "episode_step", Character('/'), "", "One episode, then pause", "Run"},
      {A::kSlower, "slower", Character('['), "", "Slower: live and what is shown again", "Run"},
      {A::kFaster, "faster", Character(']'), "", "Faster", "Run"},
      {A::kSettings, "settings", Key(GLFW_KEY_F2), "", "All settings", "Run"},
      {A::kRuns, "runs", Key(GLFW_KEY_F3), "", "Runs: open, look, continue", "Run"},
      {A::kNewRun, "new_run", Character('n'), "", "New run", "Run"},
      {A::kNextRun, "next_run", {GLFW_KEY_TAB, 0, true, false}, "", "The next of the open runs", "Run"},
      {A::kPreviousRun, "previous_run", {GLFW_KEY_TAB, 0, true, true}, "", "The one before", "Run"},
      {A::kCloseRun, "close_run", Character('w', true), "", "Close this run", "Run"},
      {A::kSource, "scene_source", Character('v'), "", "Scene: auto, live, last episode, imagined", "Scene"},
      {A::kPlay, "play", Character('p'), "", "Play, hold the last episode", "Scene"},
      {A::kBack, "back", Key(GLFW_KEY_LEFT), "", "One step back", "Scene"},
      {A::kForward, "forward", Key(GLFW_KEY_RIGHT), "", "One step forward", "Scene"},
      {A::kCamera, "camera", Key(GLFW_KEY_HOME), "", "Camera as at the start", "Scene"},
      {A::kNextCamera, "next_camera", Character('k'), "", "Next camera, follow", "Scene"},
      {A::kContacts, "contacts", Character('o'), "", "Contact points", "Scene"},
      {A::kForces, "forces", Character('f'), "", "Contact forces", "Scene"},
      {A::kJoints, "joints", Character('j'), "", "Joints", "Scene"},
      {A::kLabels, "labels", Character('l'), "", "Names of the bodies", "Scene"},
      {A::kTransparent, "transparent", Character('b'), "", "See through the bodies", "Scene"},
      {A::kEpisodeBefore, "episode_before", Key(GLFW_KEY_PAGE_UP), "", "Decision of the episode before", "Check"},
      {A::kEpisodeAfter, "episode_after", Key(GLFW_KEY_PAGE_DOWN), "", "Decision of the episode after", "Check"},
      {A::kNextMask, "next_mask", Character('m'), "", "Imagine under the next mask", "Check"},
      {A::kNextSecondMask, "next_second_mask", Character('m', true), "", "Compare it with the next one", "Check"},
      {A::kSceneLarge, "scene_large", Character('1'), "", "Scene: large, back", "Cards"},
      {A::kCheckLarge, "check_large", Character('2'), "", "Check: large, back", "Cards"},
      {A::kCurvesLarge, "curves_large", Character('3'), "", "Curves: large, back", "Cards"},
      {A::kModelLarge, "model_large", Character('4'), "", "Model: large, back", "Cards"},
      {A::kLogLarge, "log_large", Character('5'), "", "Log: large, back", "Cards"},
      {A::kControlsShown, "controls", Character('6'), "", "Controls, where they lie behind a tab", "Cards"},
      {A::kExperimentsShown, "experiments", Character('7'), "", "Experiments, likewise", "Cards"},
      {A::kPresent, "present", Key(GLFW_KEY_F9), "", "Present: one card in large letters, back", "Cards"},
      {A::kFullScreen, "full_screen", Key(GLFW_KEY_F11), "", "Full screen, back", "Cards"},
      {A::kXAxis, "x_axis", Character('x'), "", "Curves: episode, steps, updates, wall time", "View"},
      {A::kCurvesIn, "curves_in", Key(GLFW_KEY_UP), "", "Curves: fewer episodes", "View"},
      {A::kCurvesOut, "curves_out", Key(GLFW_KEY_DOWN), "", "Curves: more episodes", "View"},
      {A::kCurvesEarlier, "curves_earlier", Key(GLFW_KEY_LEFT, true), "", "Curves: earlier", "View"},
      {A::kCurvesLater, "curves_later", Key(GLFW_KEY_RIGHT, true), "", "Curves: later", "View"},
      {A::kCurvesAll, "curves_all", Character('a'), "", "Curves: all of the run", "View"},
      {A::kUndo, "undo", Character('z', true), "", "Undo a change of view", "View"},
      {A::kTheme, "theme", Character('t'), "", "Light, dark", "View"},
      {A::kSafeColours, "safe_colours", Character('c'), "", "Colours for the colour-blind, usual ones", "View"},
      {A::kZoomIn, "larger", Character('+'), "", "Larger", "View"},
      {A::kZoomOut, "smaller", Character('-'), "", "Smaller", "View"},
      {A::kZoomReset, "usual_size", Character('0'), "", "Size as at the start", "View"},
      {A::kScreenshot, "picture", Key(GLFW_KEY_F12), "", "Picture of the window as PNG", "Take away"},
      {A::kEvidence, "evidence", Character('e'), "", "Evidence: picture, data, settings, command", "Take away"},
      {A::kTakeAway, "take_away", Character('s'), "", "Pictures, plots, data, films", "Take away"},
      {A::kNextControl, "next_control", Key(GLFW_KEY_TAB), "", "To the next control", "Keyboard"},
      {A::kPreviousControl, "previous_control", Key(GLFW_KEY_TAB, true), "", "To the control before", "Keyboard"},
      {A::kPress, "press", Key(GLFW_KEY_ENTER), "", "Press it, or type into it", "Keyboard"},
      {A::kKeys, "keys", Key(GLFW_KEY_F1), "", "This sheet: keys, mouse, words", "Help"},
      {A::kExplain, "explain", Character('?'), "", "Explain whatever is pointed at", "Help"},
      {A::kTour, "tour", Character('h'), "", "A tour of this run in two minutes", "Help"},
      {A::kEscape, "escape", Key(GLFW_KEY_ESCAPE), "", "Close a sheet, to the newest episode, all cards", "Keyboard"},
  };
  for (KeyBinding& binding : table) binding.cap = TextOf(binding.stroke, true);
  return table;
}

std::vector<KeyBinding>& Table() {
  static std::vector<KeyBinding> table = UsualTable();
  return table;
}

std::string Trimmed(const std::string& text) {
  const size_t from = text.find_first_not_of(" \t\r"), to = text.find_last_not_of(" \t\r");
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

bool SameWord(const std::string& a, const std::string& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

std::string KnownActions() {
  std::string all;
  for (const KeyBinding& binding : UsualTable()) all += (all.empty() ? "" : ", ") + std::string(binding.name);
  return all;
}

}  // namespace

const std::vector<KeyBinding>& KeyTable() { return Table(); }

const KeyBinding* FindKey(int key, bool control, bool shift) {
  for (const KeyBinding& binding : Table()) {
    const KeyStroke& s = binding.stroke;
    if (s.key != 0 && s.key == key && s.control == control && s.shift == shift) return &binding;
  }
  return nullptr;
}

const KeyBinding* FindCharacter(unsigned character, bool control) {
  const unsigned lower = character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
  for (const KeyBinding& binding : Table()) {
    const KeyStroke& s = binding.stroke;
    if (s.character != 0 && s.character == lower && s.control == control) return &binding;
  }
  return nullptr;
}

const char* KeyCapOf(KeyAction action) {
  for (const KeyBinding& binding : Table()) {
    if (binding.action == action) return binding.cap.c_str();
  }
  return "";
}

std::string StrokeText(const KeyStroke& stroke) { return TextOf(stroke, false); }

Result<KeyStroke> ParseStroke(const std::string& given) {
  KeyStroke stroke;
  std::string text = Trimmed(given);
  for (size_t plus = text.find('+'); plus != std::string::npos && plus > 0 && plus + 1 < text.size();
       plus = text.find('+')) {
    const std::string modifier = Trimmed(text.substr(0, plus));
    if (SameWord(modifier, "Ctrl")) {
      stroke.control = true;
    } else if (SameWord(modifier, "Shift")) {
      stroke.shift = true;
    } else {
      return Error{"\"" + modifier + "\" is no modifier; there are Ctrl and Shift"};
    }
    text = Trimmed(text.substr(plus + 1));
  }
  for (const NamedKey& named : NamedKeys()) {
    if (!SameWord(text, named.name)) continue;
    stroke.key = named.key;
    return stroke;
  }
  const auto first = text.empty() ? '\0' : text[0];
  if (text.size() == 1 && std::isgraph(static_cast<unsigned char>(first)) != 0) {
    if (stroke.shift) return Error{"write the character that Shift gives instead of Shift+" + text};
    stroke.character = static_cast<unsigned>(std::tolower(static_cast<unsigned char>(first)));
    return stroke;
  }
  std::string names;
  for (const NamedKey& named : NamedKeys())
    if (std::string(named.name).find('F') != 0) names += std::string(", ") + named.name;
  return Error{"\"" + text + "\" is no key; there are single characters, F1 to F12" + names};
}

Result<std::vector<KeyBinding>> ParseKeys(const std::string& text, const std::string& origin) {
  std::vector<KeyBinding> table = UsualTable();
  std::istringstream in(text);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string here = origin + ":" + std::to_string(number) + ": ";
    line = Trimmed(line);
    if (line.empty() || line[0] == '#') continue;
    const size_t equals = line.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{here + "write it as action = key, for example pause = Space"};
    const std::string name = Trimmed(line.substr(0, equals));
    const auto action =
        std::find_if(table.begin(), table.end(), [&name](const KeyBinding& binding) { return name == binding.name; });
    if (action == table.end()) return Error{here + "there is no action \"" + name + "\"; there are " + KnownActions()};
    std::string key = Trimmed(line.substr(equals + 1));
    if (const size_t comment = key.find(" #"); comment != std::string::npos) key.resize(comment);
    const Result<KeyStroke> stroke = ParseStroke(key);
    if (!stroke) return Error{here + stroke.error().message};
    action->stroke = stroke.value();
    action->cap = TextOf(action->stroke, true);
  }
  for (size_t i = 0; i < table.size(); ++i) {
    for (size_t k = i + 1; k < table.size(); ++k) {
      if (table[i].stroke == table[k].stroke)
        return Error{origin + ": " + StrokeText(table[i].stroke) + " is bound to " + table[i].name + " and to " +
                     table[k].name + "; give one of them another key"};
    }
  }
  return table;
}

std::string KeysAsText(const std::vector<KeyBinding>& table) {
  std::string out = "# Keys of Equipoise's window: action = key. Lines that are left out keep their usual key.\n";
  std::string group;
  for (const KeyBinding& binding : table) {
    if (group != binding.group) out += std::string("\n# ") + binding.group + "\n";
    group = binding.group;
    std::string line = std::string(binding.name) + " = " + StrokeText(binding.stroke);
    line.resize(std::max<size_t>(line.size() + 1, 34), ' ');
    out += line + "# " + binding.text + "\n";
  }
  return out;
}

Status LoadKeys(const std::string& path) {
  std::error_code error;
  if (path.empty() || !std::filesystem::exists(path, error)) return {};
  const Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  Result<std::vector<KeyBinding>> table = ParseKeys(text.value(), path);
  if (!table) return table.error();
  Table() = std::move(table).value();
  return {};
}

std::string KeysFile() {
  const std::string folder = ConfigFolder();
  return folder.empty() ? "" : folder + "/keys";
}

}  // namespace equipoise::ui
