#include "engine/learn/svg/svg_settings.h"

#include "engine/config/section.h"

namespace equipoise::learn {

config::Section SvgSection() {
  using S = SvgSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "stochastic value gradients",
      {
          {EQ_FIELD(kind),
           {"h", "1", "0", "inf"},
           kFixed,
           "h: SAC whose actor climbs a model (SAC-SVG). Those of Heess et al. 2015 along recorded steps: 1: a model "
           "step and a value; 0: a critic, no model; inf: whole episodes through a model, no value"},
          {EQ_FIELD(model), {"mlp", "ensemble"}, kFixed, "what the actor is trained through; svg.kind h, 1 and inf"},
          {EQ_FIELD(horizon), 1, kLongestClimb, "actions", kEpisode,
           "actions in a row that the actor is trained for at a time: a model step behind each but the last, whose "
           "value the critics say; 1: no model step, SAC's own actor; svg.kind h"},
          {EQ_FIELD(warm_up), 0, 100000, "episodes", kEpisode,
           "recorded episodes, random ones too, before the actor is trained through the model; until then as SAC's; "
           "svg.kind h"},
      });
}

}  // namespace equipoise::learn
