#include "engine/learn/naf/naf_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {

config::Section NafSection() {
  using S = NafSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "NAF",
      {
          {EQ_FIELD(model),
           {"mlp", "linear"},
           kFixed,
           "what its imagined steps come from: a network, or one linear regression for each time step"},
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed, "width of the hidden layers"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "transitions in one update"},
          {EQ_FIELD(updates_per_step), 0.0, 100.0, "per step", kEpisode,
           "updates for each environment step of an episode; 0 freezes it"},
          {EQ_FIELD(train_on_random), kFixed,
           "also make the updates that the random episodes are worth, before the first pick"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest norm of a gradient; 0 does not clip"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "", kEpisode, "discount"},
          {EQ_FIELD(tau), 0.0, 1.0, "", kEpisode, "share of the new weights in the slower copy that makes targets"},
          {EQ_FIELD(head_scale), 0.0, 1.0, "", kFixed,
           "the last layer starts at so much of its usual size: best action near 0, ellipse near the unit circle"},
          {EQ_FIELD(noise),
           {"white", "ou"},
           kEpisode,
           "noise on the actions on the real task: new at every step, or an Ornstein-Uhlenbeck process"},
          {EQ_FIELD(noise_sd), 0.0, 10.0, "", kEpisode,
           "standard deviation of what is drawn for that noise at every step"},
          {EQ_FIELD(noise_theta), 0.0, 1.0, "per step", kEpisode,
           "share of an Ornstein-Uhlenbeck process that is lost at every step"},
      });
}

}  // namespace equipoise::learn
