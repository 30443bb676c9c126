// linear_model_settings.h: what the locally linear model and its fit go by: the section "linear".
//
// Ranges, units and meanings stand in linear_model_settings.cc.
#pragma once

namespace equipoise::config {
struct Section;
}

namespace equipoise::model {

struct LinearModelSettings {
  static constexpr const char* kSection = "linear";

  int episodes = 5;
  int window = 2;
  double ridge = 1.0;
};

config::Section LinearModelSection();

}  // namespace equipoise::model
