// schedule.h: changes of settings that a configuration plans from the start, as run.schedule writes them:
//
//   "100 eps.force_every=5, 200 eps.masks=50"     before the learning for episode 100, and for episode 200
//
// Such a change belongs to the run's settings: nobody steers it. What an agent has no part for is passed over, as whole
// sections of a configuration are.
//
// Thread   any
// Errors   what cannot be read, an unknown key, a setting that is fixed, a value out of its range
#pragma once

#include <string>
#include <vector>

#include "engine/config/settings.h"

namespace equipoise::config {

struct ScheduledChange {
  int episode = 0;  // picked, from 1: in force from its learning on
  std::string key;
  Value value;
};

// Of all agents; in the order of their episodes, those of one episode as written.
Result<std::vector<ScheduledChange>> ReadSchedule(const std::string& text);
// Can it be read, and could its changes be made to these settings, one after the other?
Status CheckSchedule(const Settings& settings);
// What these settings change before that episode; each of it is something to their agent.
std::vector<ScheduledChange> ScheduledFor(const Settings& settings, int episode);

}  // namespace equipoise::config
