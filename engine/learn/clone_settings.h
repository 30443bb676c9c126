// clone_settings.h: what imitating a planner goes by: the section "clone".
//
// Ranges, units and meanings stand in clone_settings.cc.
#pragma once

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct CloneSettings {
  static constexpr const char* kSection = "clone";

  int epochs = 60;
  int most_steps = 3000;
  int batch = 128;
  double lr = 0.001;
  double clip = 1.0;
  double sd = 0.05;
};

config::Section CloneSection();

}  // namespace equipoise::learn
