// ppo_settings.h: what proximal policy optimisation goes by: the section "ppo" on real episodes, "pg" and "kl" on
// imagined ones, which differ in their defaults.
//
// Ranges, units and meanings stand in ppo_settings.cc. Defaults are those of public implementations for continuous
// actions (CleanRL).
#pragma once

#include <string_view>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct PpoSettings {
  static const PpoSettings& Defaults(std::string_view section);

  int hidden = 64;
  int layers = 2;
  double start_sd = 1.0;
  int batch_steps = 2048;
  int epochs = 10;
  int minibatches = 32;
  double lr = 0.0003;
  bool anneal = true;
  double clip_ratio = 0.2;
  double clip_value = 0.2;
  double value_weight = 0.25;
  int value_first = 0;
  double clip_norm = 0.5;
  double gamma = 0.99;
  double lambda = 0.95;
  double target_kl = 0.0;
};

config::Section PpoSection();
config::Section PgSection();
config::Section KlSection();

}  // namespace equipoise::learn
