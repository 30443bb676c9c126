// lives.h: who computed which part of a run (store::RunLife), and whether two of them must agree to the bit.
//
// The same program on the same processor gives the same bits. Other kernels sum in another order, and another build or
// library may round differently; then numbers agree only roughly.
//
// Thread   any; no state
#pragma once

#include <string>

#include "engine/store/run_description.h"

namespace equipoise::run {

// This process, from `first_episode` on; the folder adds host and times.
store::RunLife LifeHere(int64_t first_episode);

// What differs between two lives that can change a rounding: "the processor was X, now it is Y; ..."; "": nothing.
// An older version's, of which nothing is known, counts as different.
std::string UnlikeIn(const store::RunLife* then, const store::RunLife& now);

// Two returns of one mask that differ by less than this share of the larger of `scale` and 1 are one number rounded
// differently.
constexpr double kRoundingShare = 1e-3;
bool SameButForRounding(double a, double b, double scale);

}  // namespace equipoise::run
