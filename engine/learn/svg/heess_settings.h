// heess_settings.h: what value gradients along recorded steps go by: the section "heess".
//
// Ranges, units and meanings stand in heess_settings.cc. The sizes of the paper are not known here; these are those of
// the other learners from recorded steps.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct HeessSettings {
  static constexpr const char* kSection = "heess";

  int hidden = 256;
  int layers = 2;
  int batch = 256;
  double updates_per_step = 1.0;
  bool train_on_random = true;
  double actor_lr = 0.0003;
  double value_lr = 0.0003;
  double gamma = 0.99;
  double tau = 0.005;
  double entropy_bonus = 0.1;
  bool entropy_auto = true;
  double entropy_lr = 0.0003;
  double target_entropy = -1.0;
  double clip = 10.0;
  double weight_cap = 5.0;
  int steps = 20;
  int batch_episodes = 1;
};

config::Section HeessSection();

}  // namespace equipoise::learn
