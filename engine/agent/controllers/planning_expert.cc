#include "engine/agent/controllers/planning_expert.h"

#include "engine/base/view.h"

namespace equipoise::agent {
namespace {

constexpr int kLabelling = 1000;  // as an attempt at the episode: no real one draws the same

}  // namespace

std::vector<float> PlanningExpert::Label(const nets::TrainInputs& in, int64_t episode,
                                         const std::function<void(int64_t step)>& after) {
  const int64_t T = in.data.horizon(), S = in.data.states(), A = in.data.actions();
  config::Settings settings = in.settings;
  settings.Of<MpcSettings>().replan = 1;
  EpisodeStart start{static_cast<uint64_t>(settings.run.seed), episode, kLabelling, static_cast<int>(T), S, A};
  start.settings = &settings;
  start.team = in.team;
  planner_->Begin(start);
  const replay::Episode& acted = in.data[episode];
  std::vector<float> now(static_cast<size_t>(S)), next(now.size()), labels;
  for (int64_t t = 0; t < T; ++t) {
    in.data.Observation(episode, t, now.data());
    in.data.Observation(episode, t + 1, next.data());
    const int step = static_cast<int>(t);
    const std::vector<float> action = planner_->Act({step, now.data()}).action;
    labels.insert(labels.end(), action.begin(), action.end());
    planner_->Observe({step, now.data(), acted.actions.data() + t * A, View(acted.rewards)[t], next.data()});
    after(t + 1);
  }
  return labels;
}

}  // namespace equipoise::agent
