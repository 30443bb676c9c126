// trainer.h: one episode at a time, whatever the agent is made of (agent/agent.h).
//
//   train the lanes beside each other;  let the arbiter choose;  act one episode;  examine it
//
// Frozen (a part has no steps to make) means to the bit: weights, and the normaliser in front of them. A frozen model
// goes on serving the check and those that learn in it; what they see is normalised as the model's inputs are, so that
// stays too. Fitted again, a model takes the statistics of all data there is by then, as it does before every fit.
//
// Everything a run is lies in here: Save and Load bring it back to the bit at the end of an episode.
//
// Thread   one thread calls; run.threads in all share the learning, to the same bits (team.h)
// Errors   std::runtime_error for a simulation that keeps diverging; Interrupted out of PollInterrupt. After either the
//          trainer is in the middle of an episode and can only be thrown away
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/agent/collector.h"
#include "engine/agent/episode_block.h"
#include "engine/agent/recipes.h"
#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

struct TrainerHooks {                                                           // empty ones: nobody listens
  std::function<void(const std::string& stage, int done, int total)> progress;  // may come from two threads
  std::function<void(const LiveStep&)> acted;                                   // after every environment step
  std::function<void()> poll;                         // what PollInterrupt does on the other threads
  std::function<void(const eps::Decision&)> decided;  // before acting
  std::function<void(const std::string&)> guard;      // a guard did something; one sentence
  Collector::PushAt push;                             // who pushes the robot
};

class Trainer {
 public:
  using MakeAgent = std::function<agent::Agent(const agent::Workshop&)>;
  // `make` empty: the recipe of settings.run.agent.
  Trainer(const config::Settings& settings, std::unique_ptr<env::Task> task, TrainerHooks hooks, MakeAgent make = {});
  ~Trainer();

  // The next random or picked episode, whole. Random ones are numbered up to 0, picked ones from 1.
  EpisodeRecord NextEpisode();
  bool learning() const;  // all random episodes are done
  int episodes_picked() const { return picked_; }
  int random_done() const;
  std::shared_ptr<const EpisodeTrace> trace() const { return trace_; }
  // The learners' newest numbers.
  const std::map<std::string, double>& scalars() const { return scalars_; }

  const config::Settings& settings() const { return settings_; }
  // Between episodes. Distractors are injected or removed, bonuses handed to their learners.
  void Apply(const std::string& key, const config::Value& value);

  const env::TaskInfo& task_info() const { return collector_.task().info(); }
  const replay::EpisodeBuffer& data() const { return data_; }
  int horizon() const { return collector_.horizon(); }
  int acting_episode() const;  // the number of the episode that NextEpisode works on, or will
  // Of the robot: body 0 is the world. "" when there is no such body.
  std::string BodyName(int body) const;
  const nets::PartList& parts() const { return parts_; }
  // Of the next episode, with all that the agent has; a part that is frozen has a total of 0.
  std::vector<Stage> Stages() const;

  // Between episodes. The buffer is saved apart, block by block (see EpisodeBlock).
  void Save(ArchiveWriter& out) const;
  // `blocks`: one for each episode the archive knows of. Throws FormatError.
  void Load(const ArchiveReader& in, const std::vector<std::string>& blocks);
  std::string EpisodeBlock(int64_t index) const;
  int64_t BlockBytes() const;
  // What the decision just made was made from (decision_moment.h); inside the hook `decided`. False: there is neither a
  // trained model nor anybody who plans, so nothing could be made again from it.
  bool SaveMoment(ArchiveWriter& out) const;
  int64_t most_groups() const { return block_groups_; }

 private:
  BlockShape Shape() const;
  nets::Standing Now() const { return {data_, settings_, picked_}; }
  // Steps that a part is to make before the next episode.
  int WorkOf(const nets::Trainable& part) const;
  void Learn(EpisodeRecord* record);
  void TrainLane(const std::vector<nets::Trainable*>& lane, EpisodeRecord* record);
  eps::Decision Choose();
  void Predict(const eps::Decision& decision, EpisodeRecord* record) const;
  void ActInShadow(const Collector::Turn& turn, const eps::Decision& decision, EpisodeRecord* record);
  void ExamineModel(EpisodeRecord* record);  // on the episode just appended
  void ExamineActor(EpisodeRecord* record);  // who acted it
  double FractionModelFree() const;          // of the newest picks
  void SetDistracted(bool on);
  const env::Distractors* ActiveDistractors() const;

  config::Settings settings_;
  TrainerHooks hooks_;
  Team team_;
  mutable Collector collector_;
  replay::EpisodeBuffer data_;
  learn::StartPool starts_;
  agent::Agent agent_;
  nets::PartList parts_;  // of the agent
  std::shared_ptr<const EpisodeTrace> trace_;
  std::map<std::string, double> scalars_;
  int picked_ = 0;
  int64_t gradient_steps_ = 0;
  std::vector<int64_t> picks_;  // of the newest picked episodes (fraction_counter.h), by the numbers of PartList
  int64_t block_groups_ = 64;   // phases that a block of the replay file has room for: as many as may be set
  bool block_latents_ = false;  // it has room for what policies drew
};

}  // namespace equipoise::run
