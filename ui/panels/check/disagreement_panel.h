// disagreement_panel.h: where the masks disagree: the difference of one mask and of all, by imagined step and by term of
// the reward; and a pinned mask through the training.
//
// By step    the difference summed up to each step, so that it ends at the mask's dot: mask A and B, the mean of all,
//            and what 90 % of them lie in. Steep early: the dynamics; steep late: what compounded
// By term    beside it, in place of the check's rows
// Training   of the pinned mask, one version of the model: its difference at every kept decision, before the least
//            and the mean of each episode's own masks
//
// All of it is asked of the inspector (engine/inspect/disagreement.h) while it is in sight.
// Thread   window thread, inside a frame
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/view/panel.h"

namespace equipoise::ui {

struct DisagreementChoice {  // kept with the window
  bool on = false;
  bool training = false;  // the pinned mask through the training instead of one decision's steps
};

// The chart, and the terms in a place of their own.
void DrawDisagreement(PanelContext& context, const eps::Decision& decision, ImVec2 at, ImVec2 size, ImVec2 rows_at,
                      ImVec2 rows_size);

// Asks for what is pinned, if anything is, in whichever view. Once a frame.
void FollowPinned(PanelContext& context, const eps::Decision* decision);
// What the pinned mask says of this decision; none: nothing is pinned, or it is not known (yet).
std::optional<run::FollowedMask::Point> PinnedOf(const UiState& state, const eps::Decision& decision);
// "mask 19 of episode 40"
std::string PinnedName(const PinnedMask& pinned, const nets::PartList& parts);

struct PartRow {
  std::string label, about;
  std::vector<double> cells;  // A and B, as many as are chosen, then all
};
// Terms, bonus, the rest, first and second half of the steps, the sum.
std::vector<PartRow> PartRows(const run::Disagreement& found, const std::vector<int>& masks);

}  // namespace equipoise::ui
