#include "engine/agent/recipes/families.h"

namespace equipoise::agent {

std::unique_ptr<model::WorldModel> NewModel(const Workshop& w, const nets::PartInfo& info) {
  return info.new_model({w.states, w.actions, w.wrapped, &w.backend.parts()}, w.settings);
}

std::unique_ptr<learn::ModelBasedLearner> NewModelBased(const Workshop& w, const model::WorldModel& model) {
  return std::make_unique<learn::ModelBasedLearner>(model, w.starts, w.settings, w.backend.parts());
}

std::unique_ptr<learn::SacLearner> NewSac(const Workshop& w) {
  return std::make_unique<learn::SacLearner>(w.states, w.actions, w.settings, w.backend.parts());
}

}  // namespace equipoise::agent
