// window.h: the window of a run: draws the newest snapshot, posts what the person asks for, and outlives the engine.
//
// Frames are drawn when something happened (pacing.h), since each costs training time. An engine that stops with an
// error leaves its last snapshot and the reason in the window.
//
// Environment   EQUIPOISE_UI_TRACE=file: widget rectangles are appended as "name x y width height" (trace.h), so that a
//               test can click them with a real mouse
// Thread        the main thread (GLFW demands it); the engine runs on its own
// Errors        there is no display or no OpenGL: then `make` was not called. Later ones are an exit code of 2, with a
//               sentence on stderr
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "ui/window/run_opening.h"

namespace equipoise::ui {

struct WindowOptions {
  int width = 0, height = 0;            // 0: as last time, or 1600 x 1000
  float zoom = 0;                       // of the interface, on top of the monitor's scale; 0: as last time, or 1
  bool light = false;                   // start in the light theme whatever was chosen last time
  std::string settings_file;            // where sizes are kept; "": $XDG_CONFIG_HOME/equipoise/window.ini
  std::function<bool()> asked_to_stop;  // by a signal: as if the window were closed; asked a few times a second
};

// Starts the window and, in it, the run that `make` makes beside it; `words` say what is being waited for. Returns when
// the window is closed, with the engine quit and joined: 0, or 2.
Result<int> RunWindow(const std::string& words, MakeRun make, const WindowOptions& options);

}  // namespace equipoise::ui
