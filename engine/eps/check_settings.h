// check_settings.h: what the check of a policy set and the arbiters that ask it go by: the section "eps".
//
// Ranges, units and meanings stand in check_settings.cc. Defaults are the paper's (Freed et al. 2024) or, where it is
// silent, those of the code bases its authors most likely used.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::eps {

struct CheckSettings {
  static constexpr const char* kSection = "eps";

  int masks = 50;
  int rollouts = 10;
  int most_rollouts = 0;
  std::string pairing = "noise";
  bool early_exit = false;
  int force_every = 10;
  bool skip_forced = false;
  double bonus = 0.0;
  int probes = 5;
};

config::Section CheckSection();

}  // namespace equipoise::eps
