#include "engine/learn/expanded/value_expansion_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {

config::Section ValueExpansionSection() {
  using S = ValueExpansionSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "value expansion",
      {
          {EQ_FIELD(base), {"td3", "ddpg", "sac"}, kFixed, "the learner whose targets look ahead"},
          {EQ_FIELD(model), {"mlp", "ensemble"}, kFixed, "what they are imagined with"},
          {EQ_FIELD(horizon), 0, kLongestExpansion, "steps", kEpisode,
           "model steps behind a recorded one in a target; 0: none, the learner without a model"},
          {EQ_FIELD(targets),
           {"longest", "blended"},
           kEpisode,
           "longest: the value at the end of all steps counts; blended: one candidate for each length, each as much as "
           "models and critics agree on it"},
          {EQ_FIELD(all_steps), kEpisode,
           "longest: fit the critics at the imagined steps too, not at the recorded one alone"},
      });
}

}  // namespace equipoise::learn
