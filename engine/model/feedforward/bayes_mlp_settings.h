// bayes_mlp_settings.h: what the network of uncertain weights and its fit go by: the section "bayes".
//
// Ranges, units and meanings stand in bayes_mlp_settings.cc. Bounds, and the limit of a gradient, are those of the
// ensemble, for the same reasons (bootstrap_ensemble_settings.h).
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::model {

struct BayesMlpSettings {
  static constexpr const char* kSection = "bayes";

  int hidden = 200;
  int layers = 2;
  std::string activation = "swish";
  int steps = 300;
  double first_fit_factor = 5.0;
  int batch = 128;
  double lr = 0.002;
  double clip = 1.0;
  double lr_final = 0.1;
  double prior_weight = 1.0;
  double prior_sd = 1.0;
  double rho = -5.0;
  double log_variance_low = -10.0;
  double log_variance_high = 0.5;
  double bound_penalty = 0.01;
  bool compensate_normaliser = true;
};

config::Section BayesMlpSection();

}  // namespace equipoise::model
