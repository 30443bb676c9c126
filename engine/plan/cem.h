// cem.h: the cross-entropy method: guess, keep the elites, guess around them (Rubinstein 1999; as in Chua et al. 2018).
//
//   mu = the last plan's, shifted, 0 behind it;  v = sd^2
//   repeat:  a^s ~ N(mu, v) within the box, s = 1..N;  E = the M best
//            mu = alpha mu + (1 - alpha) mean_E a;   v = alpha v + (1 - alpha) var_E a (biased), at least sd_floor^2
//
// Within the box:  shrink   sd' = min(sqrt v, (mu + 1)/2, (1 - mu)/2), cut off at 2 sd'
//                  clamp    a = max(-1, min(1, .))
// keep_best: the best sequence so far, at first the last plan shifted, is the first candidate of every round.
//
// Streams  "cem.sample", a draw for each round
#pragma once

#include "engine/plan/planner.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::plan {

struct CemSettings {
  static constexpr const char* kSection = "cem";
  int candidates = 400;
  int elites = 40;
  int iterations = 5;
  double alpha = 0.1;
  double sd = 0.5;
  double sd_floor = 0.0;
  double stop_variance = 0.001;
  std::string box = "shrink";
  std::string act = "mean";
  bool keep_best = false;
};
config::Section CemSection();

// What candidates are drawn from, number by number.
struct CemProposal {
  std::vector<double> mean, variance;
  // `count` of them, one behind the other.
  std::vector<float> Sample(int64_t count, bool shrink, Stream* stream) const;
  // Towards these of the candidates.
  void Refit(const std::vector<float>& candidates, const std::vector<int64_t>& elites, double alpha, double floor);
  double width() const;  // mean standard deviation
};

class Cem : public Planner {
 public:
  const std::string& id() const override;
  void Begin(const config::Settings& settings) override;
  Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) override;
  void Forget() override { last_.clear(); }

 private:
  CemSettings settings_;
  std::vector<float> last_;  // the plan found last, and the step at which it was; empty: there is none
  int last_step_ = 0;
};

}  // namespace equipoise::plan
