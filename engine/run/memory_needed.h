// memory_needed.h: is there memory for a run of these settings? Asked before anything of it is made.
//
// A lower bound: what the learners are made of, as the agent makes it, and the two copies of their state that are in
// memory while a checkpoint is written. What training takes besides depends on the learner; it is not counted, so whoever is
// refused could not have been served.
//
// Thread   any
// Errors   the sentence: how much it takes, how much there is, and which settings are large
// Cost     makes the agent once, and lets it go
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/config/settings.h"

namespace equipoise::run {

Status FitsInMemory(const config::Settings& settings);

// "model.hidden = 2048 (64 by default)": whole numbers far above their default, the sizes of networks and batches among
// them. "": none is.
std::string LargeSettings(const config::Settings& settings);

}  // namespace equipoise::run
