// shooting.h: random shooting: guess many sequences, keep the best (Nagabandi et al. 2018).
//
//   a^s ~ U[-1, 1]^(K x A),  s = 1..N;  the plan is a^s with the largest score; nothing is remembered
//
// Streams  "shooting.sample"
#pragma once

#include "engine/plan/planner.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::plan {

struct ShootingSettings {
  static constexpr const char* kSection = "shooting";
  int candidates = 2000;
};
config::Section ShootingSection();

class Shooting : public Planner {
 public:
  const std::string& id() const override;
  void Begin(const config::Settings& settings) override;
  Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) override;

 private:
  ShootingSettings settings_;
};

}  // namespace equipoise::plan
