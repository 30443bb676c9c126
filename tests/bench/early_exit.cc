// What a check that may stop early costs, by the probability q that a mask favours the model-based policy, against the
// (1 - q^K) / (1 - q) masks that it needs on average.
#include <cmath>

#include "engine/eps/check.h"
#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/bench/sections.h"
#include "tests/bench/table.h"
#include "tests/bench/workload.h"
#include "tests/engine/model/fixed_model.h"

namespace equipoise::bench {
namespace {

constexpr int kMasks = 50, kRollouts = 10, kHorizon = 100;

// The dropout LSTM, with a reward that a mask turns for or against large first actions: with probability q for them.
class TurnedModel : public test::FixedModel {
 public:
  TurnedModel(std::shared_ptr<model::DropoutLstm> lstm, double q) : lstm_(std::move(lstm)), q_(q) {}
  int64_t states() const override { return lstm_->states(); }
  int64_t actions() const override { return lstm_->actions(); }
  int64_t carry_size() const override { return lstm_->carry_size(); }
  bool trained() const override { return true; }
  const replay::Normaliser& normaliser() const override { return lstm_->normaliser(); }
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}
  model::Belief Draw(int64_t count, Stream& stream) const override { return lstm_->Draw(count, stream); }
  std::unique_ptr<model::Rollout> NewRollout() const override {
    return std::make_unique<Turned>(lstm_->NewRollout(), q_, lstm_->spec().hidden * lstm_->spec().mask_layers(),
                                    actions());
  }

 private:
  class Turned : public model::Rollout {
   public:
    Turned(std::unique_ptr<model::Rollout> inner, double q, int64_t mask_size, int64_t actions)
        : inner_(std::move(inner)), q_(q), mask_size_(mask_size), actions_(actions) {}
    void Begin(int64_t rows, int64_t horizon, bool keep, const model::Belief* beliefs, const float* carry) override {
      inner_->Begin(rows, horizon, keep, beliefs, carry);
      rows_ = rows;
      sign_.clear();
      for (int64_t i = 0; i < beliefs->count; ++i) {
        uint64_t hash = 1469598103934665603u;  // a uniform number that belongs to the mask
        for (int64_t j = 0; j < mask_size_; ++j)
          hash = (hash ^ (beliefs->data[static_cast<size_t>(i * mask_size_ + j)] > 0 ? 1u : 2u)) * 1099511628211u;
        const double uniform = Stream(hash, "bench.turned").Uniform();
        sign_.push_back(uniform < q_ ? 100.0f : -100.0f);
      }
    }
    void Step(int64_t t, const float* z, const float* action, const float* noise, float* next, float* reward) override {
      inner_->Step(t, z, action, noise, next, reward);
      for (int64_t r = 0; r < rows_; ++r)
        reward[r] += sign_[static_cast<size_t>(r) % sign_.size()] * action[r * actions_];
    }
    void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {}
    int64_t clamped() const override { return inner_->clamped(); }

   private:
    std::unique_ptr<model::Rollout> inner_;
    double q_;
    int64_t mask_size_, actions_, rows_ = 0;
    std::vector<float> sign_;
  };

  std::shared_ptr<model::DropoutLstm> lstm_;
  double q_;
};

void EarlyExit(benchmark::State& state, double q, bool early_exit) {
  config::Settings s = SettingsFor("cpu", 1);
  s.Of<model::DropoutLstmSettings>().hidden = 128;
  s.Of<learn::ModelBasedSettings>().hidden = 128;
  const TurnedModel world(TrainedModel(s, kHorizon), q);
  nets::Policy one = learn::NewModelBasedPolicy(kStates, kActions, s), two = one;
  auto lean = [](nets::Policy* policy, float by) {  // the first action's mean
    nets::Parameters& net = policy->net;
    net.at(net.layout.Find("b_out"))[0] = by;
  };
  lean(&one, 2.0f);
  lean(&two, -2.0f);
  constexpr int kChecks = 20;  // of other masks each
  double needed = 0, checks = 0;
  uint64_t iteration = 0;
  for (auto _ : state) {
    for (int i = 0; i < kChecks; ++i) {
      const eps::CheckInputs in{world,
                                {{eps::Pick::Of("sac"), &two}, {eps::Pick::Of("mb"), &one}},
                                Starts(),
                                nullptr,
                                kStates,
                                kHorizon,
                                1,
                                ++iteration,
                                kMasks,
                                kRollouts,
                                eps::Pairing::kNoise,
                                early_exit,
                                {},
                                nullptr};
      needed += eps::Check(in).evaluated;
      ++checks;
    }
  }
  state.counters["units"] = kChecks;
  state.counters["masks until decided"] = needed / checks;
  state.counters["masks until decided, computed"] = q < 1 ? (1 - std::pow(q, kMasks)) / (1 - q) : kMasks;
}

}  // namespace

void AddEarlyExit() {
  const std::string whole = "check stopping early/never";
  benchmark::RegisterBenchmark(whole.c_str(), [](benchmark::State& s) { EarlyExit(s, 1.0, false); })
      ->Iterations(1)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  for (double q : {0.1, 0.5, 0.8, 0.9, 0.97, 1.0}) {
    char name[64], what[128];
    std::snprintf(name, sizeof(name), "check stopping early/q=%.2f", q);
    const double masks = q < 1 ? (1 - std::pow(q, kMasks)) / (1 - q) : kMasks;
    std::snprintf(what, sizeof(what), "check that may stop early, q=%.2f: %.1f of %d masks needed (computed)", q, masks,
                  kMasks);
    benchmark::RegisterBenchmark(name, [q](benchmark::State& s) { EarlyExit(s, q, true); })
        ->Iterations(1)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
    Table::Add({what, name, whole, 0, 0, 1, 0});
  }
}

}  // namespace equipoise::bench
