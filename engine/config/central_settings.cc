#include "engine/config/central_settings.h"

#include "engine/config/schedule.h"
#include "engine/config/section.h"

namespace equipoise::config {
namespace {

Status InOrder(const DistractorSettings& s, const Settings&) {
  if (s.longest_period < s.shortest_period)
    return Error{"distractors.longest_period = " + ToText(s.longest_period) +
                 " is below distractors.shortest_period = " + ToText(s.shortest_period)};
  return {};
}

Status Planned(const RunSettings&, const Settings& settings) { return CheckSchedule(settings); }

}  // namespace

Section RunSection(const std::vector<std::string>& agents) {
  using S = RunSettings;
  return CentralSection<S>(
      "run", "run", &Settings::run,
      {
          {EQ_FIELD(task),
           {"ant", "hopper", "walker2d", "halfcheetah", "cartpole", "dclaw"},
           kFixed,
           "what the robot must learn"},
          {EQ_FIELD(agent), agents, kFixed, "what learns, and who acts: equipoise agents has them by name"},
          {EQ_FIELD(preset), kFixed, "name of the preset that the configuration file supplied"},
          {EQ_FIELD(seed), 0, 2147483647, "", kFixed, "every random number follows from it"},
          {EQ_FIELD(episodes), 1, 1000000, "episodes", kEpisode,
           "picked episodes to run, the random ones at the start not counted"},
          {EQ_FIELD(random_episodes), 1, 1000, "episodes", kFixed, "uniform random episodes before learning starts"},
          {EQ_FIELD(device),
           {"cpu", "reference", "cuda"},
           kFixed,
           "cpu: hand-written kernels; reference: plain LibTorch operations on the CPU, to compare; cuda: those on a "
           "GPU"},
          {EQ_FIELD(threads), 1, 64, "threads", kFixed,
           "learners, masks and shards of a batch share them; the same bits with any number"},
          {EQ_FIELD(schedule), kFixed,
           "changes that are planned from the start: \"100 eps.force_every=5, 200 eps.masks=50\", each before the "
           "learning for that episode"},
      },
      Planned);
}

Section EnvSection() {
  using S = EnvSettings;
  return CentralSection<S>(
      "env", "task", &Settings::env,
      {
          {EQ_FIELD(horizon), 0, 10000, "steps", kFixed, "steps of an episode; 0 is the task's own number"},
          {EQ_FIELD(alive_bonus),
           {"healthy", "always"},
           kFixed,
           "+1 a step always, as where nothing ends an episode early, or only while healthy (Hopper, Walker2d, Ant)"},
          {EQ_FIELD(random_hold), 1, 1000, "steps", kFixed,
           "steps that an action of a random episode is held: what answers slowly goes further"},
      });
}

Section DistractorSection() {
  using S = DistractorSettings;
  return CentralSection<S>(
      "distractors", "distractors", &Settings::distractors,
      {
          {EQ_FIELD(active), kEpisode, "append sinusoids without any meaning to the observation"},
          {EQ_FIELD(groups), 1, 64, "groups", kEpisode, "groups of sinusoids; one random phase per group and episode"},
          {EQ_FIELD(sinusoids), 1, 64, "per group", kEpisode,
           "sinusoids in a group, of fixed and different frequencies"},
          {EQ_FIELD(amplitude), 0.0, 1000.0, "", kEpisode, "amplitude of every sinusoid"},
          {EQ_FIELD(shortest_period), 2.0, 10000.0, "steps", kEpisode, "period of the fastest sinusoid"},
          {EQ_FIELD(longest_period), 2.0, 100000.0, "steps", kEpisode,
           "period of the slowest sinusoid; the others lie between, log-spaced"},
      },
      InOrder);
}

Section LogSection() {
  using S = LogSettings;
  return CentralSection<S>(
      "log", "what is written", &Settings::log,
      {
          {EQ_FIELD(tensorboard), kFixed, "write a TensorBoard event file as well"},
          {EQ_FIELD(holdout_masks), 1, 10000, "masks", kFixed, "masks for the model's error on the newest episode"},
          {EQ_FIELD(moments), 0, 1000000, "MB", kFixed,
           "disk for decisions kept whole, to make them again and to imagine from them; the oldest go first, 0 keeps "
           "none. One takes 0.2 to 1 MB in the cpu presets, 6 MB in the paper's"},
          {EQ_FIELD(moments_every), 1, 100000, "episodes", kFixed, "keep one decision in so many"},
          {EQ_FIELD(states), 1, 50, "checkpoints", kFixed,
           "the newest states that are kept: when one is damaged the run goes on from the one before it"},
          {EQ_FIELD(kept), 0, 10000, "checkpoints", kFixed,
           "states from before a change by hand that are kept, to roll back to; the oldest go first"},
          {EQ_FIELD(shadow_every), 0, 100000, "episodes", kFixed,
           "in one checked episode of so many the policy that was not picked acts too, in a copy of the simulator; "
           "its return is recorded and never learned from; 0: never"},
      });
}

}  // namespace equipoise::config
