// task_check.cc: `equipoise task check`: is a task file right, what does it observe, what do simple actions earn?
#include <mujoco/mujoco.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "app/commands.h"
#include "engine/env/file_task/file_task.h"
#include "engine/env/mujoco_errors.h"
#include "engine/env/task_library.h"
#include "engine/env/task_settings.h"

namespace equipoise::app {
namespace {

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", value);
  return text;
}

// A table whose columns are as wide as their widest cell; numbers to the right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void Print() const {
    std::vector<size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()), 0);
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows_) {
      std::string line;
      for (size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - row[i].size(), ' ');
        const bool right = !row[i].empty() && row[i].find_first_not_of("-+.e0123456789infa") == std::string::npos;
        line += "  " + (right ? space + row[i] : row[i] + space);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      std::printf("%s\n", line.c_str());
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

enum class Way { kZero, kRandom, kHeld };

struct Tried {
  double mean = 0, lowest = INFINITY, highest = -INFINITY;
  std::vector<double> terms;  // of an episode, mean
  std::string problem;        // "" where all went well
  int steps = 0, unhealthy = 0;
  double seconds = 0;
};

// Keeps what each entry of the observation was at least and at most.
struct Range {
  std::vector<double> lowest, highest;
  void See(const std::vector<double>& observation) {
    lowest.resize(observation.size(), INFINITY);
    highest.resize(observation.size(), -INFINITY);
    for (size_t i = 0; i < observation.size(); ++i) {
      lowest[i] = std::min(lowest[i], observation[i]);
      highest[i] = std::max(highest[i], observation[i]);
    }
  }
};

Tried Try(env::Task* task, Way way, const TaskCheckOptions& options, Range* range) {
  const env::TaskInfo& info = task->info();
  const auto* from_file = dynamic_cast<const env::FileTask*>(task);
  Tried out;
  out.terms.assign(info.term_names.size(), 0.0);
  std::vector<double> action(static_cast<size_t>(info.action_size), 0.0),
      observation(static_cast<size_t>(info.observation_size));
  const auto seed = static_cast<uint64_t>(options.seed);
  const auto begin = std::chrono::steady_clock::now();
  for (int episode = 0; episode < options.episodes && out.problem.empty(); ++episode) {
    const auto index = static_cast<uint64_t>(episode);
    Stream reset(seed, "check.reset", index), draw(seed, "check.action", index, static_cast<uint64_t>(way));
    task->Reset(reset);
    double sum = 0;
    for (int t = 0; t < info.horizon; ++t) {
      if (way == Way::kRandom || (way == Way::kHeld && t == 0))
        for (double& a : action) a = draw.Uniform(-1, 1);
      const env::StepResult result = task->Step(action.data());
      if (!result.finite) {
        out.problem = (result.problem.empty() ? "the simulation diverged" : result.problem) +
                      std::string(" (episode ") + std::to_string(episode + 1) + ", step " + std::to_string(t + 1) + ")";
        break;
      }
      ++out.steps;
      if (from_file != nullptr && !from_file->healthy()) ++out.unhealthy;
      sum += result.reward;
      for (size_t i = 0; i < result.terms.size(); ++i) out.terms[i] += result.terms[i] / options.episodes;
      task->Observe(observation.data());
      range->See(observation);
    }
    out.mean += sum / options.episodes;
    out.lowest = std::min(out.lowest, sum);
    out.highest = std::max(out.highest, sum);
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return out;
}

void PrintFacts(const std::string& name, const env::Task& task) {
  const env::TaskInfo& info = task.info();
  const mjModel* m = task.model();
  std::printf("%s: %s\n", name.c_str(), info.title.c_str());
  std::printf("model: %d bodies, %d joints, %d actuators, %d sensors; nq %d, nv %d\n", static_cast<int>(m->nbody) - 1,
              static_cast<int>(m->njnt), static_cast<int>(m->nu), static_cast<int>(m->nsensor), info.qpos_size,
              info.qvel_size);
  std::printf("step: %s s (%d x %s s); episode: %d steps, %s s\n", Number(info.control_dt_seconds).c_str(),
              static_cast<int>(std::lround(info.control_dt_seconds / m->opt.timestep)), Number(m->opt.timestep).c_str(),
              info.horizon, Number(info.horizon * info.control_dt_seconds).c_str());
  const std::string rebuilt = task.RebuiltInPose();
  std::printf("ghosts: %s\n", rebuilt.empty() ? "the observation says the whole pose" : rebuilt.c_str());
}

void PrintActions(const env::Task& task) {
  std::printf("\nactions\n");
  TextTable table({"#", "name", "ctrl from", "to"});
  for (int i = 0; i < task.info().action_size; ++i) {
    const bool limited = task.model()->actuator_ctrllimited[i] != 0;
    const double* range = task.model()->actuator_ctrlrange + 2 * i;
    table.Add({std::to_string(i), task.info().action_names[static_cast<size_t>(i)],
               limited ? Number(range[0]) : "no limit", limited ? Number(range[1]) : ""});
  }
  table.Print();
}

constexpr char kTaskExamples[] = R"(
Examples:
  equipoise task check my/robot.toml              then: equipoise gui --task my/robot.toml
  equipoise task check pendulum --episodes 10     one of those that came along, in assets/tasks

assets/tasks/README.md describes such a file. Exit codes: 1 the file or its model is wrong; 2 a reward or an observation
was not a number, or the simulation diverged.)";

}  // namespace

int TaskCheck(const TaskCheckOptions& options) {
  const Result<std::string> name = env::TaskNameOf(options.task);
  if (!name) return Fail(kUsageError, name.error().message);
  // Its settings too: a mistake should not wait for the day they are used.
  const Result<config::Settings> settings = env::LoadSettings(options.task, "", {});
  if (!settings) return Fail(kUsageError, settings.error().message);
  auto made = env::MakeTask(name.value(), env::AliveBonus::kWhileHealthy);
  if (!made) return Fail(kUsageError, made.error().message);
  env::Task& task = *made.value();
  const env::TaskInfo& info = task.info();
  const auto* from_file = dynamic_cast<const env::FileTask*>(&task);
  PrintFacts(name.value(), task);
  PrintActions(task);

  Stream reset(static_cast<uint64_t>(options.seed), "check.reset", 0);
  task.Reset(reset);
  std::vector<double> start(static_cast<size_t>(info.observation_size));
  task.Observe(start.data());
  const std::pair<const char*, Way> ways[] = {{"zero", Way::kZero}, {"random", Way::kRandom}, {"held", Way::kHeld}};
  Range range;
  range.See(start);
  std::vector<Tried> tried;
  for (const auto& [word, way] : ways) tried.push_back(Try(&task, way, options, &range));

  std::printf("\nobservation\n");
  TextTable observation({"#", "name", "from", "at the start", "lowest", "highest"});
  std::vector<std::string> constant;
  for (size_t i = 0; i < start.size(); ++i) {
    observation.Add({std::to_string(i), info.observation_names[i],
                     from_file != nullptr ? from_file->observed()[i].source : "", Number(start[i]),
                     Number(range.lowest[i]), Number(range.highest[i])});
    if (range.lowest[i] == range.highest[i]) constant.push_back(info.observation_names[i]);
  }
  observation.Print();

  std::printf("\nreturns of %d episodes each: random actions, and random ones that are held for an episode\n",
              options.episodes);
  std::vector<std::string> head = {"actions", "mean", "lowest", "highest"};
  for (const std::string& term : info.term_names) head.push_back(term);
  TextTable returns(head);
  int code = kOk, steps = 0, unhealthy = 0;
  double seconds = 0;
  for (size_t i = 0; i < tried.size(); ++i) {
    const Tried& t = tried[i];
    std::vector<std::string> row = {ways[i].first, Number(t.mean), Number(t.lowest), Number(t.highest)};
    for (const double term : t.terms) row.push_back(Number(term));
    returns.Add(std::move(row));
    steps += t.steps;
    unhealthy += t.unhealthy;
    seconds += t.seconds;
  }
  returns.Print();
  std::printf("%.0f steps a second; unhealthy in %d of %d\n", steps / std::max(seconds, 1e-9), unhealthy, steps);
  for (size_t i = 0; i < constant.size(); ++i)
    std::printf("note: the entry \"%s\" of the observation never changed\n", constant[i].c_str());
  for (const std::string& warning : env::TakeMujocoWarnings()) std::printf("note: MuJoCo: %s\n", warning.c_str());
  for (size_t i = 0; i < tried.size(); ++i)
    if (!tried[i].problem.empty())
      code = Fail(kFailure, name.value() + " with " + ways[i].first + " actions: " + tried[i].problem);
  return code;
}

void AddTaskCommand(CLI::App* app, TaskCheckOptions* options, int* code) {
  CLI::App* tasks = app->add_subcommand("task", "Look after a task of one's own: a TOML file beside a MuJoCo model.");
  tasks->require_subcommand(1);
  CLI::App* check =
      tasks->add_subcommand("check", "Say what is wrong with a task, what it observes, what actions earn.");
  check->add_option("task", options->task, "task file, or the name of a task")->required();
  check->add_option("--episodes,-n", options->episodes, "with each kind of actions")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  check->add_option("--seed", options->seed, "of starts and actions")->check(CLI::Range(0, 2147483647));
  check->footer(kTaskExamples);
  check->callback([options, code] { *code = TaskCheck(*options); });
}

}  // namespace equipoise::app
