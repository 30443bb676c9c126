// workload.h: what is measured: data of a fixed shape, networks of a fixed size, and how many operations they cost.
//
// "ours" is the engine's hand-written path, run.device = "cpu"; the reference is the same algorithm through the same
// public classes on run.device = "reference": plain ATen operations with automatic gradients, one thread, and the
// model's weights constant where only a policy is trained. Sampling, noise, Adam and guards are inside both.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>

#include "engine/config/settings.h"
#include "engine/learn/backend.h"

namespace equipoise::bench {

constexpr int64_t kStates = 17, kActions = 6;  // HalfCheetah's

// Episodes of a random system, and starts to imagine from.
const replay::EpisodeBuffer& Data(int64_t horizon);
const learn::StartPool& Starts();
// A model that was fitted for two steps: its imagined states stay in the range of the data.
std::shared_ptr<model::DropoutLstm> TrainedModel(const config::Settings& s, int64_t horizon);
const learn::Backend& BackendOf(const config::Settings& s);
config::Settings SettingsFor(const std::string& device, int threads);

// Multiplications and additions.
double MlpFlop(int64_t inputs, int64_t hidden, int64_t layers, int64_t outputs);  // of one row, forwards
double ModelFlop(int64_t hidden);                                                 // of one row and time step, forwards
double FitFlop(int64_t hidden, int64_t batch, int64_t horizon);                   // of one gradient step
double PolicyStepFlop(int64_t hidden, int64_t policy_hidden, int64_t rows, int64_t horizon);
double ValueStepFlop(int64_t value_hidden, int64_t rows, int64_t horizon);
double SacUpdateFlop(int64_t hidden, int64_t layers, int64_t batch);
double CheckFlop(int64_t hidden, int64_t policy_mb, int64_t policy_mf, int64_t layers_mf, int64_t rows,
                 int64_t horizon);

// Registers a benchmark whose iterations each do `units` of work. `make` prepares it, when it is first run.
void Register(const std::string& name, double units, std::function<std::function<void()>()> make);

}  // namespace equipoise::bench
