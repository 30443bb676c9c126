// bootstrap_ensemble_settings.h: what the ensemble and its fit go by: the section "ensemble".
//
// Ranges, units and meanings stand in bootstrap_ensemble_settings.cc. Defaults are those of PETS (Chua et al. 2018, the
// authors' code for cart-pole), but for the steps, where the reference takes passes over all data, and for clipping: an
// episode far from all before it meets variances that are tiny, and without a limit one such gradient stays in Adam's
// memory for thousands of steps.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::model {

struct BootstrapEnsembleSettings {
  static constexpr const char* kSection = "ensemble";

  int members = 5;
  int elites = 0;
  int hidden = 200;
  int layers = 3;
  std::string activation = "swish";
  bool bootstrap = true;
  int steps = 300;
  double first_fit_factor = 5.0;
  int batch = 256;
  double lr = 0.001;
  double clip = 1.0;
  double lr_final = 1.0;
  double decay_in = 0.0001;
  double decay_hidden = 0.00025;
  double decay_out = 0.0005;
  double log_variance_low = -10.0;
  double log_variance_high = 0.5;
  double beta_nll = 0.0;
  double bound_penalty = 0.01;
  double holdout = 0.0;
  int patience = 0;
  int epoch = 100;
  bool compensate_normaliser = true;
};

config::Section BootstrapEnsembleSection();

}  // namespace equipoise::model
