// td3_settings.h: what a deterministic actor and its critics go by: the sections "td3" and "ddpg", which differ in
// their defaults.
//
// Ranges, units and meanings stand in td3_settings.cc. Defaults are those of the public code of Fujimoto et al. 2018.
#pragma once

#include <string>
#include <string_view>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct Td3Settings {
  // Of a section; those of TD3 for a name that is none.
  static const Td3Settings& Defaults(std::string_view section);

  int hidden = 256;
  int layers = 2;
  int batch = 256;
  double updates_per_step = 1.0;
  bool train_on_random = true;
  double actor_lr = 0.0003;
  double critic_lr = 0.0003;
  double gamma = 0.99;
  double tau = 0.005;
  int target_every = 0;
  int critics = 2;
  int delay = 2;
  double target_noise = 0.2;
  double target_noise_clip = 0.5;
  double pretanh_penalty = 0.0;
  std::string noise = "white";
  double noise_sd = 0.1;
  double noise_theta = 0.15;
};

config::Section Td3Section();
config::Section DdpgSection();

}  // namespace equipoise::learn
