#include "tests/bench/workload.h"

#include <cmath>
#include <map>
#include <utility>

#include "engine/base/flush_to_zero.h"

namespace equipoise::bench {

const replay::EpisodeBuffer& Data(int64_t horizon) {
  static std::map<int64_t, replay::EpisodeBuffer> made;
  const auto found = made.find(horizon);
  if (found != made.end()) return found->second;
  replay::EpisodeBuffer data(kStates, kActions, horizon, env::DistractorSpec{}, 1);
  for (uint64_t i = 0; i < 100; ++i) {
    Stream stream(1, "bench.episode", i);
    replay::Episode e;
    std::vector<double> s(kStates), a(kActions);
    for (double& x : s) x = 0.1 * stream.Normal();
    for (int64_t t = 0;; ++t) {
      for (double x : s) e.states.push_back(static_cast<float>(x));
      if (t == horizon) break;
      for (double& x : a) {
        x = stream.Uniform(-1, 1);
        e.actions.push_back(static_cast<float>(x));
      }
      e.rewards.push_back(static_cast<float>(s[8] + a[0]));
      for (size_t j = 0; j < s.size(); ++j)
        s[j] = 0.9 * s[j] + 0.3 * a[j % a.size()] + 0.1 * std::sin(s[(j + 1) % s.size()]) + 0.02 * stream.Normal();
    }
    data.Append(std::move(e));
  }
  return made.emplace(horizon, std::move(data)).first->second;
}

const learn::StartPool& Starts() {
  static const learn::StartPool pool = [] {
    Stream stream(1, "bench.starts");
    std::vector<float> states(1000 * kStates);
    stream.Normal(states.data(), states.size());
    for (float& x : states) x *= 0.1f;
    return learn::StartPool(std::move(states), kStates);
  }();
  return pool;
}

config::Settings SettingsFor(const std::string& device, int threads) {
  config::Settings s;
  s.run.device = device;
  s.run.threads = threads;
  s.model.eta = 3.0;
  return s;
}

const learn::Backend& BackendOf(const config::Settings& s) { return *learn::FindBackend(s.run.device).value(); }

std::shared_ptr<model::DropoutLstm> TrainedModel(const config::Settings& s, int64_t horizon) {
  Stream init(1, "bench.model");
  const model::LstmSpec spec = model::LstmSpecOf(s, kStates, kActions, {});
  std::shared_ptr<model::DropoutLstm> lstm = BackendOf(s).NewModel(spec, s.model.dropout, init);
  config::Settings few = s;
  few.model.batch = 8;
  lstm->Refit(Data(horizon), false);
  lstm->Fit(
      Data(horizon), few, 1, 2, [](int, int) {}, nullptr);
  return lstm;
}

double MlpFlop(int64_t inputs, int64_t hidden, int64_t layers, int64_t outputs) {
  return 2.0 * static_cast<double>(inputs * hidden + (layers - 1) * hidden * hidden + hidden * outputs);
}

double ModelFlop(int64_t h) {
  const int64_t products = (kStates + kActions) * h + 2 * h * 4 * h + 2 * h * h + h * 2 * (kStates + 1);
  return 2.0 * static_cast<double>(products);
}

// Backwards every product costs two more: for the data and for the weights.
double FitFlop(int64_t hidden, int64_t batch, int64_t horizon) {
  return 3 * ModelFlop(hidden) * static_cast<double>(batch * horizon);
}

// The model's own weights want no gradient.
double PolicyStepFlop(int64_t hidden, int64_t policy_hidden, int64_t rows, int64_t horizon) {
  const double policy = MlpFlop(kStates, policy_hidden, 2, 2 * kActions);
  return (2 * ModelFlop(hidden) + 3 * policy) * static_cast<double>(rows * horizon);
}

// Dreamer's critic: as the target, with the gradient of its input; and as what learns, weights included.
double ValueStepFlop(int64_t value_hidden, int64_t rows, int64_t horizon) {
  return (2 + 3) * MlpFlop(kStates, value_hidden, 2, 1) * static_cast<double>(rows * horizon);
}

// Actor: at the next state, and forwards and backwards at this one. Two critics: as targets, forwards and backwards on
// recorded actions, forwards and backwards for the actor's.
double SacUpdateFlop(int64_t hidden, int64_t layers, int64_t batch) {
  const double actor = MlpFlop(kStates, hidden, layers, 2 * kActions);
  const double critic = MlpFlop(kStates + kActions, hidden, layers, 1);
  return ((1 + 3) * actor + 2 * (1 + 3 + 2) * critic) * static_cast<double>(batch);
}

double CheckFlop(int64_t hidden, int64_t policy_mb, int64_t policy_mf, int64_t layers_mf, int64_t rows,
                 int64_t horizon) {
  const double policies =
      MlpFlop(kStates, policy_mb, 2, 2 * kActions) + MlpFlop(kStates, policy_mf, layers_mf, 2 * kActions);
  return (2 * ModelFlop(hidden) + policies) * static_cast<double>(rows * horizon);
}

void Register(const std::string& name, double units, std::function<std::function<void()>()> make) {
  auto body = std::make_shared<std::function<void()>>();
  auto run = [body, units, make = std::move(make)](benchmark::State& state) {
    const ScopedFlushToZero flush;  // as the trainer's phases have it
    if (!*body) {
      *body = make();
      (*body)();  // buffers, pages and caches are not what is measured
    }
    for (auto _ : state) (*body)();
    state.counters["units"] = units;
  };
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->Iterations(1)
      ->MeasureProcessCPUTime()
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace equipoise::bench
