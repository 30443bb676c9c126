#include "engine/agent/controllers/uniform_random.h"

namespace equipoise::agent {

const std::string& UniformRandom::id() const {
  static const std::string id = eps::Pick().id();
  return id;
}

void UniformRandom::Begin(const EpisodeStart& start) {
  actions_ = start.actions;
  hold_ = start.settings != nullptr ? start.settings->env.random_hold : 1;
  stream_ = start.NewStream("act");
}

ActResult UniformRandom::Act(const ActInputs& in) {
  if (in.step % hold_ == 0) {
    held_.clear();
    for (int64_t j = 0; j < actions_; ++j) held_.push_back(static_cast<float>(stream_->Uniform(-1.0, 1.0)));
  }
  ActResult did;
  did.action = held_;
  return did;
}

}  // namespace equipoise::agent
