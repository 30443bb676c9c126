// what_if_panel.h: another rule over the decisions that are already made: what it says of the one that is shown, and
// how many past picks would differ. Nothing is trained anew, and the card says so.
//
// Thread   window thread, inside a frame
#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/eps/what_if.h"
#include "ui/panels/check/what_if_history.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// Another rule over the stored decisions; the values of the rules that are not shown are kept too.
struct WhatIfChoice {
  bool on = false;
  int kind = 0;                                         // eps::WhatIfRule::Kind
  std::array<double, 6> value{10, 20, 20, 0, 0.9, 10};  // in the order of that enum
};
eps::WhatIfRule ChosenRule(const WhatIfChoice& choice);

// The number of a rule as a person types it: "90" for a share, bounded to what the rule allows.
std::string ValueText(const eps::WhatIfRule& rule);
std::optional<double> ValueFromText(eps::WhatIfRule::Kind kind, const std::string& text);

// "not proved → proved", "proved → proved with a chance of 83 %", "cannot be told: the check stopped ..."
std::string Answer(const eps::Decision& decision, const eps::WhatIfRule& rule);

// Over all executed episodes, or so far (what_if_history.h); in a picture over all of them.
const WhatIfHistory& Counted(PanelContext& context, const eps::WhatIfRule& rule);

void DrawWhatIf(PanelContext& context, const eps::Decision* decision, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
