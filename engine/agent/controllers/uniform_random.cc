#include "engine/agent/controllers/uniform_random.h"

namespace equipoise::agent {

const std::string& UniformRandom::id() const {
  static const std::string id = eps::Pick().id();
  return id;
}

void UniformRandom::Begin(const EpisodeStart& start) {
  actions_ = start.actions;
  stream_ = start.NewStream("act");
}

ActResult UniformRandom::Act(const ActInputs&) {
  ActResult did;
  for (int64_t j = 0; j < actions_; ++j) did.action.push_back(static_cast<float>(stream_->Uniform(-1.0, 1.0)));
  return did;
}

}  // namespace equipoise::agent
