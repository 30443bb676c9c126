#include "engine/agent/recipes/families.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::agent {

std::unique_ptr<model::DropoutLstm> NewLstm(const Workshop& w) {
  Stream init(static_cast<uint64_t>(w.settings.run.seed), "init.model");
  return std::make_unique<model::DropoutLstm>(model::LstmSpecOf(w.settings, w.states, w.actions, w.wrapped),
                                              w.settings.Of<model::DropoutLstmSettings>().dropout, init,
                                              w.backend.parts());
}

std::unique_ptr<learn::ModelBasedLearner> NewModelBased(const Workshop& w, const model::WorldModel& model) {
  return std::make_unique<learn::ModelBasedLearner>(model, w.starts, w.settings, w.backend.parts());
}

std::unique_ptr<learn::SacLearner> NewSac(const Workshop& w) {
  return std::make_unique<learn::SacLearner>(w.states, w.actions, w.settings, w.backend.parts());
}

}  // namespace equipoise::agent
