#include "engine/learn/td3_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {
namespace {

config::Section SectionOf(const char* id, const char* title) {
  using S = Td3Settings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      id, title,
      {
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed, "width of the hidden layers of actor and critics"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers of actor and critics"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "transitions in one update"},
          {EQ_FIELD(updates_per_step), 0.0, 100.0, "per step", kEpisode,
           "updates of the critics for each environment step of an episode; 0 freezes it"},
          {EQ_FIELD(train_on_random), kFixed,
           "also make the updates that the random episodes are worth, before the first pick"},
          {EQ_FIELD(actor_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the actor"},
          {EQ_FIELD(critic_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the critics"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "", kEpisode, "discount"},
          {EQ_FIELD(tau), 0.0, 1.0, "", kEpisode, "share of the new weights in the targets, of critics and actor"},
          {EQ_FIELD(target_every), 0, 1000000, "updates", kEpisode,
           "hard targets: once in so many updates the targets become what they follow, and stay in between; 0: they "
           "are moved by tau"},
          {EQ_FIELD(critics), 1, 20, "critics", kFixed,
           "critics that learn beside each other; a target is the least of them, and the actor climbs the first"},
          {EQ_FIELD(delay), 1, 1000, "updates", kEpisode,
           "updates of the critics for one of the actor, with which all targets move"},
          {EQ_FIELD(target_noise), 0.0, 10.0, "", kEpisode,
           "standard deviation of what is added to the action in a target; 0 adds nothing"},
          {EQ_FIELD(target_noise_clip), 0.0, 10.0, "", kEpisode, "largest size of that"},
          {EQ_FIELD(pretanh_penalty), 0.0, 1000.0, "reward", kEpisode,
           "what the actor pays for the mean square of what its tanh is taken of; keeps it from where tanh is flat"},
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

}  // namespace

const Td3Settings& Td3Settings::Defaults(std::string_view section) {
  static const Td3Settings td3;
  static const Td3Settings ddpg = [] {
    Td3Settings s;
    s.critics = 1;
    s.delay = 1;
    s.target_noise = 0;
    return s;
  }();
  return section == "ddpg" ? ddpg : td3;
}

config::Section Td3Section() { return SectionOf("td3", "TD3"); }
config::Section DdpgSection() { return SectionOf("ddpg", "DDPG"); }

}  // namespace equipoise::learn
