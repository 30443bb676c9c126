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

// Two numbers of one mask that differ by less than this share of the larger of `scale` (its returns) and 1, or by less
// than `noise` (its standard error; NaN counts as 0), are one number rounded differently.
//
// Measured: decisions that AVX2 kernels made, made again without any vector instruction and with oneDNN held to SSE4.1.
// Largest difference of a delta, as a share of the returns and in standard errors, 20 masks each:
//   dclaw        8 decisions  4e-8   5e-6        ant          4 decisions  1e-2   0.05
//   cartpole    25 decisions  6e-7   1e-5        halfcheetah  6 decisions  3e-1   0.54
//   hopper      12 decisions  1e-4   2e-3
// Imagination may be chaotic: then a rollout that was rounded once goes another way, as if it had been drawn again, and
// no share of the returns bounds that. The standard error does, in what was measured. AVX-512, and processors of other
// kinds, were not.
constexpr double kRoundingShare = 1e-3;
bool SameButForRounding(double a, double b, double scale, double noise);

}  // namespace equipoise::run
