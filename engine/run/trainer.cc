#include "engine/run/trainer.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/clock.h"
#include "engine/learn/backend.h"
#include "engine/run/decision_moment.h"

namespace equipoise::run {
namespace {

int HorizonOf(const config::Settings& s, const env::Task& task) {
  return s.env.horizon > 0 ? s.env.horizon : task.info().horizon;
}

std::unique_ptr<model::DropoutLstm> MakeModel(const learn::Backend& backend, const config::Settings& s, int64_t states,
                                              int64_t actions, const std::vector<int>& wrapped) {
  Stream init(static_cast<uint64_t>(s.run.seed), "init.model");
  return backend.NewModel(model::LstmSpecOf(s, states, actions, wrapped), s.model.dropout, init);
}

constexpr size_t kFractionWindow = 20;

}  // namespace

Trainer::Trainer(const config::Settings& settings, std::unique_ptr<env::Task> task, TrainerHooks hooks)
    : settings_(settings),
      hooks_(std::move(hooks)),
      team_(settings.run.threads, hooks_.poll),
      collector_(std::move(task), 0, static_cast<uint64_t>(settings.run.seed)),
      data_(collector_.task().info().observation_size, collector_.task().info().action_size,
            HorizonOf(settings, collector_.task()), DistractorSpecOf(settings),
            static_cast<uint64_t>(settings.run.seed), collector_.task().info().wrapped),
      arbiter_(MakeArbiter(settings.run.agent)) {
  collector_.set_horizon(static_cast<int>(data_.horizon()));
  starts_ = collector_.MakeStartPool();
  data_.SetDistracted(settings.distractors.active);
  const int64_t states = data_.states(), actions = data_.actions();
  const learn::Backend& backend = *learn::FindBackend(settings.run.device).value();
  if (settings.run.agent != "sac") {
    model_ = MakeModel(backend, settings, states, actions, data_.wrapped());
    model_based_ = backend.NewModelBased(states, actions, settings);
  }
  if (settings.run.agent != "mbrl") sac_ = backend.NewSac(states, actions, settings);
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

const env::Distractors* Trainer::ActiveDistractors() const {
  return data_.distracted() ? &data_.distractors() : nullptr;
}

EpisodeRecord Trainer::NextEpisode() {
  EpisodeRecord record;
  nets::Policy* policy = nullptr;
  nets::Policy acting;
  if (learning()) {
    record.episode = acting_episode();
    Learn(&record);
    gradient_steps_ += record.gradient_steps;
    scalars_ = record.scalars;
    record.decision = MakeDecision();
    record.decision.episode = record.episode;
    record.seconds[Name(Phase::kCheck)] = record.decision.seconds;
    Predict(record.decision, &record);
    hooks_.decided(record.decision);
    const bool mb = record.decision.pick == eps::Pick::kModelBased;
    acting = mb ? model_based_->policy() : sac_->policy();
    policy = &acting;
  } else {
    record.episode = acting_episode();
    record.decision.episode = record.episode;
    record.decision.pick = eps::Pick::kRandom;
    record.decision.reason = eps::Reason::kRandom;
  }
  const double start = MonotonicSeconds();
  const Phase phase = policy != nullptr ? Phase::kAct : Phase::kRandom;
  auto on_step = [this, phase](const LiveStep& live) {
    if (phase == Phase::kAct) hooks_.progress(phase, live.step, horizon());
    hooks_.acted(live);
  };
  const Collector::Turn turn{data_.size(), record.episode, record.decision.pick, record.decision.reason};
  Collector::Outcome outcome = collector_.Act(turn, policy, ActiveDistractors(), on_step, hooks_.push);
  if (outcome.restarts > 0) {
    record.guard_tripped = true;
    record.scalars["guard.restarts"] = outcome.restarts;
    hooks_.guard("The simulation diverged " + std::to_string(outcome.restarts) +
                 " times; the episode was started again from another reset.");
  }
  record.seconds[Name(Phase::kAct)] = MonotonicSeconds() - start;
  record.episode_return = outcome.episode_return;
  outcome.episode.source = static_cast<replay::Source>(record.decision.pick);
  trace_ = outcome.trace;
  data_.Append(std::move(outcome.episode));
  record.environment_steps = data_.size() * data_.horizon();
  record.gradient_steps = gradient_steps_;
  if (policy != nullptr) {
    ++picked_;
    picks_.push_back(static_cast<int64_t>(record.decision.pick));
    if (picks_.size() > kFractionWindow) picks_.erase(picks_.begin());
    const auto free = std::count(picks_.begin(), picks_.end(), static_cast<int64_t>(eps::Pick::kModelFree));
    record.fraction_model_free = static_cast<double>(free) / static_cast<double>(picks_.size());
    Examine(&record);
    ExamineCritics(&record);
  } else {
    hooks_.progress(phase, random_done(), settings_.run.random_episodes);
  }
  return record;
}

}  // namespace equipoise::run
