// answers.h: what panels ask about stored decisions and episodes, and what the inspector has brought.
//
// Questions are posted after the frame in which they were asked; an answer comes when it comes, maybe to an older one.
// What is imagined lies in imagined_view.h.
// Thread   window thread
#pragma once

#include <optional>
#include <vector>

#include "engine/inspect/inspector.h"

namespace equipoise::ui {

struct Answers {
  std::vector<run::Inspection> questions;     // asked in this frame
  run::Shared<run::Reevaluated> reevaluated;  // newest answer
  run::Shared<run::Recalled> recalled;        // newest answer: an episode that was chosen, as it was acted
  run::Shared<run::Disagreement> disagreement;
  run::Shared<run::FollowedMask> followed;
  std::optional<int> recall_asked;  // the episode asked for last
};

}  // namespace equipoise::ui
