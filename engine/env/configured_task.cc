#include "engine/env/configured_task.h"

namespace equipoise::env {

Result<std::unique_ptr<Task>> MakeTask(const config::Settings& s) {
  return MakeTask(s.run.task, s.env.alive_bonus == "always" ? AliveBonus::kAlways : AliveBonus::kWhileHealthy);
}

int HorizonOf(const config::Settings& s, const TaskInfo& info) {
  return s.env.horizon > 0 ? s.env.horizon : info.horizon;
}

DistractorSpec DistractorSpecOf(const config::Settings& s) {
  const auto& d = s.distractors;
  return {d.groups, d.sinusoids, d.amplitude, d.shortest_period, d.longest_period};
}

}  // namespace equipoise::env
