#include "tests/bench/workload.h"

#include <cmath>
#include <map>
#include <utility>

#include "engine/base/flush_to_zero.h"
#include "engine/model/dropout_lstm_settings.h"

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
  s.Of<model::DropoutLstmSettings>().eta = 3.0;
  return s;
}

const model::ModelParts& PartsOf(const config::Settings& s) {
  return learn::FindBackend(s.run.device).value()->parts();
}

std::shared_ptr<model::DropoutLstm> TrainedModel(const config::Settings& s, int64_t horizon) {
  Stream init(1, "bench.model");
  const model::LstmSpec spec = model::LstmSpecOf(s, kStates, kActions, {});
  auto lstm = std::make_shared<model::DropoutLstm>(spec, s.Of<model::DropoutLstmSettings>().dropout, init, PartsOf(s));
  config::Settings few = s;
  few.Of<model::DropoutLstmSettings>().batch = 8;
  lstm->Refit(Data(horizon), false);
  lstm->Fit(
      Data(horizon), few, 1, 2, [](int, int) {}, nullptr);
  return lstm;
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
