// alm_settings.h: what an aligned latent model goes by: the section "alm".
//
// Ranges, units and meanings stand in alm_settings.cc. Defaults are those of the public code of Ghugare et al. 2022.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct AlmSettings {
  static constexpr const char* kSection = "alm";

  int latent = 50;
  int hidden = 512;
  int layers = 2;
  int model_hidden = 1024;
  int batch = 512;
  int window = 3;
  double updates_per_step = 1.0;
  bool train_on_random = true;
  double model_lr = 0.0001;
  double reward_lr = 0.0001;
  double critic_lr = 0.0001;
  double actor_lr = 0.0001;
  double clip = 100.0;
  double gamma = 0.99;
  double tau = 0.005;
  double lambda = 0.95;
  double cost = 0.1;
  double noise_sd = 1.0;
  double noise_sd_final = 0.1;
  double noise_share = 0.5;
  double noise_theta = 1.0;
  double noise_clip = 0.3;
};

config::Section AlmSection();

}  // namespace equipoise::learn
