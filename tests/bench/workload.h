// workload.h: what is measured: data of a fixed shape, networks of a fixed size. What they cost is in flop.h.
//
// "ours" is the engine's hand-written path, run.device = "cpu"; the reference is the same learner on the parts of
// run.device = "reference": plain ATen operations with automatic gradients, one thread, and the model's weights
// constant where only a policy is trained. Sampling, noise, Adam and guards are inside both.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>

#include "engine/config/settings.h"
#include "engine/learn/backend.h"
#include "engine/replay/start_pool.h"
#include "tests/bench/flop.h"

namespace equipoise::bench {

constexpr int64_t kStates = Size().states, kActions = Size().actions;

// Episodes of a random system, and starts to imagine from.
const replay::EpisodeBuffer& Data(int64_t horizon);
const learn::StartPool& Starts();
// A model that was fitted for two steps: its imagined states stay in the range of the data.
std::shared_ptr<model::DropoutLstm> TrainedModel(const config::Settings& s, int64_t horizon);
const model::ModelParts& PartsOf(const config::Settings& s);
config::Settings SettingsFor(const std::string& device, int threads);

// Registers a benchmark whose iterations each do `units` of work. `make` prepares it, when it is first run.
void Register(const std::string& name, double units, std::function<std::function<void()>()> make);

}  // namespace equipoise::bench
