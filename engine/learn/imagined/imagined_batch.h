// imagined_batch.h: trajectories for an on-policy learner (on_policy.h) that its policy acts in a world model.
//
//   steps / h trajectories of h steps, each under a belief of its own, with actions and dynamics sampled; rewards by the
//   mean reward head. `imagine.iterations` batches before every episode
//
// They begin where episodes begin or, in a model that carries nothing from step to step, in recorded states.
//
// Streams  "ID.belief", "ID.start" and "ID.phases" of (seed, iteration, round), "ID.act" and "ID.dyn" of (seed, iteration, round;
//          shard)
// Thread   as on_policy.h; shards of rows are shared out to the team, to the same bits
// Errors   InternalError where trajectories are to begin in recorded states of a model that carries something
#pragma once

#include <string>
#include <utility>

#include "engine/learn/on_policy.h"
#include "engine/model/world_model.h"
#include "engine/replay/start_pool.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct ImagineSettings {
  static constexpr const char* kSection = "imagine";

  int iterations = 20;
  int steps = 0;
  std::string start = "reset";
};
config::Section ImagineSection();

class ImaginedBatches : public OnPolicySource {
 public:
  // For the learner `id`; model and starts outlive it.
  ImaginedBatches(std::string id, const model::WorldModel& model, const StartPool& starts)
      : id_(std::move(id)), model_(model), starts_(starts) {}
  bool ready() const override { return model_.trained(); }
  const replay::Normaliser* normaliser() const override { return &model_.normaliser(); }
  int Rounds(const OnPolicyWants& wants, const nets::Standing& now) const override;
  double Gathered(const OnPolicyWants&, const replay::EpisodeBuffer&) const override { return 1; }
  std::string Waiting(const OnPolicyWants&, const replay::EpisodeBuffer&) const override { return ""; }
  OnPolicyBatch Take(const OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy& policy,
                     int round) override;
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  std::string id_;
  const model::WorldModel& model_;
  const StartPool& starts_;
};

}  // namespace equipoise::learn
