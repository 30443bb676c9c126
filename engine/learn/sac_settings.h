// sac_settings.h: what soft actor-critic goes by: the section "sac".
//
// Ranges, units and meanings stand in sac_settings.cc. Defaults are the paper's (Freed et al. 2024) or, where it is
// silent, those of the code bases its authors most likely used.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct SacSettings {
  static constexpr const char* kSection = "sac";

  int hidden = 256;
  int layers = 2;
  int batch = 256;
  double own_share = 0.0;
  double updates_per_step = 1.0;
  bool train_on_random = true;
  double actor_lr = 0.0003;
  double critic_lr = 0.0003;
  double gamma = 0.99;
  double tau = 0.005;
  double entropy_bonus = 0.2;
  bool entropy_auto = true;
  double entropy_lr = 0.0003;
  double target_entropy = -1.0;
  bool entropy_in_target = false;
  bool layer_norm = true;
  int critics = 2;
  int target_critics = 2;
  std::string actor_value = "min";
  double sigma_max = 0.0;
  std::string sd = "softplus";
  std::string actor_activation = "tanh";
};

config::Section SacSection();

}  // namespace equipoise::learn
