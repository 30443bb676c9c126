#include "engine/env/env_replay.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "engine/base/output_file.h"
#include "engine/config/task_name.h"
#include "engine/env/mujoco_model.h"
#include "engine/env/task.h"
#include "engine/env/task_settings.h"

namespace equipoise::env {
namespace {

// What recordings call a part of the reward, where it is not our word, and whether they count it as a cost.
struct RecordedTerm {
  const char *ours, *recorded;
  double sign;
};
constexpr RecordedTerm kRecordedTerms[] = {{"control", "ctrl_cost", -1},  {"distance", "target_dist_cost", 1},
                                           {"pose", "pose_diff_cost", 1}, {"velocity", "joint_vel_cost", 1},
                                           {"near", "bonus_small", 1},    {"there", "bonus_big", 1}};
constexpr size_t kOriginalClaw = 19;  // coordinates of DClaw's original model: claw, its ghost, valve

class Replay {
 public:
  Replay(std::unique_ptr<Task> task, bool rollout) : task_(std::move(task)), rollout_(rollout) {}

  // The output for one line of input. Throws FormatError.
  Json Line(const Json& line) {
    const std::string type = TextFrom(line, "type");
    if (type == "start") return Start(line);
    if (type == "step") return Step(line);
    throw FormatError("\"type\" is \"" + type + "\"; it must be \"start\" or \"step\"");
  }

 private:
  Json Start(const Json& line);
  Json Step(const Json& line);
  void TakeState(const Json& line);
  void AddAlive(const StepResult& result, Json* out) const;
  void AddAntForces(double x_before, Json* out) const;

  // Coordinates: as many as ours, or DClaw's original ones.
  std::vector<double> Coordinates(const Json& line, const char* key, int size) const {
    std::vector<double> values = RealsFrom(line, key);
    if (info().name == "dclaw" && values.size() == kOriginalClaw) {
      values[size - 1] = values.back();
      values.resize(size);
    }
    return Sized(std::move(values), key, size);
  }
  std::vector<double> Sized(std::vector<double> values, const char* key, int size) const {
    if (values.size() == static_cast<size_t>(size)) return values;
    throw FormatError("\"" + std::string(key) + "\" has " + std::to_string(values.size()) + " numbers; " + info().name +
                      " has " + std::to_string(size));
  }
  std::vector<double> Observation() const {
    std::vector<double> observation(info().observation_size);
    task_->Observe(observation.data());
    return observation;
  }
  const TaskInfo& info() const { return task_->info(); }

  std::unique_ptr<Task> task_;
  bool rollout_;
  bool started_ = false;
  std::string trajectory_;
};

Json Replay::Start(const Json& line) {
  if (line.contains("env") && TextFrom(line, "env") != info().name) {
    throw FormatError("recorded for \"" + TextFrom(line, "env") + "\", replayed as \"" + info().name + "\"");
  }
  trajectory_ = TextFrom(line, "traj");
  started_ = true;
  const bool has_set = line.contains("set_qpos");
  task_->SetState(Coordinates(line, has_set ? "set_qpos" : "qpos", info().qpos_size),
                  Coordinates(line, has_set ? "set_qvel" : "qvel", info().qvel_size));
  const SimState state = task_->Save();
  return {{"type", "start"},
          {"traj", trajectory_},
          {"qpos", ToJson(state.qpos)},
          {"qvel", ToJson(state.qvel)},
          {"obs", ToJson(Observation())}};
}

void Replay::TakeState(const Json& line) {
  SimState state;
  state.qpos = Coordinates(line, "qpos", info().qpos_size);
  state.qvel = Coordinates(line, "qvel", info().qvel_size);
  state.warmstart.assign(info().qvel_size, 0.0);
  if (line.contains("qacc_warmstart")) state.warmstart = Coordinates(line, "qacc_warmstart", info().qvel_size);
  if (info().name == "ant") {
    const bool recorded = line.contains("terms") && line["terms"].contains("x_before");
    state.extra = {recorded ? RealFrom(line["terms"], "x_before") : state.qpos[0]};
  } else if (info().name == "dclaw") {
    state.extra.assign(info().action_size, 0.0);
    if (line.contains("last_action")) {
      state.extra = Sized(RealsFrom(line, "last_action"), "last_action", info().action_size);
    }
  } else if (config::NamesTaskFile(info().name)) {  // what it remembers is that of a start in this state
    task_->SetState(state.qpos, state.qvel);
    state.extra = task_->Save().extra;
  }
  task_->Restore(state);
}

Json Replay::Step(const Json& line) {
  const std::string trajectory = TextFrom(line, "traj");
  const int64_t step = IntFrom(line, "step");
  const std::vector<double> action = Sized(RealsFrom(line, "action"), "action", info().action_size);
  if (!rollout_) {
    TakeState(line);
  } else if (!started_ || trajectory != trajectory_) {
    throw FormatError("a step of \"" + trajectory +
                      "\" without its start line before it; a rollout is a start line followed by its steps");
  }
  const SimState before = task_->Save();
  const StepResult result = task_->Step(action.data());
  const SimState after = task_->Save();

  Json terms = Json::object();
  for (size_t i = 0; i < info().term_names.size(); ++i) {
    const std::string& name = info().term_names[i];
    const auto known = std::find_if(std::begin(kRecordedTerms), std::end(kRecordedTerms),
                                    [&](const RecordedTerm& term) { return name == term.ours; });
    const bool is_known = known != std::end(kRecordedTerms);
    terms[is_known ? known->recorded : name] = ToJson(is_known ? known->sign * result.terms[i] : result.terms[i]);
  }
  Json out = {{"type", "step"},
              {"traj", trajectory},
              {"step", step},
              {"next_qpos", ToJson(after.qpos)},
              {"next_qvel", ToJson(after.qvel)},
              {"obs", ToJson(Observation())},
              {"reward", ToJson(result.reward)},
              {"terms", std::move(terms)},
              {"finite", result.finite}};
  AddAlive(result, &out);
  if (info().name == "ant") {
    AddAntForces(before.extra[0], &out);
    out["terms"]["x_after"] = ToJson(after.extra[0]);
  }
  return out;
}

void Replay::AddAlive(const StepResult& result, Json* out) const {
  const auto& names = info().term_names;
  const auto alive = std::find(names.begin(), names.end(), "alive");
  if (alive == names.end()) return;
  const double bonus = result.terms[alive - names.begin()];
  (*out)["healthy"] = bonus > 0;
  (*out)["reward_alive_always"] = ToJson(result.reward - bonus + 1);
}

// What Ant's variants with contact forces would observe and pay: recorded beside the rest, not part of our reward.
void Replay::AddAntForces(double x_before, Json* out) const {
  // On a copy: computing them must leave no trace in the simulation.
  const DataPtr data(mj_copyData(nullptr, task_->model(), task_->data()));
  mj_rnePostConstraint(task_->model(), data.get());
  std::vector<double> forces(data->cfrc_ext, data->cfrc_ext + 6 * static_cast<size_t>(task_->model()->nbody));
  double squares = 0;
  for (double& force : forces) {
    force = std::clamp(force, -1.0, 1.0);
    squares += force * force;
  }
  (*out)["terms"]["contact_cost"] = ToJson(5e-4 * squares);
  (*out)["terms"]["x_before"] = ToJson(x_before);
  (*out)["cfrc_ext_clipped"] = ToJson(forces);
}

}  // namespace

Status EnvReplay(const EnvReplayOptions& options) {
  const Result<std::string> name = TaskNameOf(options.task);
  if (!name) return name.error();
  Result<std::unique_ptr<Task>> task = MakeTask(name.value(), AliveBonus::kWhileHealthy);
  if (!task) return task.error();
  OutputRule rule;
  rule.endings = {".jsonl", ".ndjson"};
  rule.overwrite = options.overwrite;
  Result<OutputFile> at = OutputFile::At(options.output, rule);
  if (!at) return at.error();
  OutputFile file = std::move(at).value();
  const Result<std::string> input = ReadFile(options.input == "-" ? "/dev/stdin" : options.input);
  if (!input) return input.error();

  Replay replay(std::move(task).value(), options.rollout);
  const std::string& text = input.value();
  std::string output;
  int number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::string where = options.input + ":" + std::to_string(++number);
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const Result<Json> json = ParseJson(line, where);
    if (!json) return json.error();
    try {
      output += OneLine(replay.Line(json.value())) + "\n";
    } catch (const FormatError& problem) {
      return Error{where + ": " + problem.what()};
    }
  }
  return file.Write(output);
}

}  // namespace equipoise::env
