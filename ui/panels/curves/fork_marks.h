// fork_marks.h: where a run that is drawn behind this one's curves parts from it: one of the two was forked from the other,
// or both from a third.
//
// Thread   window thread
#pragma once

#include <optional>
#include <string>

#include "engine/store/run_description.h"
#include "ui/figure/event_marks.h"
#include "ui/panels/curves/curve_data.h"

namespace equipoise::ui {

struct Relation {
  std::string folder;
  std::optional<store::ForkedFrom> forked;
};
// Were they one run up to some episode?
bool AreForks(const Relation& a, const Relation& b);

// The first episode in which the other run got another return; none: they have been the same so far.
std::optional<int> FirstDiffering(const CurveData& own, const CurveData& other);
// As a flag on this run's curves.
EventMark PartingMark(const CurveData& own, int episode, const std::string& name);

}  // namespace equipoise::ui
