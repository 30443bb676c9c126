// true_simulator.h: the task itself as a world model: what a planner earns in it is the most that it can earn in any
// model that has to be learned.
//
// Imagination begins in the state of the real task, which is set before (SetRoot) and is more than an observation tells;
// the z that a rollout is given is not looked at. One belief, no noise, no gradient, nothing to fit. Distractors stay as
// they are: nothing depends on them. A simulation that diverges earns NaN from there on.
//
// Shapes   as world_model.h; a row is a state of its own, but one row at a time is quickest
// Units    z and rewards raw
// Thread   SetRoot between rollouts; a rollout has a simulator of its own
// Errors   StepBackward: InternalError
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/env/task.h"
#include "engine/model/world_model.h"

namespace equipoise::model {

const nets::PartInfo& TrueSimulatorInfo();

class TrueSimulator : public WorldModel {
 public:
  using MakeTask = std::function<std::unique_ptr<env::Task>()>;
  // `states`: of an observation, distractors last. `make`: another copy of the real task.
  TrueSimulator(MakeTask make, int64_t states, int64_t actions);

  void SetRoot(const env::SimState& state) { root_ = state; }
  const env::SimState& root() const { return root_; }
  std::unique_ptr<env::Task> NewTask() const;

  int64_t states() const override { return states_; }
  int64_t actions() const override { return actions_; }
  int64_t carry_size() const override { return 0; }
  bool trained() const override { return true; }
  bool has_spread() const override { return false; }
  int64_t beliefs_limit() const override { return 1; }
  Belief Nth(int64_t) const override { return {1, {0.0f}}; }
  int64_t rows_at_once() const override { return 1; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  Belief Draw(int64_t count, Stream& stream) const override;
  std::unique_ptr<Rollout> NewRollout() const override;
  void BurnIn(const float*, int64_t, int64_t, const Belief&, float*, Team*) const override {}
  Nll Evaluate(const replay::EpisodeBuffer&, int64_t, const Belief&, int64_t) const override { return {}; }
  void SaveFunction(ArchiveWriter&) const override {}
  void LoadFunction(const ArchiveReader&) override {}

  const nets::PartInfo& info() const override { return TrueSimulatorInfo(); }
  int NextWork(const nets::Standing&) const override { return 0; }
  nets::TrainReport Train(const nets::TrainInputs&) override { return {}; }
  void OnSettings(const config::Settings&, const config::Settings&) override {}
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return true; }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  void Identity();

  const MakeTask make_;
  int64_t states_;
  const int64_t actions_;
  env::SimState root_;
  replay::Normaliser normaliser_;  // every number is itself
};

}  // namespace equipoise::model
