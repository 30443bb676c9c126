#include "engine/plan/model_problem.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/flush_to_zero.h"
#include "engine/base/view.h"
#include "engine/plan/held_knots.h"
#include "engine/plan/model_branches.h"
#include "engine/plan/model_policy_rolls.h"

namespace equipoise::plan {
namespace {

// As in the check: so many rows' activations stay in the second cache.
constexpr int64_t kRowsAtOnce = 128;
constexpr int64_t kLanes = 8;  // as many threads can share a Score

}  // namespace

class ModelProblem::Lane {
 public:
  explicit Lane(const model::WorldModel& model) : model_(model) {
    auto source = std::make_unique<HeldKnots>();
    knots_ = source.get();
    imagination_ = std::make_unique<model::Imagination>(model, std::move(source));
  }

  // `count` candidates; `states` null: nobody asks for them.
  model::Imagination& Roll(const PlanRoot& root, const std::vector<float>& z, const float* candidates, int64_t count,
                           float* states, model::Keep keep) {
    const ScopedFlushToZero flush;
    const int64_t P = root.beliefs->count, rows = count * P, C = model_.carry_size();
    Repeat(z.data(), static_cast<int64_t>(z.size()), rows, &start_);
    if (root.carry != nullptr) Repeat(root.carry, P * C, count, &carry_);
    knots_->Set(candidates, root.shape, P, model_.normaliser(), states);
    model::ImaginationInputs in{rows, root.shape.steps, start_.data(), root.carry != nullptr ? carry_.data() : nullptr,
                                root.beliefs};
    in.dynamics_noise = root.noise;
    in.noise_rows = P;
    if (root.belief_of != nullptr) {
      Room(belief_of_, root.shape.steps * rows);
      for (int64_t t = 0; t < root.shape.steps; ++t)
        for (int64_t r = 0; r < rows; ++r)
          belief_of_[static_cast<size_t>(t * rows + r)] = root.belief_of[t * P + r % P];
      in.belief_of = belief_of_.data();
    }
    imagination_->Run(in, keep);
    return *imagination_;
  }

 private:
  static void Repeat(const float* row, int64_t width, int64_t times, std::vector<float>* out) {
    Room(*out, width * times);
    for (int64_t i = 0; i < times; ++i) std::copy_n(row, width, out->data() + i * width);
  }

  const model::WorldModel& model_;
  HeldKnots* knots_;
  std::unique_ptr<model::Imagination> imagination_;
  std::vector<float> start_, carry_;
  std::vector<int32_t> belief_of_;
};

ModelProblem::ModelProblem(const model::WorldModel& model, const model::TrueSimulator* simulator)
    : model_(model), simulator_(simulator), lanes_(kLanes) {}

ModelProblem::~ModelProblem() = default;

void ModelProblem::SetRoot(const PlanRoot& root, Team* team) {
  root_ = root;
  team_ = team;
  const View<const float> mean(model_.normaliser().x_mean), sd(model_.normaliser().x_sd);
  const View<float> z = Room(z_, model_.states());
  for (int64_t j = 0; j < z.size(); ++j) z[j] = (root.observation[j] - mean[j]) / sd[j];
}

ModelProblem::Lane& ModelProblem::LaneAt(int64_t i) {
  std::unique_ptr<Lane>& lane = lanes_[static_cast<size_t>(i)];
  if (lane == nullptr) lane = std::make_unique<Lane>(model_);
  return *lane;
}

std::vector<double> ModelProblem::Score(const std::vector<float>& candidates) {
  const PlanShape& shape = root_.shape;
  const int64_t n = static_cast<int64_t>(candidates.size()) / shape.size(), P = root_.beliefs->count,
                S = model_.states();
  const int64_t rows = model_.rows_at_once() > 0 ? model_.rows_at_once() : kRowsAtOnce;
  const int64_t piece = std::max<int64_t>(1, rows / P), pieces = (n + piece - 1) / piece;
  const int64_t lanes = std::min(pieces, kLanes);
  std::vector<double> scores(static_cast<size_t>(n));
  Room(states_, n * shape.steps * S);
  RunTasks(team_, static_cast<int>(lanes), [&](int lane) {
    Lane& own = LaneAt(lane);
    for (int64_t i = lane; i < pieces; i += lanes) {
      const int64_t first = i * piece, count = std::min(piece, n - first);
      const std::vector<double>& returns = own.Roll(root_, z_, candidates.data() + first * shape.size(), count,
                                                    states_.data() + first * shape.steps * S, model::Keep::kReturns)
                                               .Returns();
      for (int64_t c = 0; c < count; ++c) {
        double sum = 0;
        for (int64_t p = 0; p < P; ++p) sum += View(returns)[c * P + p];
        const double score = sum / static_cast<double>(P);
        scores[static_cast<size_t>(first + c)] =
            std::isfinite(score) ? score : -std::numeric_limits<double>::infinity();
      }
    }
  });
  return scores;
}

std::unique_ptr<Branches> ModelProblem::NewBranches() {
  if (simulator_ != nullptr) return BranchesIn(*simulator_);
  BranchRoot root{z_, {}, root_.beliefs->Part({0, 1})};
  if (root_.carry != nullptr) root.carry.assign(root_.carry, root_.carry + model_.carry_size());
  return BranchesIn(model_, std::move(root));
}

PolicyRolls* ModelProblem::Rolls(const nets::Policy& policy) {
  if (rolls_ == nullptr || &rolls_->policy() != &policy)
    rolls_ = std::make_unique<ModelPolicyRolls>(model_, policy, &states_);
  rolls_->SetRoot(root_, z_);
  return rolls_.get();
}

std::vector<float> ModelProblem::StatesOf(int64_t candidate) const {
  const int64_t size = root_.shape.steps * model_.states();
  const auto from = states_.begin() + candidate * size;
  return {from, from + size};
}

ModelProblem::Prediction ModelProblem::Predict(const std::vector<float>& knots) {
  const int64_t P = root_.beliefs->count, S = model_.states(), T = root_.shape.steps;
  const model::Imagination& rolled = LaneAt(0).Roll(root_, z_, knots.data(), 1, nullptr, model::Keep::kSteps);
  const View<const float> mean(model_.normaliser().x_mean), sd(model_.normaliser().x_sd);
  Prediction out;
  out.clamped_fraction = rolled.clamped_fraction();
  for (int64_t t = 0; t <= T; ++t)
    for (int64_t j = 0; j < S; ++j) out.states.push_back(rolled.z(t)[j] * sd[j] + mean[j]);
  for (int64_t t = 0; t < T; ++t) {
    double sum = 0;
    for (int64_t p = 0; p < P; ++p) sum += rolled.raw_reward(t, p);
    out.rewards.push_back(sum / static_cast<double>(P));
  }
  return out;
}

}  // namespace equipoise::plan
