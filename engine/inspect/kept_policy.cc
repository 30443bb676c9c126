#include "engine/inspect/kept_policy.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "engine/agent/decision_moment.h"
#include "engine/agent/recipes.h"
#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/env/distractors.h"
#include "engine/learn/alm/latent_gaussian.h"
#include "engine/learn/backend.h"
#include "engine/nets/kernels/kernels.h"
#include "engine/record/episode_reader.h"
#include "engine/record/run_settings.h"
#include "engine/store/decision_files.h"
#include "engine/store/kept_checkpoints.h"

namespace equipoise::run {
namespace {

// An agent as a checkpoint or a decision has it, and what its parts borrow.
struct Revived {
  explicit Revived(config::Settings in_force) : settings(std::move(in_force)) {}
  const config::Settings settings;
  const learn::StartPool starts;
  agent::Agent agent;
  std::shared_ptr<DecisionMoment::Made> of_decision;  // it owns `acting`
  const agent::Agent* acting = nullptr;
  int episode = 0;
};

// What the file of an archive is of, without the rest of it.
Result<ArchiveReader> ReadArchive(const std::string& path) {
  Result<std::string> bytes = ReadFile(path);
  if (!bytes) return bytes.error();
  return ArchiveReader::Parse(std::move(bytes).value(), path);
}

std::vector<std::string> CheckpointPaths(const store::RunPaths& paths) {
  std::vector<std::string> all = store::PreviousPaths(paths);
  all.insert(all.begin(), paths.state);
  for (const std::string& name : store::ListKept(paths)) all.push_back(paths.checkpoints + "/" + name + ".eqps");
  return all;
}

std::string Listed(const std::set<int>& episodes) {
  std::string text;
  for (auto it = episodes.begin(); it != episodes.end();) {
    const int first = *it;
    int last = first;
    while (++it != episodes.end() && *it == last + 1) last = *it;
    text += (text.empty() ? "" : ", ") + std::to_string(first) + (last > first ? " to " + std::to_string(last) : "");
  }
  return text;
}

KeptPolicy::Examples ExamplesOf(const nets::ActingFunction& f) {
  KeptPolicy::Examples e;
  e.rows = 16;
  Stream stream(0, "policy.examples");
  const auto states = static_cast<size_t>(f.states()), noise = static_cast<size_t>(f.noise());
  e.observation.resize(static_cast<size_t>(e.rows) * states);
  e.noise.resize(static_cast<size_t>(e.rows) * noise);
  stream.Normal(e.observation.data(), e.observation.size());
  stream.Normal(e.noise.data(), e.noise.size());
  for (size_t i = 0; i < e.observation.size(); ++i)
    e.observation[i] = f.mean[i % states] + f.sd[i % states] * e.observation[i];
  for (size_t i = 0; i < static_cast<size_t>(e.rows); ++i) {
    const float* observation = e.observation.data() + i * states;
    const std::vector<float> action = ActBy(f, observation, e.noise.data() + i * noise);
    const std::vector<float> mean = ActBy(f, observation, nullptr);
    e.action.insert(e.action.end(), action.begin(), action.end());
    e.mean.insert(e.mean.end(), mean.begin(), mean.end());
  }
  return e;
}

class PolicyReader {
 public:
  PolicyReader(const std::string& folder, const PolicyWanted& wanted) : paths_(folder), wanted_(wanted) {}

  Result<KeptPolicy> Read() {
    const auto description = store::ReadDescription(paths_.folder);
    if (!description) return description.error();
    const auto begun = SettingsOf(description.value(), paths_.folder);  // and where a task of one's own lies
    if (!begun) return begun.error();
    auto task = env::MakeTask(begun.value());
    if (!task) return task.error();
    task_ = std::move(task).value();
    Result<std::unique_ptr<Revived>> revived = Find();
    if (!revived) return revived.error();
    return Take(*revived.value());
  }

 private:
  // The checkpoint of that episode, or its decision; of no episode in particular the newest checkpoint.
  Result<std::unique_ptr<Revived>> Find() {
    std::set<int> kept;
    Error first;
    for (const std::string& path : CheckpointPaths(paths_)) {
      std::error_code absent;
      if (!std::filesystem::exists(path, absent)) continue;
      const Result<ArchiveReader> archive = ReadArchive(path);
      if (!archive) {
        if (first.message.empty()) first = archive.error();
        continue;
      }
      try {
        const int episode = static_cast<int>(archive.value().Int("trainer.picked"));
        if (episode > 0) kept.insert(episode);
        if (episode > 0 && episode == wanted_.episode.value_or(episode))
          return FromCheckpoint(archive.value(), episode);
      } catch (const std::exception& error) {
        return Error{path + " cannot be used: " + error.what()};
      }
    }
    for (const int episode : store::KeptDecisions(paths_.folder)) {
      kept.insert(episode);
      if (wanted_.episode == episode) return FromDecision(episode);
    }
    if (!first.message.empty()) return first;
    if (!wanted_.episode)
      return Error{paths_.folder + " has no checkpoint after an episode that somebody acted who had learned: " +
                   (kept.empty() ? "nothing is kept" : "choose an episode with --episode; kept are " + Listed(kept))};
    return Error{"of episode " + std::to_string(*wanted_.episode) + " no policy is kept in " + paths_.folder +
                 (kept.empty() ? ": none is" : "; kept are those of " + Listed(kept)) +
                 ". log.moments (MB) and log.moments_every say how many decisions a run keeps, log.states how many "
                 "checkpoints"};
  }

  Result<std::unique_ptr<Revived>> FromCheckpoint(const ArchiveReader& in, int episode) {
    const auto settings = config::FromJson(in.Text("settings"));
    if (!settings) return settings.error();
    auto revived = std::make_unique<Revived>(settings.value());
    const config::Settings& s = revived->settings;
    const agent::Recipe* recipe = agent::FindRecipe(s.run.agent);
    if (recipe == nullptr) return Error{"this version has no agent " + s.run.agent};
    const env::TaskInfo& info = task_->info();
    const int64_t distractors = s.distractors.active ? env::Distractors(env::DistractorSpecOf(s)).size() : 0;
    const int64_t states = info.observation_size + distractors;
    revived->agent = recipe->make(
        {s, *learn::FindBackend("cpu").value(), revived->starts, states, int64_t{info.action_size}, info.wrapped});
    for (const auto& part : revived->agent.parts) part->Load(in);
    revived->acting = &revived->agent;
    revived->episode = episode;
    return revived;
  }

  Result<std::unique_ptr<Revived>> FromDecision(int episode) {
    const std::string path = store::DecisionPath(paths_.folder, episode);
    const Result<ArchiveReader> archive = ReadArchive(path);
    if (!archive) return archive.error();
    try {
      DecisionMoment moment = LoadMoment(archive.value());
      auto revived = std::make_unique<Revived>(moment.settings);
      revived->of_decision = moment.made;
      revived->acting = &moment.agent();
      revived->episode = episode;
      return revived;
    } catch (const std::exception& error) {
      return Error{path + " cannot be used: " + error.what()};
    }
  }

  Result<std::string> WhoActed(int episode) const {
    std::string acted;
    EpisodeReader::Options options;
    options.write = false;
    const Status read = EpisodeReader(paths_.folder, options)
                            .Read([] {},
                                  [&](const EpisodeSummary& summary) {
                                    if (summary.episode == episode) acted = summary.decision.pick.id();
                                  });
    if (!acted.empty()) return acted;
    if (!read) return read.error();
    return Error{"episodes.jsonl has no episode " + std::to_string(episode) + ": say with --learner whose policy"};
  }

  Result<KeptPolicy> Take(const Revived& from) const {
    const agent::Agent& agent = *from.acting;
    const int64_t index = int64_t{from.settings.run.random_episodes} + from.episode - 1;
    std::string who = wanted_.learner;
    if (who.empty()) {
      const Result<std::string> acted = WhoActed(from.episode);
      if (!acted) return acted.error();
      who = acted.value();
    }
    std::string others;
    const agent::Controller* chosen = nullptr;
    for (const auto& controller : agent.controllers) {
      if (controller->id() == who) chosen = controller.get();
      if (controller->function(index)) others += (others.empty() ? "" : ", ") + controller->id();
    }
    const std::string there_is = others.empty() ? "Nobody in the agent " + from.settings.run.agent + " has one."
                                                : "With a network, for --learner: " + others + ".";
    if (chosen == nullptr)
      return Error{"the agent " + from.settings.run.agent + " has nobody called " + who + " who acts. " + there_is};
    std::optional<nets::ActingFunction> function = chosen->function(index);
    if (!function)
      return Error{who + " of the agent " + from.settings.run.agent + " acts by " +
                   (chosen->plans() ? "planning anew at every step" : "a table") +
                   ", not by a policy network, so there is nothing to export. " + there_is};
    KeptPolicy kept;
    kept.function = std::move(*function);
    kept.agent = from.settings.run.agent;
    kept.learner = who;
    kept.task = task_->info();
    kept.control = env::ControlRangeOf(*task_);
    for (int64_t k = kept.task.observation_size; k < kept.function.states(); ++k)
      kept.task.observation_names.push_back("distractor " + std::to_string(k - kept.task.observation_size + 1));
    kept.episode = from.episode;
    kept.horizon = env::HorizonOf(from.settings, task_->info());
    kept.seed = from.settings.run.seed;
    kept.examples = ExamplesOf(kept.function);
    return kept;
  }

  const store::RunPaths paths_;
  const PolicyWanted wanted_;
  std::unique_ptr<env::Task> task_;
};

}  // namespace

std::vector<float> ActBy(const nets::ActingFunction& f, const float* observation, const float* noise) {
  std::vector<float> input(f.mean.size());
  for (size_t j = 0; j < input.size(); ++j) input[j] = (observation[j] - f.mean[j]) / f.sd[j];
  nets::MlpPass pass;
  if (f.encodes()) {
    const int64_t latent = f.encoder_spec.outputs / 2;
    pass.Resize(f.encoder_spec, 1, false);
    pass.Evaluate(f.encoder, input.data(), 0, 1);
    input.resize(static_cast<size_t>(latent));
    std::vector<float> sd(input.size());
    learn::LatentGaussian(1, latent, pass.output(0), input.data(), sd.data());
    for (size_t j = 0; j < sd.size() && noise != nullptr; ++j) input[j] += sd[j] * *noise++;
  }
  pass.Resize(f.spec, 1, false);
  pass.Evaluate(f.net, input.data(), 0, 1);
  std::vector<float> action(static_cast<size_t>(f.actions));
  if (f.spread.deterministic() || noise == nullptr) {
    for (size_t j = 0; j < action.size(); ++j) {
      const double explored = noise != nullptr ? f.noise_sd * static_cast<double>(noise[j]) : 0.0;
      action[j] = std::clamp(std::tanh(pass.output(0)[j]) + static_cast<float>(explored), -1.0f, 1.0f);
    }
  } else {
    float log_prob = 0;
    nets::TanhGaussian(1, f.actions, pass.output(0), noise, f.spread, action.data(), &log_prob);
  }
  return action;
}

Result<KeptPolicy> ReadPolicy(const std::string& folder, const PolicyWanted& wanted) {
  try {
    return PolicyReader(folder, wanted).Read();
  } catch (const FormatError& error) {
    return Error{folder + " cannot be used: " + error.what()};
  }
}

}  // namespace equipoise::run
