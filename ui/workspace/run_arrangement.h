// run_arrangement.h: the arrangement follows what the run has: no room for a model where there is none, and none for a
// check where nothing is compared and nobody plans; the scene and the curves have it.
//
// Pure: no ImGui call
#pragma once

#include "engine/record/snapshot.h"
#include "ui/view/arrangement.h"

namespace equipoise::ui {

Arrangement ArrangeForRun(const run::Snapshot& snapshot, ImVec2 window, float scale, const PaneSizes& panes,
                          const Wishes& wishes);

}  // namespace equipoise::ui
