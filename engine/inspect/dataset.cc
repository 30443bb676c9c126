#include "engine/inspect/dataset.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/agent/episode_block.h"
#include "engine/agent/recipes.h"
#include "engine/base/atomic_file.h"
#include "engine/base/version.h"
#include "engine/env/configured_task.h"
#include "engine/inspect/hdf5_file.h"
#include "engine/record/run_settings.h"
#include "engine/store/replay_file.h"

namespace equipoise::run {
namespace {

// What replay.bin of a run holds, episode by episode.
class Recorded {
 public:
  static Result<Recorded> Open(const std::string& folder) {
    Recorded r{store::RunPaths(folder)};
    const auto description = store::ReadDescription(r.paths_.folder);
    if (!description) return description.error();
    const auto settings = SettingsOf(description.value(), r.paths_.folder);
    if (!settings) return settings.error();
    r.settings = settings.value();
    r.settings_json = description.value().settings_json;
    const auto task = env::MakeTask(r.settings);
    if (!task) return task.error();
    r.task = task.value()->info();
    const auto block_bytes = store::ReplayFile::BlockBytes(r.paths_.replay);
    if (!block_bytes) return block_bytes.error();
    const BlockShape plain{env::HorizonOf(r.settings, r.task), r.task.observation_size, r.task.action_size, 0, false};
    r.shape = plain.FittedTo(block_bytes.value());
    if (r.shape.groups < 0 || r.shape.bytes() != block_bytes.value())
      return Error{r.paths_.replay + ": holds episodes of another shape than this run's"};
    std::error_code error;
    const auto size = static_cast<int64_t>(std::filesystem::file_size(r.paths_.replay, error));
    const int64_t empty = store::ReplayFile::SizeOf(r.shape.bytes(), 0);
    const int64_t one = store::ReplayFile::SizeOf(r.shape.bytes(), 1) - empty;
    r.count_ = error ? 0 : std::max<int64_t>(0, size - empty) / one;
    const nets::PartList parts = agent::PartsOf(r.settings);
    r.actors = {"random"};
    for (const nets::PartInfo& part : parts.all()) {
      if (!part.acts()) continue;
      const auto number = static_cast<size_t>(parts.NumberOf(part.id));
      if (r.actors.size() <= number) r.actors.resize(number + 1);
      r.actors[number] = part.id;
    }
    return r;
  }

  // Those in the range, in order.
  Result<DatasetWritten> ForEach(const DatasetRange& range,
                                 const std::function<void(int number, const replay::Episode&)>& take) const {
    DatasetWritten written;
    const int64_t random = settings.run.random_episodes;
    for (int64_t i = 0; i < count_; ++i) {
      const auto number = static_cast<int>(i + 1 - random);
      if (number < range.first || number > range.last) continue;
      const auto block = store::ReplayFile::ReadOne(paths_.replay, shape.bytes(), i);
      if (!block) return block.error();
      try {
        const replay::Episode episode = DecodeBlock(block.value(), shape);
        take(number, episode);
        ++written.episodes;
        written.steps += shape.horizon;
        written.distracted += episode.phases.empty() || std::isnan(episode.phases.front()) ? 0 : 1;
      } catch (const FormatError& error) {
        return Error{paths_.replay + ": " + error.what()};
      }
    }
    if (written.episodes == 0)
      return Error{paths_.folder + " has no such episodes; they are " +
                   (count_ == 0 ? "none yet" : std::to_string(1 - random) + " to " + std::to_string(count_ - random))};
    return written;
  }

  void Describe(Hdf5File* file) const {
    file->Set("/", "task", task.name);
    file->Set("/", "agent", settings.run.agent);
    file->Set("/", "seed", static_cast<int64_t>(settings.run.seed));
    file->Set("/", "horizon", shape.horizon);
    file->Set("/", "actors", actors);
    file->Set("/", "observation_names", task.observation_names);
    file->Set("/", "action_names", task.action_names);
    file->Set("/", "settings", settings_json);
    file->Set("/", "written_by", std::string("Equipoise ") + Version());
  }

  // One number for each step, NaN where it is not known.
  std::vector<float> LogProbs(const replay::Episode& e) const {
    return e.log_probs.empty() ? std::vector<float>(static_cast<size_t>(shape.horizon), NAN) : e.log_probs;
  }
  std::vector<bool> Ends(bool last) const {
    std::vector<bool> ends(static_cast<size_t>(shape.horizon), false);
    ends.back() = last;
    return ends;
  }
  std::vector<int32_t> Of(int number) const { return std::vector<int32_t>(static_cast<size_t>(shape.horizon), number); }

  config::Settings settings;
  std::string settings_json;
  env::TaskInfo task;
  BlockShape shape;
  std::vector<std::string> actors;  // by the numbers of PartList

 private:
  explicit Recorded(store::RunPaths paths) : paths_(std::move(paths)) {}
  store::RunPaths paths_;
  int64_t count_ = 0;
};

// A space of Gymnasium's as Minari writes it: JSON within JSON.
std::string Box(int64_t size, double bound) {
  nlohmann::json box;
  box["type"] = "Box";
  box["dtype"] = "float32";
  box["shape"] = {size};
  std::string text = box.dump();
  // Python's JSON has a word for what has no bound, which ours has not.
  const auto numbers = [size](const std::string& each) {
    std::string all;
    for (int64_t i = 0; i < size; ++i) all += (i > 0 ? ", " : "") + each;
    return "[" + all + "]";
  };
  const std::string most = std::isinf(bound) ? "Infinity" : "1.0";
  text.pop_back();
  return text + ", \"low\": " + numbers("-" + most) + ", \"high\": " + numbers(most) + "}";
}

}  // namespace

Result<DatasetWritten> WriteFlatDataset(const std::string& run, const DatasetRange& range, const std::string& path) {
  const Result<Recorded> opened = Recorded::Open(run);
  if (!opened) return opened.error();
  const Recorded& r = opened.value();
  Hdf5File file(path, Hdf5File::Arrays::kGrow);
  const int64_t S = r.shape.states, A = r.shape.actions;
  auto written = r.ForEach(range, [&](int number, const replay::Episode& e) {
    file.Append("observations", {e.states.begin(), e.states.end() - S}, S);
    file.Append("next_observations", {e.states.begin() + S, e.states.end()}, S);
    file.Append("actions", e.actions, A);
    file.Append("rewards", e.rewards, 0);
    file.Append("terminals", r.Ends(false));
    file.Append("timeouts", r.Ends(true));
    file.Append("infos/episode", r.Of(number));
    file.Append("infos/actor", r.Of(e.source));
    if (r.shape.latents) file.Append("infos/action_log_probs", r.LogProbs(e), 0);
  });
  r.Describe(&file);
  if (Status closed = file.Close(); !closed && written) return closed.error();
  return written;
}

Result<DatasetWritten> WriteMinariDataset(const std::string& run, const DatasetRange& range,
                                          const std::string& folder) {
  const Result<Recorded> opened = Recorded::Open(run);
  if (!opened) return opened.error();
  const Recorded& r = opened.value();
  const std::string path = folder + "/main_data.hdf5";
  Hdf5File file(path, Hdf5File::Arrays::kWrittenOnce);
  int64_t id = 0;
  auto written = r.ForEach(range, [&](int number, const replay::Episode& e) {
    const std::string group = "episode_" + std::to_string(id);
    file.MakeGroup(group);
    file.Set(group, "id", id++);
    file.Set(group, "total_steps", r.shape.horizon);
    file.Set(group, "episode", static_cast<int64_t>(number));
    file.Append(group + "/observations", e.states, r.shape.states);
    file.Append(group + "/actions", e.actions, r.shape.actions);
    file.Append(group + "/rewards", e.rewards, 0);
    file.Append(group + "/terminations", r.Ends(false));
    file.Append(group + "/truncations", r.Ends(true));
    file.Append(group + "/infos/actor", r.Of(e.source));
    if (r.shape.latents) file.Append(group + "/infos/action_log_probs", r.LogProbs(e), 0);
  });
  r.Describe(&file);
  if (Status closed = file.Close(); !closed && written) return closed.error();
  if (!written) return written.error();
  std::error_code error;
  nlohmann::ordered_json about;
  about["total_episodes"] = written.value().episodes;
  about["total_steps"] = written.value().steps;
  about["data_format"] = "hdf5";
  about["observation_space"] = Box(r.shape.states, INFINITY);
  about["action_space"] = Box(r.shape.actions, 1);
  about["dataset_id"] =
      "equipoise/" + r.task.name + "/" + r.settings.run.agent + "-s" + std::to_string(r.settings.run.seed) + "-v0";
  about["minari_version"] = "0.5.0";
  about["dataset_size"] = static_cast<double>(std::filesystem::file_size(path, error)) / 1e6;
  about["algorithm_name"] = r.settings.run.agent;
  about["author"] = std::string("Equipoise ") + Version();
  if (Status status = WriteFileAtomically(folder + "/metadata.json", about.dump(2) + "\n"); !status)
    return status.error();
  return written;
}

}  // namespace equipoise::run
