// mppi.h: model predictive path integral control: weighs many noisy copies of the present plan by how well each did
// (Williams et al. 2017).
//
//   mu = the last plan shifted by what is over, its last knot again behind it
//   repeat:  v^s = clamp(mu + sigma eps^s), s = 1..S;   eps_k = beta eps_{k-1} + sqrt(1 - beta^2) n_k
//            w^s = softmax(G^s / lambda), lambda = temperature * sd of G over s;   mu = sum_s w^s v^s
//
// Streams  "mppi.noise", a draw for each round
#pragma once

#include "engine/plan/planner.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::plan {

struct MppiSettings {
  static constexpr const char* kSection = "mppi";
  int candidates = 200;
  int iterations = 2;
  double sigma = 0.6;
  double smoothing = 0.7;
  double temperature = 0.05;
};
config::Section MppiSection();

class Mppi : public Planner {
 public:
  const std::string& id() const override;
  void Begin(const config::Settings& settings) override;
  Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) override;
  void Forget() override { last_.clear(); }

 private:
  MppiSettings settings_;
  std::vector<float> last_;  // as in Cem
  int last_step_ = 0;
};

}  // namespace equipoise::plan
