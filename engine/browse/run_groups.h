// run_groups.h: which runs are seeds of one experiment, and what tells the experiments apart. The one rule for
// `equipoise compare` and for the window's other runs.
//
// Runs are of one group when every setting that they were started with is the same, except those that change no number
// of an episode: run.seed, run.episodes (how far it is meant to go), run.threads (the same bits with any number),
// run.preset (a name; what it sets is compared), log.tensorboard, log.moments, log.moments_every, log.states, log.kept. env.horizon = 0
// counts as the task's own number of steps. A run that was steered by hand is not what its settings say: steered runs
// are a group of their own; and so are forks, which are no seeds of their own. Means over tasks or over seeds of different experiments would be of nothing.
//
// Thread   any; no state
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/config/settings.h"
#include "engine/store/run_description.h"

namespace equipoise::run {

struct RunIdentity {
  config::Settings settings;  // as it was started
  bool steered = false;
  bool forked = false;
};

struct RunGroup {
  std::string agent;
  std::vector<size_t> runs;  // indices, by seed
  // All that tells this group from others: key and value, in the order of the table of settings. The agent has a name
  // of its own and is not among them; no value: its agent has no such part.
  std::vector<std::pair<std::string, std::string>> differs;
  bool steered = false;
  bool forked = false;
};

RunIdentity IdentityOf(const config::Settings& at_start, const store::RunDescription& description);

// By agent, then by what differs.
std::vector<RunGroup> GroupRuns(const std::vector<RunIdentity>& runs);

// What stands behind the agent's name: "eps.masks = 20, steered"; of more than `most` settings the rest as
// "and 17 more". "" when the agent says it all.
std::string Distinction(const RunGroup& group, size_t most = 2);

}  // namespace equipoise::run
