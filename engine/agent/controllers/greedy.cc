#include "engine/agent/controllers/greedy.h"

#include "engine/learn/table/table_settings.h"

namespace equipoise::agent {

void Greedy::Begin(const EpisodeStart& start) { stream_ = start.NewStream("act"); }

ActResult Greedy::Act(const ActInputs& in) {
  const auto& s = settings_.Of<learn::TableSettings>();
  if (in.step % s.hold == 0) {
    const int64_t cell = learner_.grid().Cell(in.observation);
    chosen_ = stream_->Uniform() < s.epsilon ? static_cast<int>(stream_->Below(learn::kPushes))
                                             : learner_.table().Greedy(cell, &*stream_);
  }
  ActResult did;
  did.action = {learn::Push(chosen_)};
  return did;
}

}  // namespace equipoise::agent
