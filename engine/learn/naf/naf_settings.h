// naf_settings.h: what Q-learning with a quadratic advantage goes by: the section "naf".
//
// Ranges, units and meanings stand in naf_settings.cc.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct NafSettings {
  static constexpr const char* kSection = "naf";

  std::string model = "mlp";
  int hidden = 200;
  int layers = 2;
  int batch = 128;
  double updates_per_step = 1.0;
  bool train_on_random = true;
  double lr = 0.001;
  double clip = 1.0;
  double gamma = 0.99;
  double tau = 0.001;
  double head_scale = 0.1;
  std::string noise = "ou";
  double noise_sd = 0.3;
  double noise_theta = 0.15;
};

config::Section NafSection();

}  // namespace equipoise::learn
