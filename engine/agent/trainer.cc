#include "engine/agent/trainer.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/agent/decision_moment.h"
#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/env/configured_task.h"
#include "engine/learn/backend.h"
#include "engine/record/fraction_counter.h"

namespace equipoise::run {

Trainer::Trainer(const config::Settings& settings, std::unique_ptr<env::Task> task, TrainerHooks hooks, MakeAgent make)
    : settings_(settings),
      hooks_(std::move(hooks)),
      team_(settings.run.threads, hooks_.poll),
      collector_(std::move(task), 0, static_cast<uint64_t>(settings.run.seed)),
      data_(collector_.task().info().observation_size, collector_.task().info().action_size,
            env::HorizonOf(settings, collector_.task().info()), env::DistractorSpecOf(settings),
            static_cast<uint64_t>(settings.run.seed), collector_.task().info().wrapped) {
  if (!hooks_.progress) hooks_.progress = [](const std::string&, int, int) {};
  if (!hooks_.acted) hooks_.acted = [](const LiveStep&) {};
  if (!hooks_.decided) hooks_.decided = [](const eps::Decision&) {};
  if (!hooks_.guard) hooks_.guard = [](const std::string&) {};
  collector_.set_horizon(static_cast<int>(data_.horizon()));
  starts_ = collector_.MakeStartPool();
  data_.SetDistracted(settings.distractors.active);
  if (!make) {
    const agent::Recipe* recipe = agent::FindRecipe(settings.run.agent);
    EQ_CHECK(recipe != nullptr, "no recipe for agent " + settings.run.agent);
    make = recipe->make;
  }
  agent_ = make({settings_, *learn::FindBackend(settings.run.device).value(), starts_, data_.states(), data_.actions(),
                 data_.wrapped()});
  parts_ = agent_.Parts();
  block_latents_ = agent_.keeps_latents;
}

Trainer::~Trainer() = default;

bool Trainer::learning() const { return data_.size() >= settings_.run.random_episodes; }
int Trainer::random_done() const {
  return static_cast<int>(std::min<int64_t>(data_.size(), settings_.run.random_episodes));
}

int Trainer::acting_episode() const {
  return learning() ? picked_ + 1 : static_cast<int>(data_.size()) + 1 - settings_.run.random_episodes;
}

std::string Trainer::BodyName(int body) const {
  const mjModel* model = collector_.task().model();
  if (body <= 0 || body >= model->nbody) return "";
  const char* name = mj_id2name(model, mjOBJ_BODY, body);
  return name != nullptr ? name : "body " + std::to_string(body);
}

std::vector<Stage> Trainer::Stages() const {
  std::vector<Stage> stages;
  if (!learning()) stages.push_back({kRandomStage, "random episodes", "episode", settings_.run.random_episodes});
  for (size_t lane = 0; lane < agent_.lanes.size(); ++lane)
    for (const nets::Trainable* part : agent_.lanes[lane])
      stages.push_back({part->id(), part->info().title, part->info().unit, WorkOf(*part), static_cast<int>(lane),
                        part->Waiting(Now())});
  if (const int masks = agent_.arbiter->NextWork(settings_); masks > 0)
    stages.push_back({kCheckStage, "check", parts_.Belief(), masks});
  stages.push_back({kActStage, "acting", "step", horizon()});
  return stages;
}

const env::Distractors* Trainer::ActiveDistractors() const {
  return data_.distracted() ? &data_.distractors() : nullptr;
}

double Trainer::FractionModelFree() const {
  FractionCounter counter(kFractionWindow);
  for (int64_t pick : picks_)
    counter.Add(std::any_of(parts_.all().begin(), parts_.all().end(), [&](const nets::PartInfo& part) {
      return parts_.ModelFree(part.id) && parts_.NumberOf(part.id) == pick;
    }));
  return counter.value();
}

EpisodeRecord Trainer::NextEpisode() {
  EpisodeRecord record;
  if (learning()) {
    record.episode = acting_episode();
    Learn(&record);
    gradient_steps_ += record.gradient_steps;
    scalars_ = record.scalars;
    record.decision = Choose();
    record.decision.episode = record.episode;
    record.seconds[kCheckStage] = record.decision.seconds;
    Predict(record.decision, &record);
    hooks_.decided(record.decision);
  } else {
    record.episode = acting_episode();
    record.decision.episode = record.episode;
    record.decision.reason = eps::Reason::kRandom;
  }
  const bool random = record.decision.pick.random();
  agent::Controller* acting = agent_.Find(record.decision.pick);
  EQ_CHECK(acting != nullptr, "the arbiter picked nobody");
  const double start = MonotonicSeconds();
  auto on_step = [this, random](const LiveStep& live) {
    if (!random) hooks_.progress(kActStage, live.step, horizon());
    hooks_.acted(live);
  };
  const Collector::Turn turn{data_.size(),           record.episode, record.decision.pick,
                             record.decision.reason, &settings_,     &team_};
  bool pushed = false;
  const auto push = [this, &pushed](int attempt, int step) {
    const PushBody* by = hooks_.push ? hooks_.push(attempt, step) : nullptr;
    pushed = pushed || by != nullptr;
    return by;
  };
  Collector::Outcome outcome = collector_.Act(turn, acting, ActiveDistractors(), on_step, push);
  if (outcome.restarts > 0) {
    record.guard_tripped = true;
    record.scalars["guard.restarts"] = outcome.restarts;
    hooks_.guard("The simulation diverged " + std::to_string(outcome.restarts) +
                 " times; the episode was started again from another reset.");
  }
  record.seconds[kActStage] = MonotonicSeconds() - start;
  record.episode_return = outcome.episode_return;
  outcome.episode.source = static_cast<uint8_t>(parts_.NumberOf(record.decision.pick.id()));
  trace_ = outcome.trace;
  data_.Append(std::move(outcome.episode));
  record.environment_steps = data_.size() * data_.horizon();
  record.gradient_steps = gradient_steps_;
  if (outcome.restarts == 0 && !pushed) ActInShadow(turn, record.decision, &record);
  if (!random) {
    ++picked_;
    picks_.push_back(parts_.NumberOf(record.decision.pick.id()));
    if (picks_.size() > static_cast<size_t>(kFractionWindow)) picks_.erase(picks_.begin());
    record.fraction_model_free = FractionModelFree();
    ExamineModel(&record);
    ExamineActor(&record);
  } else {
    hooks_.progress(kRandomStage, random_done(), settings_.run.random_episodes);
  }
  return record;
}

}  // namespace equipoise::run
