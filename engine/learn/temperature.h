// temperature.h: the entropy bonus alpha, fixed or tuned so that the entropy meets its target (Haarnoja et al. 2018):
// minimise exp(l) (entropy - target) over l = log alpha. Both learners use the same code.
#pragma once

#include <string>
#include <vector>

#include "engine/nets/parameters.h"

namespace equipoise::learn {

class Temperature {
 public:
  explicit Temperature(double start) { Set(start); }
  double alpha() const { return alpha_; }
  void Set(double alpha);  // moments are forgotten
  // One Adam step on log alpha, given the measured entropy (mean of -log pi, nats) and its target.
  void Tune(double entropy, double target, double lr);
  void Save(ArchiveWriter& out, const std::string& name) const;
  void Load(const ArchiveReader& in, const std::string& name);

 private:
  double alpha_ = 0;
  std::vector<float> log_alpha_{0.0f};
  nets::Adam adam_{1};
};

}  // namespace equipoise::learn
