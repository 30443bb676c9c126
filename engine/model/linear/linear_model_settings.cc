#include "engine/model/linear/linear_model_settings.h"

#include "engine/config/section.h"

namespace equipoise::model {

config::Section LinearModelSection() {
  using S = LinearModelSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "locally linear model",
      {
          {EQ_FIELD(episodes), 0, 100000, "episodes", kEpisode,
           "newest episodes that it is fitted to; 0 freezes the model and its normaliser, so that its function stays"},
          {EQ_FIELD(window), 0, 10000, "steps", kEpisode,
           "steps before and behind its own whose records count for a step as well; 0: its own alone"},
          {EQ_FIELD(ridge), 1e-6, 1e6, "rows", kEpisode,
           "how strongly a step is held near the one regression over all steps: as so many rows would; large: that one "
           "alone"},
      });
}

}  // namespace equipoise::model
