// table_settings.h: the settings of tabular Q-learning and Dyna.
//
// Thread   a value
#pragma once

#include "engine/config/settings.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct TableSettings {
  static constexpr const char* kSection = "table";

  int planning = 50;
  double alpha = 0.1;
  double gamma = 0.97;
  double epsilon = 0.1;
  double initial = 20.0;
  int hold = 5;
};

config::Section TableSection();

}  // namespace equipoise::learn
