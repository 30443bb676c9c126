// svg_settings.h: what derivatives of value an actor learns from, and how far it climbs in a model before the critics'
// value counts: the section "svg".
//
// Ranges, units and meanings stand in svg_settings.cc. By itself it climbs no model; the recipe says how far.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

constexpr int kLongestClimb = 20;

struct SvgSettings {
  static constexpr const char* kSection = "svg";

  std::string kind = "h";
  std::string model = "mlp";
  int horizon = 1;
  int warm_up = 0;
};

config::Section SvgSection();

}  // namespace equipoise::learn
