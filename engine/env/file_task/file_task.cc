#include "engine/env/file_task/file_task.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/base/compat.h"

namespace equipoise::env {
namespace {

[[noreturn]] void Fail(const std::string& path, int line, const std::string& what) {
  throw TaskFileError(path + ":" + std::to_string(line) + ": " + what);
}

std::vector<double*> Slots(std::vector<double>* values) {
  std::vector<double*> slots;
  for (double& value : *values) slots.push_back(&value);
  return slots;
}

}  // namespace

TaskInfo FileTask::InfoOf(const TaskFile& file, const std::string& name, const mjModel& model) {
  TaskInfo info;
  info.name = name;
  info.title = file.title;
  info.horizon = file.horizon;
  for (int id = 0; id < model.nu; ++id) info.action_names.push_back(NameOf(&model, mjOBJ_ACTUATOR, id, "actuator"));
  for (const TermSpec& term : file.terms) info.term_names.push_back(term.name);
  return info;
}

FileTask::FileTask(const TaskFile& file, const std::string& name, ModelPtr model, AliveBonus alive)
    : MujocoTask(std::move(model), InfoOf(file, name, *model), file.frame_skip),
      fresh_(file.fresh),
      is_product_(file.is_product),
      clips_(file.action.clip),
      alive_rule_(alive) {}

Result<std::unique_ptr<FileTask>> FileTask::Make(const TaskFile& file, const std::string& name, ModelPtr model,
                                                 AliveBonus alive) {
  if (model->nu == 0)
    return Error{file.ModelPath() + ": the model has no actuator, so there is nothing to decide; add <actuator>"};
  if (model->nq == 0) return Error{file.ModelPath() + ": the model has no joint, so nothing moves"};
  if (compat::HasSensorNoise(model.get()))
    return Error{file.ModelPath() +
                 ": it asks for sensor noise, which MuJoCo draws from no seed: no run could be made again; remove the "
                 "flag sensornoise"};
  try {
    std::unique_ptr<FileTask> task(new FileTask(file, name, std::move(model), alive));
    task->Connect(file);
    return task;
  } catch (const TaskFileError& error) {
    return Error{error.what()};
  }
}

Formula FileTask::Compiled(const Written& formula, const Vocabulary& vocabulary, const std::string& path,
                           const std::string& place) const {
  try {
    return Formula(formula.text, vocabulary);
  } catch (const FormulaError& error) {
    Fail(path, formula.line, place + " = \"" + formula.text + "\": " + error.what());
  }
}

void FileTask::Connect(const TaskFile& file) {
  const auto nu = static_cast<size_t>(model()->nu);
  action_.assign(nu, 0.0);
  last_action_.assign(nu, 0.0);
  dt_ = info().control_dt_seconds;
  Vocabulary words;
  words.Add("action", Slots(&action_));
  words.Add("last_action", Slots(&last_action_));
  words.Add("dt", &dt_);
  words.Add("time", &mutable_data()->time);
  finder_ = std::make_unique<SourceFinder>(model(), data(), action_.data(), last_action_.data());
  values_ = std::make_unique<Values>(file, finder_.get(), words);

  std::vector<std::string> names;
  std::vector<int> wrapped;
  for (const ObservedEntry& entry : values_->observed()) {
    if (entry.as == ObservedEntry::As::kWrapped) wrapped.push_back(static_cast<int>(names.size()));
    names.push_back(entry.name);
  }
  NameObservation(std::move(names), std::move(wrapped));
  pose_ = std::make_unique<RebuiltPose>(*model(), values_->observed(), dt_);

  Vocabulary of_reward = values_->vocabulary();
  if (!file.healthy.text.empty())
    healthy_formula_ = std::make_unique<Formula>(Compiled(file.healthy, of_reward, file.path, "task.healthy"));
  of_reward.Add("healthy", &healthy_);
  of_reward.Add("alive", &alive_);
  for (const TermSpec& term : file.terms)
    terms_.push_back(Compiled(term.formula, of_reward, file.path, "task.reward." + term.name));
  for (const ResetSpec& spec : file.reset) reset_.push_back(Found(spec, file.path));
  ConnectAction(file);
  SetState(InitialQpos(), std::vector<double>(static_cast<size_t>(model()->nv), 0.0));
}

void FileTask::ConnectAction(const TaskFile& file) {
  const mjModel* m = model();
  list_slots_.resize(file.action.lists.size());
  for (int id = 0; id < m->nu; ++id) {
    Actuator actuator;
    const double* range = m->actuator_ctrlrange + 2 * id;
    const bool limited = m->actuator_ctrllimited[id] != 0;
    if (file.action.to_range && limited) {
      actuator.middle = (range[0] + range[1]) / 2;
      actuator.half = (range[1] - range[0]) / 2;
    }
    if (m->actuator_trntype[id] == mjTRN_JOINT || m->actuator_trntype[id] == mjTRN_JOINTINPARENT) {
      const int joint = m->actuator_trnid[2 * id];
      actuator.q = data()->qpos + m->jnt_qposadr[joint];
      actuator.v = data()->qvel + m->jnt_dofadr[joint];
    }
    for (const ActionSpec::PerActuator& list : file.action.lists) {
      if (list.numbers.size() != static_cast<size_t>(m->nu))
        Fail(file.path, list.line,
             "task.action.per_actuator." + list.name + " has " + std::to_string(list.numbers.size()) + " numbers for " +
                 std::to_string(m->nu) + " actuators");
      actuator.lists.push_back(ConstantOf(list.numbers[static_cast<size_t>(id)], file.path));
    }
    actuators_.push_back(std::move(actuator));
  }
  if (file.action.formula.text.empty()) {
    ControlRange range;
    for (const Actuator& actuator : actuators_) {
      range.low.push_back(actuator.middle - actuator.half);
      range.high.push_back(actuator.middle + actuator.half);
    }
    SayControl(std::move(range));
    return;
  }
  SayControl({});
  Vocabulary words;
  words.Add("a", &a_);
  words.Add("low", &low_);
  words.Add("high", &high_);
  words.Add("dt", &dt_);
  if (std::all_of(actuators_.begin(), actuators_.end(), [](const Actuator& a) { return a.q != nullptr; })) {
    words.Add("q", &q_);
    words.Add("v", &v_);
  }
  for (size_t i = 0; i < file.action.lists.size(); ++i) words.Add(file.action.lists[i].name, &list_slots_[i]);
  ctrl_formula_ = std::make_unique<Formula>(Compiled(file.action.formula, words, file.path, "task.action.ctrl"));
}

FileTask::ResetStep FileTask::Found(const ResetSpec& spec, const std::string& path) const {
  ResetStep step{spec.kind, -1, {}, {}};
  if (spec.kind == ResetSpec::Kind::kKeyframe) {
    step.keyframe = mj_name2id(model(), mjOBJ_KEY, spec.of.text.c_str());
    if (step.keyframe >= 0) return step;
    std::string known;
    for (const std::string& name : NamesOf(model(), mjOBJ_KEY)) known += (known.empty() ? "" : ", ") + name;
    Fail(path, spec.of.line,
         "the model has no keyframe \"" + spec.of.text + "\"" +
             (known.empty() ? "; it names none" : "; it has " + known));
  }
  std::vector<SourceEntry> entries;
  try {
    entries = SourceFinder(model(), data(), action_.data(), last_action_.data()).Find(spec.of.text);
  } catch (const FormulaError& error) {
    Fail(path, spec.of.line, error.what());
  }
  for (const SourceEntry& entry : entries) {
    if (entry.origin.kind == Origin::Kind::kOther || spec.of.text[0] != 'q')
      Fail(path, spec.of.line, "task.reset: \"" + spec.of.text + "\" cannot be set; name entries of qpos or qvel");
    step.of.push_back(entry.origin);
  }
  for (const Written& number : spec.numbers) step.numbers.push_back(ConstantOf(number, path));
  if (spec.kind == ResetSpec::Kind::kSet && step.numbers.size() != 1 && step.numbers.size() != step.of.size())
    Fail(path, spec.line,
         "task.reset: set has " + std::to_string(step.numbers.size()) + " numbers for " +
             std::to_string(step.of.size()) + " entries");
  return step;
}

void FileTask::Reset(Stream& stream) {
  std::vector<double> qpos = InitialQpos(), qvel(static_cast<size_t>(model()->nv), 0.0);
  for (const ResetStep& step : reset_) {
    if (step.keyframe >= 0) {
      std::copy_n(model()->key_qpos + step.keyframe * model()->nq, qpos.size(), qpos.begin());
      std::copy_n(model()->key_qvel + step.keyframe * model()->nv, qvel.size(), qvel.begin());
    }
    for (size_t i = 0; i < step.of.size(); ++i) {
      const Origin& of = step.of[i];
      double& value = (of.kind == Origin::Kind::kQpos ? qpos : qvel)[static_cast<size_t>(of.index)];
      const std::vector<double>& n = step.numbers;
      if (step.kind == ResetSpec::Kind::kSet) value = n[n.size() == 1 ? 0 : i];
      if (step.kind == ResetSpec::Kind::kBetween) value = stream.Uniform(n[0], n[1]);
      if (step.kind == ResetSpec::Kind::kUniform) value += stream.Uniform(-n[0], n[0]);
      if (step.kind == ResetSpec::Kind::kNormal) value += n[0] * stream.Normal();
    }
  }
  SetState(qpos, qvel);
}

void FileTask::AfterStateWritten() {
  std::fill(action_.begin(), action_.end(), 0.0);
  std::fill(last_action_.begin(), last_action_.end(), 0.0);
  Refresh();
  values_->Compute();
  values_->KeepAsBefore();  // before the first step nothing was otherwise
  values_->Compute();
  healthy_ = healthy_formula_ == nullptr || healthy_formula_->Value() != 0 ? 1 : 0;
  alive_ = alive_rule_ == AliveBonus::kAlways ? 1 : healthy_;
}

// Positions and sensors as mj_step1 would leave them. The next mj_step computes all of them again from the state.
void FileTask::Refresh() {
  mjData* d = mutable_data();
  switch (finder_->needed()) {
    case Freshness::kState:
      return;
    case Freshness::kKinematics:
      mj_kinematics(model(), d);
      break;
    case Freshness::kVelocities:
      mj_kinematics(model(), d);
      mj_comPos(model(), d);
      mj_comVel(model(), d);
      break;
    case Freshness::kSensors:
      mj_fwdPosition(model(), d);
      mj_sensorPos(model(), d);
      mj_fwdVelocity(model(), d);
      mj_sensorVel(model(), d);
      break;
  }
  finder_->ComputeVelocities();
}

void FileTask::WriteControl(const double* action, double* ctrl) {
  for (size_t i = 0; i < actuators_.size(); ++i) {
    const Actuator& actuator = actuators_[i];
    action_[i] = action[i];
    last_action_[i] = std::clamp(action[i], -1.0, 1.0);
    const double a = clips_ ? last_action_[i] : action[i];
    if (ctrl_formula_ == nullptr) {
      ctrl[i] = actuator.middle + a * actuator.half;
      continue;
    }
    a_ = a;
    if (actuator.q != nullptr) {
      q_ = *actuator.q;
      v_ = *actuator.v;
    }
    low_ = model()->actuator_ctrlrange[2 * i];
    high_ = model()->actuator_ctrlrange[2 * i + 1];
    std::copy(actuator.lists.begin(), actuator.lists.end(), list_slots_.begin());
    ctrl[i] = ctrl_formula_->Value();
  }
}

void FileTask::AfterStep() {
  if (fresh_) {
    Refresh();
  } else {
    finder_->ComputeVelocities();
  }
  values_->Compute();
  if (healthy_formula_ != nullptr) healthy_ = healthy_formula_->Value() != 0 ? 1 : 0;
  alive_ = alive_rule_ == AliveBonus::kAlways ? 1 : healthy_;
}

void FileTask::Reward(const double*, StepResult* result) const {
  result->reward = is_product_ ? 1 : 0;
  for (size_t i = 0; i < terms_.size(); ++i) {
    const double term = terms_[i].Value();
    result->terms[i] = term;
    if (is_product_) {
      result->reward *= term;
    } else {
      result->reward += term;
    }
    if (!std::isfinite(term) && result->problem.empty())
      result->problem = "the term \"" + info().term_names[i] + "\" of its reward is not a finite number";
  }
  std::vector<double> seen(static_cast<size_t>(info().observation_size));
  values_->Observe(seen.data());
  for (size_t i = 0; i < seen.size() && result->problem.empty(); ++i)
    if (!std::isfinite(seen[i]))
      result->problem = "the entry \"" + info().observation_names[i] + "\" of its observation is not a finite number";
  if (!result->problem.empty()) result->reward = NAN;
}

std::vector<double> FileTask::SaveExtra() const {
  std::vector<double> extra = values_->Save();
  extra.insert(extra.end(), last_action_.begin(), last_action_.end());
  extra.insert(extra.end(), data()->act, data()->act + model()->na);
  return extra;
}

void FileTask::RestoreExtra(const std::vector<double>& extra) {
  const size_t actions = last_action_.size(), activations = static_cast<size_t>(model()->na);
  EQ_CHECK(extra.size() == values_->size() + actions + activations,
           info().name + " keeps " + std::to_string(values_->size() + actions + activations) +
               " numbers beside MuJoCo's state, not " + std::to_string(extra.size()));
  values_->Restore(extra.data());
  std::copy_n(extra.data() + values_->size(), actions, last_action_.begin());
  std::copy_n(extra.data() + values_->size() + actions, activations, mutable_data()->act);
}

}  // namespace equipoise::env
