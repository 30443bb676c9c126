// flop.h: multiplications and additions inside matrix products; what is done element by element is left out, so that a
// rate computed from these never flatters, and a time at the machine's peak is one that nothing can go below.
//
// Units    operations (one multiplication and one addition are two)
#pragma once

#include <cstdint>

#include "engine/config/settings.h"

namespace equipoise::bench {

struct Size {
  int64_t states = 17, actions = 6;  // HalfCheetah's
};

double MlpFlop(int64_t inputs, int64_t hidden, int64_t layers, int64_t outputs);  // of one row, forwards
double ModelFlop(int64_t hidden, Size z = {});                                    // of one row and time step, forwards
double FitFlop(int64_t hidden, int64_t batch, int64_t horizon, Size z = {});      // of one gradient step
double PolicyStepFlop(int64_t hidden, int64_t policy_hidden, int64_t rows, int64_t horizon, Size z = {});
double ValueStepFlop(int64_t value_hidden, int64_t rows, int64_t horizon, Size z = {});
double SacUpdateFlop(int64_t hidden, int64_t layers, int64_t batch, Size z = {});
double CheckFlop(int64_t hidden, int64_t policy_mb, int64_t policy_mf, int64_t layers_mf, int64_t rows, int64_t horizon,
                 Size z = {});

// Of the learning and the check (all masks) before one episode of a run, after its first.
double EpisodeFlop(const config::Settings& s, int64_t horizon, Size z);

}  // namespace equipoise::bench
