#include "engine/learn/imagined/imagined_pool_settings.h"

#include <string>

#include "engine/config/section.h"

namespace equipoise::learn {
namespace {

Status Relations(const ImaginedPoolSettings& s, const config::Settings& all) {
  if (s.length_last < s.length)
    return Error{"pool.length_last = " + std::to_string(s.length_last) +
                 " is shorter than pool.length = " + std::to_string(s.length)};
  if (s.length_last > s.length && s.length_to <= s.length_from)
    return Error{"pool.length_to = " + std::to_string(s.length_to) +
                 " must be after pool.length_from = " + std::to_string(s.length_from)};
  if (s.action == "recorded" && all.env.horizon > 0 && s.length_last > all.env.horizon)
    return Error{"pool.length_last = " + std::to_string(s.length_last) +
                 " is longer than an episode, whose recorded actions branches take"};
  return {};
}

}  // namespace

config::Section ImaginedPoolSection() {
  using S = ImaginedPoolSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "imagined steps",
      {
          {EQ_FIELD(branches_per_step), 0.0, 10000.0, "branches/step", kEpisode,
           "imagined branches for each real environment step; 0: none"},
          {EQ_FIELD(retain), 1, 10000, "fits", kEpisode, "rows of so many newest fits of the model are kept"},
          {EQ_FIELD(length), 1, 1000, "steps", kEpisode, "steps of a branch, up to episode length_from"},
          {EQ_FIELD(length_last), 1, 1000, "steps", kEpisode, "steps of a branch from episode length_to on"},
          {EQ_FIELD(length_from), 0, 1000000, "episode", kEpisode, "from here on branches grow"},
          {EQ_FIELD(length_to), 1, 1000000, "episode", kEpisode, "until here"},
          {EQ_FIELD(newest), 0, 1000000, "episodes", kEpisode,
           "branches begin in so many newest recorded episodes; 0: in all of them"},
          {EQ_FIELD(stop_after), 0, 1000000, "episodes", kEpisode,
           "after so many nothing is imagined any more and what was is thrown away: batches are then of recorded steps "
           "alone, as many as before; 0: never"},
          {EQ_FIELD(action),
           {"policy", "recorded", "random"},
           kEpisode,
           "who acts in a branch: the learner's policy, with its noise where it has no spread; whoever acted in the "
           "recording from there on; or uniform random actions"},
          {EQ_FIELD(mean_reward), kEpisode, "rewards are the model's means, not draws"},
      },
      Relations);
}

config::Section MixtureSection() {
  using S = MixtureSettings;
  using config::kEpisode;
  return config::PartSection<S>("mixture", {
                                               {EQ_FIELD(unit),
                                                {"row", "update"},
                                                kEpisode,
                                                "row: every batch holds real_share of recorded steps, the rest is "
                                                "imagined; update: batches are wholly the one "
                                                "or the other"},
                                               {EQ_FIELD(real_share), 0.0, 1.0, "share", kEpisode,
                                                "row: recorded steps in a batch; 1: no imagined ones"},
                                               {EQ_FIELD(imagined_updates), 0, 1000, "updates", kEpisode,
                                                "update: updates on imagined steps after each one on recorded steps"},
                                           });
}

}  // namespace equipoise::learn
