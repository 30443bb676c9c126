// tolerance.h: dm_control's tolerance function (dm_control/utils/rewards.py): how well a number lies within bounds.
//
// Within [lower, upper]: 1. With margin 0, outside: 0. Else it falls with the distance to the nearer bound, to
// `value_at_margin` at one margin from it, in one of seven ways.
//
// Errors   Tolerance gives NaN where dm_control refuses: lower > upper, margin < 0, value_at_margin outside (0, 1), or
//          [0, 1) for linear, quadratic and cosine
#pragma once

namespace equipoise::env {

enum class Fall { kGaussian, kLinear, kQuadratic, kHyperbolic, kLongTail, kCosine, kTanhSquared };

double Tolerance(Fall fall, double x, double lower, double upper, double margin, double value_at_margin = 0.1);

}  // namespace equipoise::env
