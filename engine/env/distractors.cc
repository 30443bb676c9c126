#include "engine/env/distractors.h"

#include <cmath>

namespace equipoise::env {
namespace {

constexpr double kTwoPi = 6.283185307179586476925;

}  // namespace

Distractors::Distractors(const DistractorSpec& spec) : spec_(spec) {
  // P_j from the shortest to the longest period in equal ratios; a single sinusoid has the shortest.
  for (int j = 0; j < spec.sinusoids; ++j) {
    const double share = spec.sinusoids > 1 ? static_cast<double>(j) / (spec.sinusoids - 1) : 0.0;
    const double period = spec.shortest_period * std::pow(spec.longest_period / spec.shortest_period, share);
    omega_.push_back(kTwoPi / period);
  }
}

std::vector<float> Distractors::DrawPhases(Stream& stream) const {
  std::vector<float> phases(spec_.groups);
  stream.Uniform(phases.data(), phases.size());
  for (float& phase : phases) phase = static_cast<float>(kTwoPi * phase);
  return phases;
}

void Distractors::Values(const float* phases, int t, float* out) const {
  for (int g = 0; g < spec_.groups; ++g) {
    for (double omega : omega_) *out++ = static_cast<float>(spec_.amplitude * std::sin(omega * t + phases[g]));
  }
}

}  // namespace equipoise::env
