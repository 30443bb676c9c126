#include "engine/learn/svg/heess_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {
namespace {

Status Relations(const HeessSettings& s, const config::Settings&) {
  if (s.entropy_auto && s.entropy_bonus <= 0)
    return Error{"heess.entropy_auto tunes the logarithm of heess.entropy_bonus, which must start above 0"};
  return {};
}

}  // namespace

config::Section HeessSection() {
  using S = HeessSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "value gradients along recorded steps",
      {
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed, "width of the hidden layers of actor and value"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers of actor and value"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "transitions in one update; svg.kind 0 and 1"},
          {EQ_FIELD(updates_per_step), 0.0, 100.0, "per step", kEpisode,
           "updates for each environment step of an episode; 0 freezes it; svg.kind 0 and 1"},
          {EQ_FIELD(train_on_random), kFixed,
           "also make the updates that the random episodes are worth, before the first pick; svg.kind 0 and 1"},
          {EQ_FIELD(actor_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the actor"},
          {EQ_FIELD(value_lr), 0.0, 1.0, "", kEpisode, "Adam step size of the value; svg.kind 0 and 1"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "", kEpisode, "discount"},
          {EQ_FIELD(tau), 0.0, 1.0, "", kEpisode, "share of the new weights in the target value; svg.kind 0 and 1"},
          {EQ_FIELD(entropy_bonus), 0.0, 1000.0, "per nat", kEpisode,
           "what a nat of entropy is worth to the actor, in reward; where tuning starts. 0 without tuning: nothing "
           "keeps "
           "it from acting without noise, and then what was done by others says nothing of it"},
          {EQ_FIELD(entropy_auto), kEpisode, "tune the entropy bonus so that the entropy meets its target"},
          {EQ_FIELD(entropy_lr), 0.0, 1.0, "", kEpisode, "Adam step size of log alpha when it is tuned"},
          {EQ_FIELD(target_entropy), -100.0, 100.0, "nats/action", kEpisode,
           "target entropy per action dimension when it is tuned"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest norm of the actor's gradient; 0: none"},
          {EQ_FIELD(weight_cap), 1.0, 1000.0, "", kEpisode,
           "most that a recorded action may count for being likelier now than it was then; svg.kind 1"},
          {EQ_FIELD(steps), 0, 100000, "steps", kEpisode,
           "gradient steps on each batch of its own episodes: 1: along what happened; the next ones along what would "
           "have happened under the same noise; 0 freezes it; svg.kind inf"},
          {EQ_FIELD(batch_episodes), 1, 10000, "episodes", kEpisode,
           "its own episodes in a batch, each of which it learns from once; svg.kind inf"},
      },
      Relations);
}

}  // namespace equipoise::learn
