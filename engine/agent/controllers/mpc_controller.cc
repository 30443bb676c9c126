#include "engine/agent/controllers/mpc_controller.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/agent/controllers/mpc_info.h"
#include "engine/base/check.h"
#include "engine/base/view.h"

namespace equipoise::agent {

MpcController::MpcController(const model::WorldModel& model, model::TrueSimulator* simulator,
                             std::unique_ptr<plan::Planner> planner)
    : model_(model), simulator_(simulator), planner_(std::move(planner)), root_(model, simulator) {}

MpcController::~MpcController() = default;

const std::string& MpcController::id() const { return MpcInfo().id; }
const nets::PartInfo* MpcController::info() const { return &MpcInfo(); }

void MpcController::Begin(const EpisodeStart& start) {
  EQ_CHECK(start.settings != nullptr, "planning goes by settings");
  start_ = start;
  settings_ = start.settings->Of<MpcSettings>();
  planner_->Begin(*start.settings);
  plan_ = nullptr;
  claimed_ = realised_ = change_ = clamped_ = 0;
  plans_ = changes_ = unsound_ = 0;
  planner_numbers_.clear();
  root_.Begin(start, settings_.particles, settings_.resample);
  // Anew for every episode: what rolls through a model holds on to its shape and statistics.
  problem_ = std::make_unique<plan::ModelProblem>(model_, simulator_);
}

bool MpcController::Due(int step) const {
  if (plan_ == nullptr) return true;
  const int age = step - plan_->step;
  return age >= plan_->shape.steps || (settings_.replan > 0 && age >= settings_.replan);
}

float MpcController::Action(const std::vector<float>& knots, const plan::PlanShape& shape, int64_t step,
                            int64_t action) const {
  return View(knots)[step / shape.hold * shape.actions + action];
}

double MpcController::Change(const std::vector<float>& knots, const plan::PlanShape& shape, int step) const {
  const int64_t age = step - plan_->step, both = std::min(plan_->shape.steps - age, shape.steps);
  double sum = 0;
  for (int64_t t = 0; t < both; ++t)
    for (int64_t j = 0; j < shape.actions; ++j)
      sum += std::fabs(Action(knots, shape, t, j) - Action(plan_->knots, plan_->shape, age + t, j));
  return both > 0 ? sum / static_cast<double>(both * shape.actions) : NAN;
}

void MpcController::Replan(const ActInputs& in) {
  const plan::PlanShape shape = plan::ShapeAt(
      in.step, start_.horizon, settings_.horizon == "to_end" ? 0 : settings_.knots, settings_.hold, start_.actions);
  problem_->SetRoot(root_.At(in, shape, false), start_.team);

  auto trace = std::make_shared<plan::PlanTrace>();
  trace->planner = planner_->id();
  trace->step = in.step;
  trace->shape = shape;
  plan::Plan found = planner_->Find(root_.DrawsAt(in.step), problem_.get(), trace.get());
  for (plan::PlanTrace::Candidate& c : trace->candidates) c.states = problem_->StatesOf(c.index);
  plan::ModelProblem::Prediction promised = problem_->Predict(found.knots);
  ++plans_;
  unsound_ += found.sound ? 0 : 1;
  clamped_ += promised.clamped_fraction;
  if (plan_ != nullptr) {
    if (const double change = Change(found.knots, shape, in.step); std::isfinite(change)) {
      change_ += change;
      ++changes_;
    }
  }
  for (const auto& [name, value] : trace->numbers) planner_numbers_[name] += value;
  trace->sound = found.sound;
  trace->knots = std::move(found.knots);
  trace->promised = std::move(promised.rewards);
  trace->states = std::move(promised.states);
  plan_ = std::move(trace);
}

ActResult MpcController::Act(const ActInputs& in) {
  ActResult did;
  if (Due(in.step)) {
    Replan(in);
    did.plan = plan_;
  }
  const int age = in.step - plan_->step;
  claimed_ += View(plan_->promised)[age];
  for (int64_t j = 0; j < start_.actions; ++j) did.action.push_back(Action(plan_->knots, plan_->shape, age, j));
  return did;
}

void MpcController::Observe(const StepSeen& seen) {
  realised_ += seen.reward;
  root_.Observe(seen);
  if (seen.pushed) planner_->Forget();
}

std::map<std::string, double> MpcController::Examine(const replay::EpisodeBuffer&, int64_t,
                                                     const config::Settings&) const {
  const std::string id = this->id() + ".";
  std::map<std::string, double> numbers = {{id + "claimed", claimed_},
                                           {id + "claimed_minus_realised", claimed_ - realised_},
                                           {id + "unsound", unsound_},
                                           {id + "clamped", clamped_ / plans_}};
  if (changes_ > 0) numbers[id + "plan_change"] = change_ / changes_;
  for (const auto& [name, sum] : planner_numbers_) numbers[name] = sum / plans_;
  return numbers;
}

}  // namespace equipoise::agent
