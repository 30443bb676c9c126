#include "engine/learn/alm/alm_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {

config::Section AlmSection() {
  using S = AlmSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "ALM",
      {
          {EQ_FIELD(latent), 1, 1024, "numbers", kFixed, "size of what an observation is encoded as"},
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed,
           "width of the hidden layers of encoder, reward, classifier, critics and actor"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers of every network"},
          {EQ_FIELD(model_hidden), 4, 8192, "units", kFixed, "width of the hidden layers of the latent model"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "transitions, and windows, in one update"},
          {EQ_FIELD(window), 1, 20, "steps", kEpisode,
           "steps that the encoder and the latent model are fitted over, and that the actor is imagined over"},
          {EQ_FIELD(updates_per_step), 0.0, 100.0, "per step", kEpisode,
           "updates for each environment step of an episode; 0 freezes it"},
          {EQ_FIELD(train_on_random), kFixed,
           "also make the updates that the random episodes are worth, before the first pick"},
          {EQ_FIELD(model_lr), 0.0, 1.0, "", kEpisode, "Adam step size of encoder and latent model"},
          {EQ_FIELD(reward_lr), 0.0, 1.0, "", kEpisode, "Adam step size of reward and classifier"},
          {EQ_FIELD(critic_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the critics"},
          {EQ_FIELD(actor_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the actor"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode,
           "largest norm of the gradient of each network; 0 does not clip"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "", kEpisode, "discount"},
          {EQ_FIELD(tau), 0.0, 1.0, "", kEpisode,
           "share of the new weights in the slower copies of encoder and critics"},
          {EQ_FIELD(lambda), 0.0, 1.0, "", kEpisode, "mixes the lengths of the actor's imagined returns"},
          {EQ_FIELD(cost), 0.0, 100.0, "reward", kEpisode,
           "what the actor pays for one unit by which an imagined step is less likely than a real one"},
          {EQ_FIELD(noise_sd), 0.0, 10.0, "", kEpisode,
           "standard deviation of the noise on actions, in the first episode that is not random"},
          {EQ_FIELD(noise_sd_final), 0.0, 10.0, "", kEpisode, "and when it has come to rest"},
          {EQ_FIELD(noise_share), 0.0, 1.0, "", kEpisode,
           "share of run.episodes in which it goes from the one to the other, in a straight line"},
          {EQ_FIELD(noise_theta), 0.0, 1.0, "per step", kEpisode,
           "share of the noise on the real task that is forgotten at every step: 1 is white noise, less than 1 an "
           "Ornstein-Uhlenbeck process"},
          {EQ_FIELD(noise_clip), 0.0, 10.0, "", kEpisode,
           "largest size of the noise in updates, 0 does not clip; on the real task it is never clipped"},
      });
}

}  // namespace equipoise::learn
