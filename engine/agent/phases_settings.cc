#include "engine/agent/phases_settings.h"

#include "engine/agent/controllers/mpc_settings.h"
#include "engine/config/section.h"

namespace equipoise::agent {
namespace {

Status Relations(const PhasesSettings& s, const config::Settings& settings) {
  if (s.clone_at > s.fine_tune_at)
    return Error{"mbmf.clone_at = " + config::ToText(s.clone_at) +
                 " is above mbmf.fine_tune_at = " + config::ToText(s.fine_tune_at)};
  if (settings.Of<MpcSettings>().model == "simulator")
    return Error{
        "mpc.model = simulator can only plan from where the robot is, and the clone is told what should have been done "
        "where it has been; take a model that is learned"};
  return {};
}

}  // namespace

config::Section PhasesSection() {
  using S = PhasesSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "phases",
      {
          {EQ_FIELD(clone_at), 1, 1000000, "episode", kEpisode,
           "from this one on the clone acts instead of the planner"},
          {EQ_FIELD(fine_tune_at), 1, 1000000, "episode", kEpisode,
           "from this one on a learner without model goes on from the clone; those between the two are labelled by the "
           "planner"},
      },
      Relations);
}

}  // namespace equipoise::agent
