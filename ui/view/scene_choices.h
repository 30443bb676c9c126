// scene_choices.h: which body the scene shows, at which moment, how fast it moves and what is drawn on it.
//
// Thread   window thread
#pragma once

#include "ui/scene/scene_show.h"
#include "ui/view/imagined_view.h"
#include "ui/view/playback.h"

namespace equipoise::ui {

// automatic: live while acting, the last episode otherwise
enum class SceneSource { kAutomatic, kLive, kLastEpisode, kImagined };

struct SceneChoices {
  SceneSource source = SceneSource::kAutomatic;
  SceneSource source_before = SceneSource::kAutomatic;  // the newest that was no imagination
  Playback playback;                                    // of the last episode, or of one that was chosen
  ImaginedView imagined;                                // when the source is kImagined; mask A is Selection::mask
  // How fast what the scene shows moves, as a factor of real time: environment steps that are being acted, a loop, an
  // imagination. 0: steps are acted as fast as possible, and what was acted is shown in real time.
  double speed = 0;
  SceneShow show;

  bool shows_imagined() const { return source == SceneSource::kImagined; }
};

}  // namespace equipoise::ui
