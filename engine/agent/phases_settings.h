// phases_settings.h: when an agent that plans, imitates and learns on goes from one to the next: the section "mbmf".
//
// Ranges, units and meanings stand in phases_settings.cc.
#pragma once

namespace equipoise::config {
struct Section;
}

namespace equipoise::agent {

struct PhasesSettings {
  static constexpr const char* kSection = "mbmf";
  int clone_at = 21;
  int fine_tune_at = 26;
};

config::Section PhasesSection();

}  // namespace equipoise::agent
