// actor_strip.h: who acted, one cell per episode: up a model-based learner, down a model-free one, hatched forced, a
// dot random.
//
// Rule     as many cells as fit, up to the newest; wheel and drag go back through the run, and the caller is told which
//          of how many are in view, to say so
// Above    a band of the whole run, however long, with a frame around what is in view: it never looks as if the last
//          few episodes were all of it
// Mouse    wheel or drag: back through the run   click: choose the episode   click or drag on the band: go there
// Thread   window thread, inside a frame
#pragma once

#include <optional>
#include <vector>

#include "ui/kit/draw.h"

namespace equipoise::ui {

struct StripCell {
  int episode;
  Actor actor;
  bool broken = false;   // undecidable, or its guard tripped: a red tick
  bool pending = false;  // decided, but not acted yet
};

struct StripFlag {
  int episode, number;
};

struct StripView {            // kept between frames
  std::optional<int>* last;   // the last episode in view; none: the newest
  std::optional<int>* shows;  // the selection that has been brought into view
  // The episode under the mouse in another panel: its cell answers; an arrow at the edge when it is out of view.
  std::optional<int> echoed = {};
};

struct StripResult {
  std::optional<int> hovered, clicked;  // episodes
  size_t first = 0, last = 0;           // cells in view
  std::optional<int> echoed;            // the episode whose cell answered to another panel
};

// At the cursor, exactly `size` pixels, its row of episode numbers included. `cells` by rising episode. `selected` is
// brought into view once; `shown` is framed; `noted` (rising) get a dot: another rule would have picked otherwise.
StripResult DrawActorStrip(const char* id, ImVec2 size, const std::vector<StripCell>& cells,
                           const std::vector<StripFlag>& flags, std::optional<int> selected, std::optional<int> shown,
                           StripView view, const std::vector<int>& noted = {});

}  // namespace equipoise::ui
