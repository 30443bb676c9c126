// derived_scalars.h: numbers of an episode that follow from its record and stand among a summary's scalars, for curves
// that must not read every line. They are not logged.
//
// Thread   any; no state
#pragma once

#include <map>
#include <string>

#include "engine/record/episode.h"

namespace equipoise::run {

// Of a check that proved nothing: 1 where the mask that decided lies within two of its own standard errors of zero, so
// that other rollouts might have said otherwise; else 0. Absent where nothing was refused, or no error is known.
inline constexpr char kRefusalInDoubt[] = "check.refusal_in_doubt";

// The record's own scalars and these.
std::map<std::string, double> WithDerived(const EpisodeRecord& record);

}  // namespace equipoise::run
