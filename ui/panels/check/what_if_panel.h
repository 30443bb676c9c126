// what_if_panel.h: another rule over the decisions that are already made: what it says of the one that is shown, and
// how many past picks would differ. Nothing is trained anew, and the card says so.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "engine/eps/what_if.h"
#include "ui/panels/check/what_if_history.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

eps::WhatIfRule ChosenRule(const UiState::WhatIf& state);

// The number of a rule as a person types it: "90" for a share, bounded to what the rule allows.
std::string ValueText(const eps::WhatIfRule& rule);
std::optional<double> ValueFromText(eps::WhatIfRule::Kind kind, const std::string& text);

// "not proved → proved", "proved → proved with a chance of 83 %", "cannot be told: the check stopped ..."
std::string Answer(const eps::Decision& decision, const eps::WhatIfRule& rule);

// Over all executed episodes, or so far (what_if_history.h).
const WhatIfHistory& Counted(const run::Snapshot& snapshot, const eps::WhatIfRule& rule, bool wait = false);

void DrawWhatIf(PanelContext& context, const eps::Decision* decision, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
