// distractors.h: sinusoids that are appended to the observation and mean nothing (Freed et al. 2024, 4.2).
//
//   d_t[g, j] = amplitude * sin(omega_j t + phi_g),   omega_j = 2 pi / P_j,   P_j log-spaced, the same in all groups
//
// phi_g is drawn anew for every episode, so a distractor can be predicted within an episode but never memorised.
#pragma once

#include <vector>

#include "engine/base/random.h"

namespace equipoise::env {

struct DistractorSpec {
  int groups = 5, sinusoids = 10;
  double amplitude = 1, shortest_period = 5, longest_period = 100;  // periods in steps
  int size() const { return groups * sinusoids; }
};

class Distractors {
 public:
  explicit Distractors(const DistractorSpec& spec);
  int size() const { return spec_.size(); }
  const DistractorSpec& spec() const { return spec_; }
  const std::vector<double>& omega() const { return omega_; }  // radians per step, [sinusoids]

  // One phase per group, uniform in [0, 2 pi).
  std::vector<float> DrawPhases(Stream& stream) const;
  // Values at step t: size() floats, group-major.
  void Values(const float* phases, int t, float* out) const;

 private:
  DistractorSpec spec_;
  std::vector<double> omega_;
};

}  // namespace equipoise::env
