#include "engine/plan/mppi.h"

#include <algorithm>
#include <cmath>

#include "engine/config/section.h"
#include "engine/plan/weights.h"

namespace equipoise::plan {
namespace {

// Noise that changes slowly from knot to knot, as large at each of them: [count, knots, actions].
std::vector<float> SmoothNoise(const PlanShape& shape, int64_t count, double beta, Stream* stream) {
  std::vector<float> noise(static_cast<size_t>(count * shape.size()));
  stream->Normal(noise.data(), noise.size());
  const auto fresh = static_cast<float>(std::sqrt(1 - beta * beta)), old = static_cast<float>(beta);
  for (int64_t i = 0; i < count; ++i) {
    float* row = noise.data() + i * shape.size();
    for (int64_t j = shape.actions; j < shape.size(); ++j) row[j] = old * row[j - shape.actions] + fresh * row[j];
  }
  return noise;
}

}  // namespace

config::Section MppiSection() {
  using S = MppiSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "path integral control",
      {
          {EQ_FIELD(candidates), 1, 1000000, "sequences", kEpisode, "noisy copies of the plan in each round"},
          {EQ_FIELD(iterations), 1, 1000, "rounds", kEpisode, "rounds for one plan"},
          {EQ_FIELD(sigma), 0.0, 10.0, "", kEpisode, "standard deviation of the noise at every knot"},
          {EQ_FIELD(smoothing), 0.0, 0.999, "", kEpisode, "correlation of the noise of neighbouring knots"},
          {EQ_FIELD(temperature), 0.0, 1000.0, "x spread", kEpisode,
           "in units of the spread of the scores: 0 takes the best copy alone, much takes the mean of all"},
      });
}

const std::string& Mppi::id() const {
  static const std::string id = MppiSettings::kSection;
  return id;
}

void Mppi::Begin(const config::Settings& settings) {
  settings_ = settings.Of<MppiSettings>();
  Forget();
}

Plan Mppi::Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) {
  const MppiSettings& s = settings_;
  const PlanShape& shape = problem->shape();
  const auto width = static_cast<size_t>(shape.size());
  std::vector<float> mean = Shifted(last_, draws.step - last_step_, shape, Behind::kLast);
  double effective = 0;
  for (int round = 0; round < s.iterations; ++round) {
    Stream stream = draws.NewStream("mppi.noise", round);
    std::vector<float> candidates = SmoothNoise(shape, s.candidates, s.smoothing, &stream);
    for (size_t i = 0; i < candidates.size(); ++i)
      candidates[i] = std::clamp(mean[i % width] + static_cast<float>(s.sigma) * candidates[i], -1.0f, 1.0f);
    const std::vector<double> scores = problem->Score(candidates);
    AddRound(scores, trace);
    const std::vector<double> weights = SoftmaxWeights(scores, s.temperature * trace->rounds.back().spread);
    effective = EffectiveSamples(weights);
    if (effective == 0) {
      Forget();
      return DoNothing(shape);
    }
    ShowCandidates(scores, {weights.begin(), weights.end()}, trace);
    mean = WeightedMean(candidates, weights);
  }
  trace->numbers["mppi.effective_samples"] = effective;
  last_ = mean;
  last_step_ = draws.step;
  return {std::move(mean)};
}

}  // namespace equipoise::plan
