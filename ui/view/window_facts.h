// window_facts.h: what the window tells its panels: how much room there is, what drawing may cost, whether the run is
// only read, and what else goes on in this window.
//
// Thread   window thread
#pragma once

#include <optional>
#include <string>

namespace equipoise::ui {

enum class SceneEffort { kLow, kMedium, kFull };  // no shadows; shadows; and smooth edges and reflections

struct TrainingElsewhere {
  std::string folder, words;  // "Training goes on: hopper-s3, episode 12"
};

struct FilmProgress {         // of the film that is being made
  int frame = 0, frames = 0;  // 0 frames: none
  std::string path;
};

struct WindowFacts {
  bool compact = false;      // small window: words shorten, secondary sentences go. Set by the layout each frame
  bool single_pane = false;  // likewise: one card at a time, behind tabs
  SceneEffort scene_effort = SceneEffort::kFull;
  bool watching = false;                       // this window only reads the run
  std::optional<TrainingElsewhere> elsewhere;  // the run that trains here while another one is looked at
  std::string fork;                            // how far the one is that trains beside; "": none
  FilmProgress film;
};

}  // namespace equipoise::ui
