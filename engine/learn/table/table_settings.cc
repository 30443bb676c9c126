#include "engine/learn/table/table_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {
namespace {

Status Relations(const TableSettings&, const config::Settings& s) {
  if (s.run.task == "cartpole") return {};
  return Error{"a table of action values needs few states: it is offered for cartpole alone (2880 cells), not for " +
               s.run.task};
}

}  // namespace

config::Section TableSection() {
  using S = TableSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "action values",
      {
          {EQ_FIELD(planning), 0, 100000, "per decision", kEpisode,
           "K: values learnt from the counted model for each real decision; 0 is Q-learning"},
          {EQ_FIELD(alpha), 0.0, 1.0, "", kEpisode, "step size of a value; 0 freezes them"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "per decision", kEpisode, "discount"},
          {EQ_FIELD(epsilon), 0.0, 1.0, "", kEpisode, "share of decisions that are drawn, not the best"},
          {EQ_FIELD(initial), -1000000.0, 1000000.0, "", kFixed,
           "value of what was never tried: above what can be had, everything is tried"},
          {EQ_FIELD(hold), 1, 1000, "steps", kFixed, "an action is held for so many"},
      },
      Relations);
}

}  // namespace equipoise::learn
