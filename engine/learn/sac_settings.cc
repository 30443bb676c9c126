#include "engine/learn/sac_settings.h"

#include <string>

#include "engine/config/section.h"

namespace equipoise::learn {
namespace {

Status Relations(const SacSettings& s, const config::Settings&) {
  if (s.entropy_auto && s.entropy_bonus <= 0)
    return Error{"sac.entropy_auto tunes the logarithm of sac.entropy_bonus, which must start above 0"};
  if (s.target_critics > s.critics)
    return Error{"sac.target_critics = " + std::to_string(s.target_critics) +
                 " is more than there are: sac.critics = " + std::to_string(s.critics) +
                 "; lower it or have more critics"};
  if (s.sigma_max > 0 && s.sd != SacSettings().sd)
    return Error{"sac.sigma_max bounds the standard deviation by a sigmoid and sac.sd = " + s.sd +
                 " by something else; set sac.sigma_max = 0"};
  return {};
}

}  // namespace

config::Section SacSection() {
  using S = SacSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "SAC",
      {
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed, "width of the hidden layers of actor and critics"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers of actor and critics"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "transitions in one update"},
          {EQ_FIELD(own_share), 0.0, 1.0, "", kEpisode,
           "share of them from episodes that SAC acted itself, once there are any; the rest from all episodes (RLPD "
           "takes half)"},
          {EQ_FIELD(updates_per_step), 0.0, 100.0, "per step", kEpisode,
           "updates for each environment step of an episode; 0 freezes SAC"},
          {EQ_FIELD(train_on_random), kFixed,
           "also make the updates that the random episodes are worth, before the first pick"},
          {EQ_FIELD(actor_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the actor"},
          {EQ_FIELD(critic_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the critics"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "", kEpisode, "discount"},
          {EQ_FIELD(tau), 0.0, 1.0, "", kEpisode, "share of the new weights in the target critics"},
          {EQ_FIELD(entropy_bonus), 0.0, 1000.0, "per nat", kEpisode,
           "alpha model-free: what a nat of entropy is worth, in reward; where tuning starts"},
          {EQ_FIELD(entropy_auto), kEpisode, "tune the entropy bonus so that the entropy meets its target"},
          {EQ_FIELD(entropy_lr), 0.0, 1.0, "", kEpisode, "Adam step size of log alpha when it is tuned"},
          {EQ_FIELD(target_entropy), -100.0, 100.0, "nats/action", kEpisode,
           "target entropy per action dimension when it is tuned"},
          {EQ_FIELD(entropy_in_target), kFixed,
           "count the next action's entropy in the critic's target (the paper does not)"},
          {EQ_FIELD(layer_norm), kFixed, "layer normalisation in the critics"},
          {EQ_FIELD(critics), 2, 20, "critics", kFixed, "critics that learn beside each other; RLPD takes 10"},
          {EQ_FIELD(target_critics), 1, 20, "critics", kFixed,
           "the target is the least of so many critics, drawn anew for each update when there are more"},
          {EQ_FIELD(actor_value),
           {"min", "mean"},
           kEpisode,
           "the actor climbs the least of all critics, or their mean (RLPD)"},
          {EQ_FIELD(sigma_max), 0.0, 10.0, "", kFixed,
           "largest standard deviation of the policy (sigmoid); 0 leaves it to sac.sd"},
          {EQ_FIELD(sd),
           {"softplus", "log-clamp"},
           kFixed,
           "standard deviation of the policy: softplus, unbounded, or its logarithm brought into [-20, 2]"},
          {EQ_FIELD(actor_activation), {"tanh", "relu"}, kFixed, "units of the actor's hidden layers"},
      },
      Relations);
}

}  // namespace equipoise::learn
