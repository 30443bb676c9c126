#include "engine/learn/model_based_settings.h"

#include <string>

#include "engine/config/section.h"

namespace equipoise::learn {
namespace {

Status Relations(const ModelBasedSettings& s, const config::Settings& all) {
  if (s.entropy_auto && s.entropy_bonus <= 0 && s.head != "deterministic")
    return Error{"mb.entropy_auto tunes the logarithm of mb.entropy_bonus, which must start above 0"};
  if (s.mode == "dreamer" && all.env.horizon > 0 && s.imagination > all.env.horizon)
    return Error{"mb.imagination = " + std::to_string(s.imagination) +
                 " is longer than an episode, env.horizon = " + std::to_string(all.env.horizon)};
  return {};
}

}  // namespace

config::Section ModelBasedSection() {
  using S = ModelBasedSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "model-based policy",
      {
          {EQ_FIELD(mode),
           {"full", "dreamer"},
           kFixed,
           "back-propagate whole imagined trajectories, or short ones with a value at the end"},
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed, "width of the two hidden layers of the policy"},
          {EQ_FIELD(steps), 0, 100000, "steps", kEpisode,
           "gradient steps of the model-based policy in each episode; 0 freezes it, its normaliser included"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size of the policy"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest gradient norm; 0 does not clip"},
          {EQ_FIELD(entropy_bonus), 0.0, 1000.0, "per nat", kEpisode,
           "alpha model-based: what a nat of entropy is worth, in units of the reward's sd"},
          {EQ_FIELD(entropy_auto), kEpisode, "tune the entropy bonus so that the entropy meets its target"},
          {EQ_FIELD(entropy_lr), 0.0, 1.0, "", kEpisode, "Adam step size of log alpha when it is tuned"},
          {EQ_FIELD(target_entropy), -100.0, 100.0, "nats/action", kEpisode,
           "target entropy per action dimension when it is tuned"},
          {EQ_FIELD(sigma_max), 0.0, 10.0, "", kFixed,
           "largest standard deviation of the policy (sigmoid); 0 uses softplus, unbounded"},
          {EQ_FIELD(head),
           {"gaussian", "deterministic"},
           kFixed,
           "deterministic: the policy has no spread and no entropy that could be paid for; it acts with noise on what "
           "it says"},
          {EQ_FIELD(noise_sd), 0.0, 2.0, "", kEpisode, "deterministic: standard deviation of that noise in each step"},
          {EQ_FIELD(noise_theta), 0.001, 1.0, "", kEpisode,
           "deterministic: share of the noise that is forgotten in each step; 1: white noise"},
          {EQ_FIELD(reward_units),
           {"scaled", "raw"},
           kFixed,
           "reward in the objective: divided by its standard deviation, or raw"},
          {EQ_FIELD(trajectories), 1, 100000, "trajectories", kEpisode,
           "full: imagined trajectories in one gradient step, each under its own masks"},
          {EQ_FIELD(resample_every), 1, 100000, "steps", kEpisode,
           "full: draw new masks, starts and noise every so many gradient steps"},
          {EQ_FIELD(starts), 1, 100000, "starts", kEpisode, "dreamer: imagined trajectories in one gradient step"},
          {EQ_FIELD(imagination), 1, 1000, "steps", kEpisode, "dreamer: length of an imagined trajectory"},
          {EQ_FIELD(burn_in_episodes), 1, 10000, "trajectories", kEpisode,
           "dreamer: real trajectories that supply starts and hidden states"},
          {EQ_FIELD(burn_in_every), 1, 10000, "steps", kEpisode, "dreamer: gradient steps between two burn-ins"},
          {EQ_FIELD(burn_in), kFixed,
           "dreamer: start from the hidden state that the real past gives, under the same masks"},
          {EQ_FIELD(detach_input), kFixed, "dreamer: no gradient through the policy's own input"},
          {EQ_FIELD(soft_value), kFixed, "dreamer: count future entropy as reward in the value"},
          {EQ_FIELD(gamma), 0.0, 1.0, "", kEpisode, "dreamer: discount"},
          {EQ_FIELD(lambda), 0.0, 1.0, "", kEpisode, "dreamer: mixing of the lambda-return"},
          {EQ_FIELD(value_hidden), 4, 8192, "units", kFixed,
           "dreamer: width of the two hidden layers of the value network"},
          {EQ_FIELD(value_lr), 0.0, 1.0, "", kEpisode, "dreamer: Adam step size of the value network"},
          {EQ_FIELD(value_clip), 0.0, 1000000.0, "", kEpisode,
           "dreamer: largest gradient norm of the value network, as Hafner et al. 2020 have it; 0 does not clip"},
          {EQ_FIELD(value_scale), 0.001, 10000.0, "x", kFixed,
           "dreamer: the value network's output is multiplied by this"},
          {EQ_FIELD(value_tau), 0.0, 1.0, "", kEpisode,
           "dreamer: share of the new weights in the target value network"},
      },
      Relations);
}

}  // namespace equipoise::learn
