// imagined_pool_settings.h: what imagined branches are like: the section "pool"; and how a learner's batches are mixed
// from recorded and imagined steps: the section "mixture".
//
// Ranges, units and meanings stand in imagined_pool_settings.cc. Defaults of the pool are those of MBPO's authors for
// tasks in which branches grow (Janner et al. 2019), at a tenth of the branches.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct ImaginedPoolSettings {
  static constexpr const char* kSection = "pool";

  double branches_per_step = 40;
  int retain = 5;
  int length = 1;
  int length_last = 1;
  int length_from = 20;
  int length_to = 150;
  int newest = 0;
  int stop_after = 0;
  std::string action = "policy";
  bool mean_reward = false;
};

struct MixtureSettings {
  static constexpr const char* kSection = "mixture";

  std::string unit = "row";
  double real_share = 0.05;
  int imagined_updates = 1;
};

config::Section ImaginedPoolSection();
config::Section MixtureSection();

}  // namespace equipoise::learn
