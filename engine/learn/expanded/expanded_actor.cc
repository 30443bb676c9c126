#include "engine/learn/expanded/expanded_actor.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/view.h"

namespace equipoise::learn {

ExpandedActor::ExpandedActor(const model::ModelParts& parts, const model::WorldModel& model, const nets::Policy& policy,
                             GaussianActor* actor, Critics* critics, int64_t rows, int horizon)
    : model_(model),
      actor_(*actor),
      critics_(*critics),
      rows_(rows),
      states_(model.states()),
      actions_(model.actions()),
      horizon_(horizon),
      trajectories_(parts.NewTrajectories(model, policy, actor->weights(), /*detach_input=*/false)) {
  EQ_CHECK(horizon >= 2, "there is nothing to expand by");
  EQ_CHECK(
      model.carry_size() == 0 && model.beliefs_limit() != model::WorldModel::kBeyondCount,
      "recorded states go on in a model without a past, whose beliefs can be counted; \"" + model.id() + "\" is none");
  for (int64_t i = 0; i < model.beliefs_limit(); ++i) beliefs_.Append(model.Nth(i));
  for (std::vector<float>* v : {&start_, &last_, &dstate_, &dchoice_}) Room(*v, rows * states_);
  Room(daction_, rows * actions_);
  Room(dlog_prob_, horizon * rows);
  Room(dreward_, (horizon - 1) * rows);
  still_.assign(static_cast<size_t>((horizon - 1) * rows * states_), 0.0f);  // no noise: the model's means
  dz_.assign(static_cast<size_t>(horizon * rows * states_), 0.0f);
}

ExpandedActor::Climbed ExpandedActor::Update(const float* s, const float* noise, const Objective& objective,
                                             double lr) {
  const replay::Normaliser& n = model_.normaliser();
  const View<const float> mean(n.x_mean), sd(n.x_sd);
  const double reward_sd = n.y_sd.back(), reward_mean = n.y_mean.back();
  const double share = 1.0 / static_cast<double>(horizon_ * rows_);
  const int64_t H = horizon_, at_end = (H - 1) * rows_, entries = rows_ * states_;
  for (int64_t i = 0; i < entries; ++i) start_[static_cast<size_t>(i)] = (s[i] - mean[i % states_]) / sd[i % states_];
  trajectories_->Run({rows_, H - 1, start_.data(), nullptr, &beliefs_, noise, still_.data()});

  // The last action is drawn, and valued, where the model ends.
  const float* z = trajectories_->z(H - 1);
  for (int64_t i = 0; i < entries; ++i) last_[static_cast<size_t>(i)] = z[i] * sd[i % states_] + mean[i % states_];
  actor_.Sample(last_.data(), noise + at_end * actions_);
  const double discount = std::pow(objective.gamma, static_cast<double>(H - 1));
  Climbed climbed;
  climbed.end =
      critics_.ActionGradient(last_.data(), actor_.action(), objective.value,
                              static_cast<float>(-discount / static_cast<double>(H)), daction_.data(), dstate_.data());
  climbed.clamped_fraction = trajectories_->clamped_fraction();

  double value = discount * climbed.end.mean / static_cast<double>(H), pay = 1;  // pay: gamma^t
  for (int64_t t = 0; t < H; ++t, pay *= objective.gamma) {
    const float* log_prob = t + 1 < H ? trajectories_->log_prob(t) : actor_.log_prob();
    for (int64_t i = 0; i < rows_; ++i) {
      if (t == 0) climbed.entropy -= static_cast<double>(log_prob[i]) / static_cast<double>(rows_);
      value -= objective.alpha * pay * share * static_cast<double>(log_prob[i]);
      dlog_prob_[static_cast<size_t>(t * rows_ + i)] = static_cast<float>(objective.alpha * pay * share);
      if (t + 1 == H) continue;
      value += pay * share * (static_cast<double>(trajectories_->reward(t)[i]) * reward_sd + reward_mean);
      dreward_[static_cast<size_t>(t * rows_ + i)] = static_cast<float>(-pay * share * reward_sd);
    }
  }

  // From the end to the start: what the last state owes to the value and to the policy's choice there.
  actor_.ClearGradient();
  actor_.Backward(daction_.data(), dlog_prob_.data() + at_end, dchoice_.data());
  for (int64_t i = 0; i < entries; ++i) {
    const auto at = static_cast<size_t>(i);
    dz_[static_cast<size_t>(at_end * states_) + at] = (dstate_[at] + dchoice_[at]) * sd[i % states_];
  }
  trajectories_->Backward(dz_.data(), dreward_.data(), dlog_prob_.data(), actor_.gradient());
  for (int64_t t = 1; t < H; ++t) climbed.value_gradient.push_back(trajectories_->state_gradient(t) / share);
  const nets::Adam::Outcome outcome = actor_.Step(-value, lr, 0.0);
  if (outcome.applied) {
    climbed.norm = outcome.norm;
  } else {  // it may be infinite
    climbed.value_gradient.assign(climbed.value_gradient.size(), 0.0);
  }
  return climbed;
}

}  // namespace equipoise::learn
