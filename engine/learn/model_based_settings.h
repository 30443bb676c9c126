// model_based_settings.h: what the policy trained in a model goes by: the section "mb".
//
// Ranges, units and meanings stand in model_based_settings.cc. Defaults are the paper's (Freed et al. 2024) or, where
// it is silent, those of the code bases its authors most likely used.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct ModelBasedSettings {
  static constexpr const char* kSection = "mb";

  std::string mode = "full";
  int hidden = 1024;
  int steps = 50;
  double lr = 0.0003;
  double clip = 1.0;
  double entropy_bonus = 0.2;
  bool entropy_auto = false;
  double entropy_lr = 0.003;
  double target_entropy = -0.3;
  double sigma_max = 0.0;
  std::string head = "gaussian";
  double noise_sd = 0.05;
  double noise_theta = 1.0;
  std::string reward_units = "scaled";
  int trajectories = 100;
  int resample_every = 1;
  int starts = 256;
  int imagination = 16;
  int burn_in_episodes = 20;
  int burn_in_every = 5;
  bool burn_in = true;
  bool detach_input = true;
  bool soft_value = false;
  double gamma = 0.99;
  double lambda = 0.95;
  int value_hidden = 256;
  double value_lr = 0.0003;
  double value_clip = 100.0;
  double value_scale = 1.0;
  double value_tau = 0.02;
};

config::Section ModelBasedSection();

}  // namespace equipoise::learn
