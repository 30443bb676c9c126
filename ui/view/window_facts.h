// window_facts.h: what the window tells its panels: how much room there is, what drawing may cost, whether the run is
// only read, and what else goes on in this window.
//
// Thread   window thread
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace equipoise::ui {

enum class SceneEffort { kLow, kMedium, kFull };  // no shadows; shadows; and smooth edges and reflections

// One of the runs that the window has open, as its tab shows it.
struct RunTab {
  enum class Kind : uint8_t { kTrains, kPaused, kFinished, kStopped, kWatched } kind = Kind::kTrains;
  std::string folder, name;
  std::string words;  // "Trains: episode 12 of 100"
  bool looked = false;
};

struct FilmProgress {         // of the film that is being made
  int frame = 0, frames = 0;  // 0 frames: none
  std::string path;
};

struct WindowFacts {
  bool compact = false;      // small window: words shorten, secondary sentences go. Set by the layout each frame
  bool single_pane = false;  // likewise: one card at a time, behind tabs
  SceneEffort scene_effort = SceneEffort::kFull;
  bool watching = false;     // this window only reads the run
  std::vector<RunTab> runs;  // that the window has open; one: no tabs are needed
  std::string making;        // of a run on its way beside: "Making run-fork"; "": none
  std::string shares;        // what several trainings share: "2 trainings, 4 threads on 2 cores"
  FilmProgress film;
};

}  // namespace equipoise::ui
