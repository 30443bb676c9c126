#include "engine/inspect/audit.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/agent/recipes.h"
#include "engine/base/atomic_file.h"
#include "engine/base/interrupt.h"
#include "engine/config/config_file.h"
#include "engine/config/section.h"
#include "engine/env/configured_task.h"
#include "engine/inspect/real_episode.h"
#include "engine/inspect/replayer.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/run/derived.h"
#include "engine/run/lives.h"
#include "engine/run/saved_state.h"
#include "engine/store/decision_files.h"
#include "engine/store/folder_lock.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/replay_file.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

std::string Number(double v) { return config::ToText(config::Value(v)); }
std::string NameIn(const std::string& folder, const std::string& path) { return path.substr(folder.size() + 1); }
bool Exists(const std::string& path) {
  std::error_code absent;
  return fs::exists(path, absent);
}

class Auditor {
 public:
  Auditor(const std::string& folder, const std::function<void(int, int)>& progress)
      : paths_(folder), progress_(progress) {}

  Result<AuditReport> Do() {
    if (Status begun = Begin(); !begun) return begun.error();
    CheckLogs();
    CheckCheckpoints();
    if (Status read = CheckEpisodes(); !read) return read.error();
    CheckDerived();
    CheckDecisions();
    return std::move(report_);
  }

 private:
  void Damaged(const std::string& what) { report_.damaged.push_back(what); }
  void Differs(const std::string& what) { report_.differs.push_back(what); }

  // What the run is: by the newest checkpoint where it says so, since that is one checked whole.
  Status Begin() {
    const Result<store::RunDescription> described = store::ReadDescription(paths_.folder);
    if (const Result<std::string> text = ReadFile(paths_.run_json); text)
      if (Status known = store::RefuseNewerFormat(text.value(), paths_.run_json); !known) return known;
    std::vector<std::string> states = store::PreviousPaths(paths_);
    states.insert(states.begin(), paths_.state);
    for (const std::string& path : states) {
      if (state_ || !Exists(path)) continue;
      Result<SavedState> state = ReadState(paths_, path);
      if (state) state_ = std::move(state).value();
    }
    std::optional<store::RunDescription> copy;
    if (state_ && state_->archive.Has("engine.description")) {
      const auto read = store::DescriptionFromJson(state_->archive.Text("engine.description"), state_->path);
      if (read) copy = read.value();
    }
    if (!described && !copy) return described.error();
    if (!described) Damaged(described.error().message);
    description_ = described ? described.value() : *copy;
    if (copy && described) Contradictions(*copy);
    if (copy) description_.settings_json = copy->settings_json;
    Result<config::Settings> settings = SettingsOf(description_, paths_.folder);
    if (!settings) return settings.error();
    settings_ = std::move(settings).value();
    Result<std::unique_ptr<env::Task>> task = env::MakeTask(settings_);
    if (!task) return task.error();
    task_ = std::move(task).value();
    return {};
  }

  // Of run.json and the copy that the checkpoint holds; each setting by its name.
  void Contradictions(const store::RunDescription& copy) {
    const auto unlike = [this](const std::string& what, const std::string& here, const std::string& there) {
      if (here != there)
        Damaged("run.json: " + what + " is " + here + ", but " + there + " in " + NameIn(paths_.folder, state_->path));
    };
    unlike("the task", description_.task, copy.task);
    unlike("the agent", description_.agent, copy.agent);
    unlike("the preset", description_.preset, copy.preset);
    unlike("the seed", std::to_string(description_.seed), std::to_string(copy.seed));
    unlike("the start", description_.started, copy.started);
    if (description_.settings_json == copy.settings_json) return;
    const Result<config::Settings> here = config::FromJson(description_.settings_json),
                                   there = config::FromJson(copy.settings_json);
    if (!here || !there) {
      Damaged("run.json: its settings are not those in " + NameIn(paths_.folder, state_->path));
      return;
    }
    for (const config::Section& section : config::Sections())
      for (const config::Spec& spec : section.specs)
        unlike(spec.key, config::ToText(config::Get(here.value(), spec.key)),
               config::ToText(config::Get(there.value(), spec.key)));
  }

  void CheckLogs() {
    for (const auto& [path, marks] : {std::pair(&paths_.episodes, &episode_marks_), {&paths_.events, &event_marks_}}) {
      const Result<store::LogReport> log = store::VerifyLog(*path);
      if (!log || !Exists(*path)) {
        Damaged(log ? NameIn(paths_.folder, *path) + " is gone" : log.error().message);
        continue;
      }
      *marks = log.value();
      report_.lines += static_cast<int>(log.value().lines.size());
      const std::optional<store::LogDamage>& damage = log.value().damage;
      // The line that a process was writing when it was killed: the next start cuts it off.
      const bool torn =
          damage && damage->what == "the line is cut off" && description_.condition == store::RunCondition::kRunning &&
          state_ && BytesOf(log.value()) >= (path == &paths_.episodes ? state_->sizes.episodes : state_->sizes.events);
      if (damage && !torn)
        Damaged(NameIn(paths_.folder, *path) + ":" + std::to_string(damage->line) + ": " + damage->what);
    }
  }
  static int64_t BytesOf(const store::LogReport& log) { return log.lines.empty() ? 0 : log.lines.back().bytes; }

  void CheckCheckpoints() {
    std::vector<std::string> files{paths_.state};
    for (const std::string& path : store::PreviousPaths(paths_))
      if (Exists(path)) files.push_back(path);
    for (const std::string& name : store::ListKept(paths_)) files.push_back(paths_.checkpoints + "/" + name + ".eqps");
    for (const std::string& path : files) {
      const std::string name = NameIn(paths_.folder, path);
      const Result<SavedState> state = ReadState(paths_, path);
      if (!state) {
        Damaged(Exists(path) ? state.error().message : name + " is gone");
        continue;
      }
      const store::LogSizes& sizes = state.value().sizes;
      bool stands = true;
      for (const auto& [log, bytes, check, what] :
           {std::tuple(&episode_marks_, sizes.episodes, sizes.episodes_check, "episodes.jsonl"),
            {&event_marks_, sizes.events, sizes.events_check, "events.jsonl"}}) {
        const std::optional<store::LogMark> mark = log->At(bytes);
        if (mark && (check < 0 || static_cast<int64_t>(mark->check) == check)) continue;
        Damaged(std::string(what) + " is not the log that " + name + " knows: " +
                (BytesOf(*log) < bytes ? "it is shorter, or damaged before that" : "its lines are others"));
        stands = false;
      }
      if (stands) ++report_.checkpoints;
    }
  }

  // Every line of the log and its block of replay.bin, in order.
  Status CheckEpisodes() {
    const Result<std::vector<Event>> events = ReadEvents(paths_.folder);
    if (events)
      events_ = events.value();
    else
      Damaged(events.error().message);
    total_ = static_cast<int>(episode_marks_.lines.size() + store::KeptDecisions(paths_.folder).size());
    std::ifstream in(paths_.episodes, std::ios::binary);
    std::string line;
    for (size_t i = 0; i < episode_marks_.lines.size() && std::getline(in, line); ++i) {
      PollInterrupt();
      const Result<EpisodeRecord> record = EpisodeFromLine(line, "episodes.jsonl:" + std::to_string(i + 1));
      if (record)
        CheckEpisode(record.value(), static_cast<int>(i));
      else
        Damaged(record.error().message);
      Step();
    }
    return {};
  }

  void CheckEpisode(const EpisodeRecord& record, int index) {
    ++report_.episodes;
    last_ = record.episode;
    const std::string which = "episode " + std::to_string(record.episode);
    const int horizon = env::HorizonOf(settings_, task_->info());
    const int expected = index + 1 - settings_.run.random_episodes;
    if (record.episode != expected)
      Damaged("episodes.jsonl:" + std::to_string(index + 1) + ": holds " + which + ", not episode " +
              std::to_string(expected));
    if (record.environment_steps != int64_t{horizon} * (index + 1))
      Damaged("episodes.jsonl: " + which + " ends after " + std::to_string(record.environment_steps) +
              " environment steps, but " + std::to_string(index + 1) + " episodes have " +
              std::to_string(int64_t{horizon} * (index + 1)));
    const Result<std::vector<Stroke>> strokes = StrokesOf(events_, record.episode);
    if (!strokes) return Damaged(strokes.error().message);
    const Result<ActedEpisode> acted =
        ReadActedEpisode(paths_.replay, settings_, record.episode, strokes.value(), task_.get());
    if (!acted) return Damaged(acted.error().message);
    const int source = agent::PartsOf(settings_).NumberOf(record.decision.pick.id());
    if (acted.value().recorded.source != source)
      Differs(which + ": the log says that " + record.decision.pick.id() + " acted, replay.bin that another did");
    const std::string found = Unlike(record, acted.value());
    if (found.empty()) {
      ++report_.simulated;
      report_.pushed += !strokes.value().empty();
      report_.distracted += !acted.value().recorded.phases.empty();
      return;
    }
    const std::string elsewhere = Elsewhere(record.episode);
    if (elsewhere.empty() || acted.value().attempt >= 0)
      Differs(which + ": " + found);
    else
      report_.unjudged.push_back(which + " was simulated elsewhere (" + elsewhere +
                                 "), and does not come out here: " + found);
  }

  // How the record differs from what was simulated; "": in nothing.
  std::string Unlike(const EpisodeRecord& record, const ActedEpisode& acted) {
    const replay::Episode& e = acted.recorded;
    if (acted.attempt < 0)
      return acted.followed < 0 ? "its first observation is not the one that the seed gives"
                                : "simulated again from its actions, it leaves what was recorded after step " +
                                      std::to_string(acted.followed);
    for (size_t t = 0; t < e.rewards.size(); ++t)
      if (const auto again = static_cast<float>(acted.trace.reward[t]); again != e.rewards[t])
        return "the reward of step " + std::to_string(t + 1) + " is " + Number(e.rewards[t]) + " in replay.bin, now " +
               Number(again);
    double sum = 0;
    for (const double reward : acted.trace.reward) sum += reward;
    if (sum != record.episode_return)
      return "its return is " + Number(record.episode_return) + " in the log, now " + Number(sum);
    if (e.phases.empty()) return "";
    env::DistractorSpec spec;
    spec.groups = static_cast<int>(e.phases.size());
    Stream stream(static_cast<uint64_t>(settings_.run.seed), "env.distractor",
                  static_cast<uint64_t>(settings_.run.random_episodes + record.episode - 1),
                  static_cast<uint64_t>(acted.attempt));
    if (env::Distractors(spec).DrawPhases(stream) != e.phases)
      return "the phases of its distractors are not those that the seed gives";
    return "";
  }

  std::string Elsewhere(int episode) const { return UnlikeIn(store::LifeOf(description_, episode), LifeHere(0)); }

  // A derived file lacks at most what a killed process had not written yet.
  void CheckDerived() {
    if (!episode_marks_.lines.empty() && !episode_marks_.damage) {
      const std::string head = FirstLine(paths_.progress);
      std::vector<std::string> columns(1);
      for (const char c : head)
        if (c == ',')
          columns.emplace_back();
        else
          columns.back() += c;
      const std::vector<std::string> known = ProgressColumns(agent::PartsOf(settings_), settings_);
      if (!Exists(paths_.progress)) return Damaged("progress.csv is gone");
      if (columns != known) {
        report_.unjudged.push_back("progress.csv has other columns than this version writes");
        return;
      }
      Compare(paths_.progress, ProgressText(paths_.folder, columns));
      if (!description_.tensorboard.empty())
        Compare(paths_.folder + "/" + description_.tensorboard, EventBytes(paths_.folder, columns));
    }
  }
  static std::string FirstLine(const std::string& path) {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    return line;
  }
  void Compare(const std::string& path, const Result<std::string>& again) {
    const std::string name = NameIn(paths_.folder, path);
    if (!again) return Damaged(name + ": " + again.error().message);
    const Result<std::string> bytes = ReadFile(path);
    if (!bytes) return Damaged(bytes.error().message);
    const std::string &is = bytes.value(), &should = again.value();
    const bool killed = description_.condition == store::RunCondition::kRunning;
    if (is == should || (killed && should.compare(0, is.size(), is) == 0)) return;
    const auto at = std::mismatch(
        is.begin(), is.begin() + static_cast<std::ptrdiff_t>(std::min(is.size(), should.size())), should.begin());
    Damaged(name + " is not what episodes.jsonl gives, from byte " + std::to_string(at.first - is.begin()) + " on");
  }

  void CheckDecisions() {
    const std::vector<int> kept = store::KeptDecisions(paths_.folder);
    if (kept.empty()) return;
    Result<std::unique_ptr<Replayer>> opened = Replayer::Open(paths_.folder, settings_);
    if (!opened) return Damaged(opened.error().message);
    for (const int episode : kept) {
      PollInterrupt();
      Step();
      if (episode > last_) continue;  // decided, and not acted to its end: it is made again by whoever goes on
      ++report_.decisions;
      const std::string which = "decision of episode " + std::to_string(episode) + ": ";
      const Reevaluated made = opened.value()->Do(Reevaluate{episode, false});
      if (!made.problem.empty())
        Damaged(which + made.problem);
      else if (made.same)
        ++report_.decided;
      else if (made.logged.evaluated == 0)
        --report_.decisions;  // no check was made: forced, or nobody to compare
      else if (made.same_but_for_rounding || (made.planned && !made.elsewhere.empty()))
        report_.unjudged.push_back(which + made.sentence);
      else
        Differs(which + made.sentence);
    }
  }

  void Step() {
    if (progress_) progress_(++done_, total_);
  }

  const store::RunPaths paths_;
  const std::function<void(int, int)>& progress_;
  AuditReport report_;
  std::optional<SavedState> state_;  // the newest that can be read
  store::RunDescription description_;
  config::Settings settings_;  // as the run began
  std::unique_ptr<env::Task> task_;
  store::LogReport episode_marks_, event_marks_;
  std::vector<Event> events_;
  int last_ = -1000000, done_ = 0, total_ = 0;
};

}  // namespace

Result<AuditReport> Audit(const std::string& directory, const std::function<void(int, int)>& progress) {
  const store::RunPaths paths(directory);
  std::error_code error;
  if (!fs::is_directory(paths.folder, error)) return Error{"there is no folder " + paths.folder};
  const std::string holder = store::FolderLock::Holder(paths.folder);
  if (!holder.empty()) return Error{paths.folder + " is being written by " + holder + "; audit it when that has ended"};
  return Auditor(paths.folder, progress).Do();
}

}  // namespace equipoise::run
