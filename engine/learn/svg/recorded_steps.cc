#include "engine/learn/svg/recorded_steps.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/view.h"
#include "engine/model/infer_noise.h"

namespace equipoise::learn {
namespace {

double RootMeanSquare(const std::vector<float>& x) {
  double square = 0;
  for (const float v : x) square += static_cast<double>(v) * v;
  return std::sqrt(square / static_cast<double>(x.size()));
}

}  // namespace

RecordedSteps::RecordedSteps(const model::WorldModel& model, GaussianActor* actor, int64_t rows, int64_t horizon,
                             std::vector<int> wrapped)
    : model_(model),
      actor_(*actor),
      rows_(rows),
      horizon_(horizon),
      states_(model.states()),
      actions_(model.actions()),
      wrapped_(std::move(wrapped)),
      rollout_(model.NewRollout()) {
  EQ_CHECK(model.beliefs_limit() != model::WorldModel::kBeyondCount,
           "recorded steps are repeated under each belief there is; those of \"" + model.id() + "\" cannot be counted");
  for (int64_t i = 0; i < model.beliefs_limit(); ++i) beliefs_.Append(model.Nth(i));
  for (std::vector<float>* v : {&s_, &z_}) Room(*v, (horizon + 1) * rows * states_);
  for (std::vector<float>* v : {&action_, &eps_}) Room(*v, horizon * rows * actions_);
  for (std::vector<float>* v : {&xi_, &repeated_, &rest_}) Room(*v, horizon * rows * states_);
  Room(log_prob_, horizon * rows);
  for (std::vector<float>* v : {&reward_, &dreward_, &dlog_prob_}) Room(*v, rows);
  for (std::vector<float>* v : {&ds_, &gradient_}) Room(*v, rows * states_);
  Room(daction_, rows * actions_);
  value_gradient_.assign(static_cast<size_t>(horizon + 1), 0.0);
  turn_.assign(static_cast<size_t>(states_), 0.0f);
  for (const int j : wrapped_)
    turn_[static_cast<size_t>(j)] = 6.283185307179586f / model.normaliser().x_sd[static_cast<size_t>(j)];
}

void RecordedSteps::Begin() {
  rollout_->Begin(rows_, horizon_, true, &beliefs_, nullptr);
  stepped_ = true;
}

void RecordedSteps::Step(int64_t t) {
  const int64_t entries = rows_ * states_;
  rollout_->Step(t, z_.data() + t * entries, action_.data() + t * rows_ * actions_, xi(t),
                 repeated_.data() + t * entries, reward_.data());
}

float RecordedSteps::Shortest(int64_t j, float difference) const {
  const float turn = turn_[static_cast<size_t>(j)];
  return turn > 0 ? difference - turn * std::nearbyint(difference / turn) : difference;
}

void RecordedSteps::Infer(const float* s, const float* u) {
  const replay::Normaliser& n = model_.normaliser();
  const View<const float> mean(n.x_mean), sd(n.x_sd);
  const int64_t entries = rows_ * states_;
  s_.assign(s, s + (horizon_ + 1) * entries);
  for (int64_t i = 0; i < (horizon_ + 1) * entries; ++i)
    z_[static_cast<size_t>(i)] = (s[i] - mean[i % states_]) / sd[i % states_];
  for (int64_t t = 0; t < horizon_; ++t) {
    const int64_t at = t * rows_ * actions_;
    actor_.Density(s + t * entries, u + at);
    std::copy_n(actor_.log_prob(), rows_, log_prob_.data() + t * rows_);
    actor_.InferNoise(eps_.data() + at);
    for (int64_t i = 0; i < rows_ * actions_; ++i) action_[static_cast<size_t>(at + i)] = std::tanh(u[at + i]);
  }
  model::InferNoise(model_, rows_, horizon_, beliefs_, wrapped_, z_.data(), action_.data(), xi_.data());
  inferred_ = true;
  Begin();
  for (int64_t t = 0; t < horizon_; ++t) {
    Step(t);
    const float *next = z_.data() + (t + 1) * entries, *by_model = repeated(t + 1);
    for (int64_t i = 0; i < entries; ++i)
      rest_[static_cast<size_t>(t * entries + i)] = Shortest(i % states_, next[i] - by_model[i]);
  }
}

void RecordedSteps::Follow() {
  EQ_CHECK(inferred_, "noise that was not inferred");
  const replay::Normaliser& n = model_.normaliser();
  const View<const float> mean(n.x_mean), sd(n.x_sd);
  const int64_t entries = rows_ * states_;
  Begin();
  for (int64_t t = 0; t < horizon_; ++t) {
    actor_.Evaluate(state(t), eps(t));
    std::copy_n(actor_.action(), rows_ * actions_, action_.data() + t * rows_ * actions_);
    Step(t);
    float *z = z_.data() + (t + 1) * entries, *raw = s_.data() + (t + 1) * entries;
    for (int64_t i = 0; i < entries; ++i) {
      const int64_t j = i % states_;
      const float zero = -mean[j] / sd[j];
      z[i] = zero + Shortest(j, repeated(t + 1)[i] + rest_[static_cast<size_t>(t * entries + i)] - zero);
      raw[i] = z[i] * sd[j] + mean[j];
    }
  }
}

double RecordedSteps::PolicyNoise() const { return RootMeanSquare(eps_); }
double RecordedSteps::ModelNoise() const { return RootMeanSquare(xi_); }
double RecordedSteps::ModelNoiseWithin(float sds) const {
  const auto within = [sds](float x) { return std::fabs(x) <= sds; };
  return static_cast<double>(std::count_if(xi_.begin(), xi_.end(), within)) / static_cast<double>(xi_.size());
}

void RecordedSteps::Note(int64_t t, double gamma) {
  double& norm = value_gradient_[static_cast<size_t>(t)];
  norm = 0;
  for (int64_t r = 0; r < rows_; ++r) {
    double square = 0;
    for (int64_t j = r * states_; j < (r + 1) * states_; ++j) {
      const double x = gradient_[static_cast<size_t>(j)];
      square += x * x;
    }
    norm += std::sqrt(square);
  }
  const double discount = std::pow(gamma, static_cast<double>(t));
  norm = discount > 1e-30 ? norm / discount : 0;  // beyond that floats hold nothing
}

void RecordedSteps::Walk(const Objective& objective) {
  EQ_CHECK(stepped_, "a walk along nothing");
  stepped_ = false;
  const replay::Normaliser& n = model_.normaliser();
  const View<const float> sd(n.x_sd);
  const int64_t entries = rows_ * states_;
  for (int64_t i = 0; i < entries; ++i)
    gradient_[static_cast<size_t>(i)] = objective.dend != nullptr ? objective.dend[i] * sd[i % states_] : 0.0f;
  Note(horizon_, objective.gamma);
  actor_.ClearGradient();
  entropy_ = 0;
  for (int64_t t = horizon_ - 1; t >= 0; --t) {
    const double pay = std::pow(objective.gamma, static_cast<double>(t)) / static_cast<double>(rows_);
    for (int64_t i = 0; i < rows_; ++i) {
      const auto at = static_cast<size_t>(i);
      const double worth = pay * (objective.weights != nullptr ? objective.weights[i] : 1.0f);
      dreward_[at] = static_cast<float>(-worth * n.y_sd.back());
      dlog_prob_[at] = static_cast<float>(worth * objective.alpha);
    }
    rollout_->StepBackward(t, repeated(t + 1), xi(t), dreward_.data(), gradient_.data(), daction_.data());
    actor_.Sample(state(t), eps(t));
    for (int64_t i = 0; i < rows_; ++i) entropy_ -= actor_.log_prob()[i] / static_cast<double>(rows_ * horizon_);
    actor_.Backward(daction_.data(), dlog_prob_.data(), ds_.data());
    for (int64_t i = 0; i < entries; ++i)
      gradient_[static_cast<size_t>(i)] += ds_[static_cast<size_t>(i)] * sd[i % states_];
    Note(t, objective.gamma);
  }
}

}  // namespace equipoise::learn
