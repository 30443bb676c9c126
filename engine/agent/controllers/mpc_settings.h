// mpc_settings.h: what is planned, in what and how often: the section of an agent that plans.
//
// Ranges, units and meanings stand in mpc_settings.cc.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::agent {

struct MpcSettings {
  static constexpr const char* kSection = "mpc";

  std::string planner = "cem";
  std::string model = "mlp";
  int knots = 25;
  int hold = 1;
  int replan = 1;
  std::string horizon = "knots";
  int particles = 5;
  bool resample = false;
  std::string data = "all";
};

config::Section MpcSection();

}  // namespace equipoise::agent
