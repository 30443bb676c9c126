#include "engine/plan/shooting.h"

#include <cmath>

#include "engine/config/section.h"

namespace equipoise::plan {

config::Section ShootingSection() {
  using S = ShootingSettings;
  using config::kEpisode;
  return config::PartSection<S>("random shooting", {{EQ_FIELD(candidates), 1, 1000000, "sequences", kEpisode,
                                                     "random sequences of which the best one is taken"}});
}

const std::string& Shooting::id() const {
  static const std::string id = ShootingSettings::kSection;
  return id;
}

void Shooting::Begin(const config::Settings& settings) { settings_ = settings.Of<ShootingSettings>(); }

Plan Shooting::Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) {
  const PlanShape& shape = problem->shape();
  std::vector<float> candidates(static_cast<size_t>(settings_.candidates * shape.size()));
  Stream stream = draws.NewStream("shooting.sample");
  stream.Uniform(candidates.data(), candidates.size());
  for (float& a : candidates) a = 2 * a - 1;
  const std::vector<double> scores = problem->Score(candidates);
  AddRound(scores, trace);
  ShowCandidates(scores, {}, trace);
  const int64_t best = Ranked(scores).front();
  if (!std::isfinite(scores[static_cast<size_t>(best)])) return DoNothing(shape);
  const auto from = candidates.begin() + best * shape.size();
  return {std::vector<float>(from, from + shape.size())};
}

}  // namespace equipoise::plan
