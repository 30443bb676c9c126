// deterministic_mlp_settings.h: what the deterministic network and its fit go by: the section "mlp".
//
// Ranges, units and meanings stand in deterministic_mlp_settings.cc.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::model {

struct DeterministicMlpSettings {
  static constexpr const char* kSection = "mlp";

  int hidden = 200;
  int layers = 2;
  std::string activation = "swish";
  int steps = 200;
  double first_fit_factor = 5.0;
  int batch = 256;
  int loss_steps = 1;
  double lr = 0.001;
  double clip = 1.0;
  double lr_final = 0.1;
  double decay = 0.0;
  bool compensate_normaliser = true;
};

config::Section DeterministicMlpSection();

}  // namespace equipoise::model
