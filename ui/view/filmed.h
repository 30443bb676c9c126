// filmed.h: what a film of the scene would show now: the imagination that the scene shows, else the episode in its loop,
// else the last one.
//
// Thread   window thread
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

struct Filmed {  // one of the two, or neither
  run::Shared<run::EpisodeTrace> trace;
  run::Shared<run::Imagined> imagined;
  int steps() const { return trace != nullptr ? trace->steps() : imagined != nullptr ? imagined->horizon : 0; }
  int episode() const {
    return trace != nullptr ? trace->episode : imagined != nullptr ? imagined->request.episode : 0;
  }
};

inline Filmed FilmedNow(const PanelContext& context) {
  const SceneChoices& scene = context.state.scene;
  const auto& shown = scene.imagined.shown;
  if (scene.shows_imagined() && shown != nullptr && shown->problem.empty() && !shown->masks.empty())
    return {nullptr, shown};
  return {scene.playback.trace() != nullptr ? scene.playback.trace() : context.snapshot.trace, nullptr};
}

}  // namespace equipoise::ui
