#include "engine/inspect/plan_again.h"

#include "engine/base/check.h"
#include "engine/base/view.h"
#include "engine/config/settings.h"

namespace equipoise::run {

PlannedAgain PlanAgain(const DecisionMoment& moment, eps::Pick pick, const replay::Episode& recorded,
                       const std::vector<Stroke>& strokes, Collector* collector) {
  agent::Controller* controller = moment.Controller(pick);
  EQ_CHECK(controller != nullptr, "nobody of that name plans");
  collector->set_horizon(moment.horizon);
  const int64_t index = int64_t{moment.settings.run.random_episodes} + moment.episode - 1;
  const Collector::Turn turn{index, moment.episode, pick, eps::Reason::kAlone, &moment.settings, nullptr};
  const Collector::Outcome again = collector->Act(
      turn, controller, moment.ActiveDistractors(), [](const LiveStep&) {},
      [&strokes](int attempt, int step) { return InForce(strokes, attempt, step); });
  PlannedAgain out;
  const View<const float> then(recorded.actions), now(again.episode.actions);
  out.actions = static_cast<int>(then.size());
  EQ_CHECK(then.size() == now.size(), "episodes of two lengths");
  for (int64_t i = 0; i < then.size(); ++i) {
    if (then[i] == now[i]) continue;
    out.differs.push_back("action " + std::to_string(i % moment.actions + 1) + " of step " +
                          std::to_string(i / moment.actions + 1) + " is " + config::ToText(double{then[i]}) +
                          " in the record, now " + config::ToText(double{now[i]}));
  }
  return out;
}

}  // namespace equipoise::run
