#include "engine/eps/check_settings.h"

#include <algorithm>
#include <string>

#include "engine/config/section.h"

namespace equipoise::eps {
namespace {

Status Relations(const CheckSettings& s, const config::Settings&) {
  constexpr int64_t kMostPairs = 1000000;
  if (static_cast<int64_t>(s.masks) * std::max(s.rollouts, s.most_rollouts) > kMostPairs)
    return Error{"eps.masks x eps.rollouts (or eps.most_rollouts) = " + std::to_string(s.masks) + " x " +
                 std::to_string(std::max(s.rollouts, s.most_rollouts)) +
                 " is more than a million imagined episodes of each policy; lower one of them"};
  if (s.most_rollouts > 0 && s.most_rollouts < s.rollouts)
    return Error{"eps.most_rollouts = " + std::to_string(s.most_rollouts) +
                 " is less than every mask gets, eps.rollouts = " + std::to_string(s.rollouts) +
                 "; raise it, or set it to 0 so that none gets more"};
  return {};
}

}  // namespace

config::Section CheckSection() {
  using S = CheckSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "check",
      {
          {EQ_FIELD(masks), 1, 100000, "masks", kEpisode,
           "K: dropout masks under which the model-based policy must be better"},
          {EQ_FIELD(rollouts), 1, 100000, "pairs", kEpisode, "M: imagined episodes of each policy under each mask"},
          {EQ_FIELD(most_rollouts), 0, 100000, "pairs", kEpisode,
           "a mask whose difference lies within two standard errors of zero is asked for as many again, up to so many; "
           "0: none is"},
          {EQ_FIELD(pairing),
           {"none", "starts", "noise"},
           kEpisode,
           "what both policies share beside the mask: nothing, starts, starts and noise"},
          {EQ_FIELD(early_exit), kEpisode,
           "stop at the first mask that does not favour the model-based policy: the same decision"},
          {EQ_FIELD(force_every), 0, 100000, "episodes", kEpisode,
           "at least one model-free episode in so many; 0 forces none"},
          {EQ_FIELD(skip_forced), kEpisode, "do not evaluate the check for an episode that is forced anyway"},
          {EQ_FIELD(bonus), 0.0, 1000.0, "sd of r", kEpisode,
           "exploration bonus: what a nat that a policy would teach the model counts beside its return in the first "
           "check; it falls as 1 over the root of the episode. 0: nothing, and nothing is measured"},
          {EQ_FIELD(probes), 2, 100, "worlds", kEpisode,
           "L: worlds whose disagreement is what there is to learn, for the bonus; each costs about as much as the "
           "check itself"},
      },
      Relations);
}

}  // namespace equipoise::eps
