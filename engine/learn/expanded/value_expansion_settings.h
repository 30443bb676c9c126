// value_expansion_settings.h: how far targets look ahead in a model: the section "expansion".
//
// Ranges, units and meanings stand in value_expansion_settings.cc.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

constexpr int kLongestExpansion = 20;

struct ValueExpansionSettings {
  static constexpr const char* kSection = "expansion";

  std::string base = "td3";
  std::string model = "mlp";
  int horizon = 3;
  std::string targets = "longest";
  bool all_steps = true;
};

config::Section ValueExpansionSection();

}  // namespace equipoise::learn
