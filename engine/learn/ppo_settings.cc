#include "engine/learn/ppo_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {

const PpoSettings& PpoSettings::Defaults(std::string_view section) {
  static const PpoSettings ppo;
  static const PpoSettings imagined = [] {
    PpoSettings s;
    s.batch_steps = 12800;
    s.epochs = 4;
    s.minibatches = 25;
    return s;
  }();
  return section == "pg" || section == "kl" ? imagined : ppo;
}

namespace {

config::Section SectionOf(const char* id, const char* title) {
  using S = PpoSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      id, title,
      {
          {EQ_FIELD(hidden), 4, 8192, "units", kFixed, "width of the hidden layers of actor and value"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers of actor and value"},
          {EQ_FIELD(start_sd), 0.002, 10.0, "", kFixed, "standard deviation, before tanh, that it begins to act with"},
          {EQ_FIELD(batch_steps), 1, 1000000, "steps", kEpisode,
           "steps of its own that make a batch: whole trajectories, at least one"},
          {EQ_FIELD(epochs), 0, 1000, "passes", kEpisode, "passes over a batch; 0 freezes it"},
          {EQ_FIELD(minibatches), 1, 10000, "steps", kEpisode,
           "parts that a batch is cut into in each pass, a gradient step for each; what is left over is left out"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size of actor and value, at the start"},
          {EQ_FIELD(anneal), kEpisode,
           "let the step size fall to 0 over run.episodes. A run that is made longer was slowed down too early"},
          {EQ_FIELD(clip_ratio), 0.001, 10.0, "", kEpisode,
           "how far the probability of an action may move in one batch, as a ratio, before it is of no further use"},
          {EQ_FIELD(clip_value), 0.0, 1000.0, "sd of the return", kEpisode,
           "how far the value may move in one batch before that is of no further use; 0: as far as it likes"},
          {EQ_FIELD(value_weight), 0.0, 1000.0, "", kEpisode, "what the value's squared error counts for in the loss"},
          {EQ_FIELD(value_first), 0, 1000, "batches", kEpisode,
           "batches at the beginning that the value alone learns from, so that a policy which is good already is not "
           "led by one that knows nothing"},
          {EQ_FIELD(clip_norm), 0.0, 1000000.0, "", kEpisode,
           "largest norm of the gradient of actor and value together; 0: none"},
          {EQ_FIELD(gamma), 0.0, 0.99999, "", kEpisode, "discount"},
          {EQ_FIELD(lambda), 0.0, 1.0, "", kEpisode,
           "how much an advantage trusts rewards that came later above the value of the next state"},
          {EQ_FIELD(target_kl), 0.0, 1000.0, "nats", kEpisode,
           "no further pass over a batch when the policy has moved so far; 0: all of them"},
      });
}

}  // namespace

config::Section PpoSection() { return SectionOf("ppo", "PPO"); }
config::Section PgSection() { return SectionOf("pg", "policy gradient in the model"); }
config::Section KlSection() { return SectionOf("kl", "policy gradient held near the policy that acted"); }

}  // namespace equipoise::learn
