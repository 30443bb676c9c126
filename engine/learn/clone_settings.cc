#include "engine/learn/clone_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {

config::Section CloneSection() {
  using S = CloneSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "behaviour cloning",
      {
          {EQ_FIELD(epochs), 0, 10000, "passes", kEpisode,
           "passes over all that the planner did or would have done, before each of the clone's episodes; 0 freezes "
           "it"},
          {EQ_FIELD(most_steps), 0, 1000000, "gradient steps", kEpisode,
           "no more steps than this, however much there is to pass over; 0: as many as that takes"},
          {EQ_FIELD(batch), 1, 65536, "states", kEpisode, "states in one gradient step"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest norm of a gradient; 0: none"},
          {EQ_FIELD(sd), 0.002, 10.0, "", kEpisode, "standard deviation, before tanh, that the clone acts with"},
      });
}

}  // namespace equipoise::learn
