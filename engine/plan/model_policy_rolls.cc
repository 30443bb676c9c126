#include "engine/plan/model_policy_rolls.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/view.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::plan {

ModelPolicyRolls::ModelPolicyRolls(const model::WorldModel& model, const nets::Policy& policy,
                                   std::vector<float>* states)
    : model_(model),
      policy_(policy),
      states_(states),
      pair_(static_cast<size_t>(2 * model.actions())),
      steps_(std::make_unique<model::Imagination>(
          model, std::make_unique<model::GivenActions>(pair_.data(), 2, model.actions()))) {
  auto source = std::make_unique<NudgedPolicy>(policy, model.normaliser());
  source_ = source.get();
  ways_ = std::make_unique<model::Imagination>(model, std::move(source));
}

void ModelPolicyRolls::SetRoot(const PlanRoot& root, const std::vector<float>& z) {
  EQ_CHECK(root.shape.hold == 1, "a policy acts anew in every step");
  root_ = root;
  z_ = z;
  belief_ = root.beliefs->Part({0, 1});
  // As the policy itself does it, so that nothing is rounded otherwise.
  const int64_t S = policy_.states(), A = policy_.actions();
  std::vector<float> input(static_cast<size_t>(S));
  for (int64_t j = 0; j < S; ++j)
    input[static_cast<size_t>(j)] = (root.observation[j] - View(policy_.mean)[j]) / View(policy_.sd)[j];
  pass_.Resize(policy_.spec, 1, false);
  pass_.Forward(policy_.net, input.data(), 0, 1);
  head_.assign(pass_.output(0), pass_.output(0) + 2 * A);
}

model::ImaginationInputs ModelPolicyRolls::Inputs(int64_t rows, int64_t steps) {
  const int64_t S = model_.states(), C = model_.carry_size();
  Room(start_, rows * S);
  for (int64_t r = 0; r < rows; ++r) std::copy_n(z_.data(), S, start_.data() + r * S);
  model::ImaginationInputs in{rows, steps, start_.data(), nullptr, &belief_};
  if (root_.carry == nullptr) return in;
  Room(carry_, rows * C);
  for (int64_t r = 0; r < rows; ++r) std::copy_n(root_.carry, C, carry_.data() + r * C);
  in.carry = carry_.data();
  return in;
}

PolicyRolls::Head ModelPolicyRolls::Root() {
  const int64_t A = policy_.actions();
  Head head{{head_.begin(), head_.begin() + A}, std::vector<float>(static_cast<size_t>(A))};
  std::vector<float> about = head_;
  std::fill_n(about.begin(), A, 0.0f);
  const std::vector<float> one(static_cast<size_t>(A), 1.0f);
  nets::Latents(1, A, about.data(), one.data(), policy_.spread, head.sd.data());
  return head;
}

PolicyRolls::Rolled ModelPolicyRolls::Roll(int64_t n, const std::vector<float>& eps, const std::vector<float>& du) {
  const ScopedFlushToZero flush;
  const int64_t T = root_.shape.steps, A = model_.actions(), S = model_.states();
  source_->Set(head_.data(), eps.empty() ? nullptr : eps.data(), du.empty() ? nullptr : du.data(), nullptr);
  ways_->Run(Inputs(n, T), model::Keep::kSteps);
  const View<const float> mean(model_.normaliser().x_mean), sd(model_.normaliser().x_sd);
  Rolled out;
  Room(out.actions, n * T * A);
  Room(*states_, n * T * S);
  for (int64_t r = 0; r < n; ++r) {
    for (int64_t t = 0; t < T; ++t) {
      std::copy_n(ways_->action(t) + r * A, A, out.actions.data() + (r * T + t) * A);
      const float* z = ways_->z(t) + r * S;
      float* state = states_->data() + (r * T + t) * S;
      for (int64_t j = 0; j < S; ++j) state[j] = z[j] * sd[j] + mean[j];
      out.rewards.push_back(ways_->raw_reward(t, r));
      out.log_density.push_back(source_->LogDensity(t, r));
    }
  }
  return out;
}

PolicyRolls::Slopes ModelPolicyRolls::Differentiate(const std::vector<float>& du) {
  const ScopedFlushToZero flush;
  const int64_t T = root_.shape.steps, A = model_.actions(), S = model_.states();
  // The way of du, and the policy's own behind it.
  std::vector<float> both = du;
  both.resize(2 * du.size(), 0.0f);
  const float density[] = {1.0f, 0.0f};
  std::vector<float> by_reward(static_cast<size_t>(2 * T), 1.0f);
  by_reward[1] = 0.0f;  // what comes ahead of the first step
  source_->Set(head_.data(), nullptr, both.data(), density);
  ways_->Run(Inputs(2, T), model::Keep::kGradients);
  ways_->Backward(nullptr, by_reward.data());
  Slopes out;
  out.du.assign(source_->by_du().begin(), source_->by_du().begin() + T * A);
  for (int64_t t = 0; t < T; ++t) out.sd.insert(out.sd.end(), source_->sd(t, 0), source_->sd(t, 0) + A);
  out.ahead.assign(source_->by_first_action().begin() + A, source_->by_first_action().begin() + 2 * A);
  by_next_.assign(source_->by_next().begin() + S, source_->by_next().begin() + 2 * S);
  return out;
}

double ModelPolicyRolls::Insertion(const std::vector<float>& action) {
  EQ_CHECK(!by_next_.empty(), "an insertion is judged by the slopes ahead of it");
  const ScopedFlushToZero flush;
  const int64_t A = model_.actions(), S = model_.states();
  std::copy_n(action.data(), A, pair_.data());
  std::copy_n(head_.data(), A, pair_.data() + A);
  nets::TanhInPlace(A, pair_.data() + A);
  steps_->Run(Inputs(2, 1), model::Keep::kSteps);
  double gain = steps_->raw_reward(0, 0) - steps_->raw_reward(0, 1);
  for (int64_t j = 0; j < S; ++j)
    gain += reward_sd() * double{View(by_next_)[j]} * (double{steps_->z(1)[j]} - double{steps_->z(1)[S + j]});
  return gain;
}

}  // namespace equipoise::plan
