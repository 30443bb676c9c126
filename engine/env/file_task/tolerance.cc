#include "engine/env/file_task/tolerance.h"

#include <cmath>

namespace equipoise::env {
namespace {

constexpr double kPi = 3.14159265358979323846;

// At distance `d` in margins.
double Fallen(Fall fall, double d, double at_margin) {
  switch (fall) {
    case Fall::kGaussian: {
      const double scale = std::sqrt(-2 * std::log(at_margin));
      return std::exp(-0.5 * (d * scale) * (d * scale));
    }
    case Fall::kLinear: {
      const double scaled = d * (1 - at_margin);
      return std::abs(scaled) < 1 ? 1 - scaled : 0;
    }
    case Fall::kQuadratic: {
      const double scaled = d * std::sqrt(1 - at_margin);
      return std::abs(scaled) < 1 ? 1 - scaled * scaled : 0;
    }
    case Fall::kHyperbolic:
      return 1 / std::cosh(d * std::acosh(1 / at_margin));
    case Fall::kLongTail: {
      const double scaled = d * std::sqrt(1 / at_margin - 1);
      return 1 / (scaled * scaled + 1);
    }
    case Fall::kCosine: {
      const double scaled = d * std::acos(2 * at_margin - 1) / kPi;
      return std::abs(scaled) < 1 ? (1 + std::cos(kPi * scaled)) / 2 : 0;
    }
    case Fall::kTanhSquared: {
      const double t = std::tanh(d * std::atanh(std::sqrt(1 - at_margin)));
      return 1 - t * t;
    }
  }
  return NAN;
}

}  // namespace

double Tolerance(Fall fall, double x, double lower, double upper, double margin, double at_margin) {
  const bool may_be_zero = fall == Fall::kLinear || fall == Fall::kQuadratic || fall == Fall::kCosine;
  const bool possible = at_margin < 1 && (may_be_zero ? at_margin >= 0 : at_margin > 0);
  if (!(lower <= upper) || !(margin >= 0) || !possible || std::isnan(x)) return NAN;
  if (lower <= x && x <= upper) return 1;
  if (margin == 0) return 0;
  return Fallen(fall, (x < lower ? lower - x : x - upper) / margin, at_margin);
}

}  // namespace equipoise::env
