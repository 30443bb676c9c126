#include "engine/run/watch.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "engine/base/archive.h"
#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/run/health.h"
#include "engine/run/records.h"
#include "engine/run/trace.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

using namespace std::chrono_literals;

template <class T>
SharedList<T> Share(std::vector<T> items) {
  auto list = std::make_shared<std::vector<Shared<T>>>();
  for (T& item : items) list->push_back(std::make_shared<const T>(std::move(item)));
  return list;
}

void SetState(const store::RunDescription& description, const std::string& holder, Snapshot* snapshot) {
  switch (description.condition) {
    case store::RunCondition::kRunning:
      snapshot->state = holder.empty() ? RunState::kStopped : RunState::kRunning;
      if (holder.empty())
        snapshot->stopped_reason = "the process that wrote this run has ended without a word; resume it";
      break;
    case store::RunCondition::kStopped:
      snapshot->state = RunState::kStopped;
      break;
    case store::RunCondition::kFinished:
      snapshot->state = RunState::kFinished;
      break;
    case store::RunCondition::kCrashed:
      snapshot->state = RunState::kStopped;
      snapshot->stopped_reason = description.reason;
      break;
  }
}

// The settings as they were at the start, with what was changed by hand since.
config::Settings SettingsNow(config::Settings settings, const std::vector<Event>& events) {
  for (const Event& event : events)
    if (event.kind == Event::Kind::kIntervention && config::FindSpec(event.key) != nullptr)
      (void)config::SetFromText(settings, event.key, event.to).ok();  // a value that no longer fits stays as it was
  return settings;
}

std::vector<KeptCheckpoint> KeptOf(const store::RunPaths& paths, const std::vector<Event>& events) {
  std::vector<KeptCheckpoint> kept;
  for (const std::string& name : store::ListKept(paths)) {
    const auto made_for = [&name](const Event& event) { return event.checkpoint == name; };
    const auto event = std::find_if(events.begin(), events.end(), made_for);
    if (event != events.end()) kept.push_back({name, event->episode});
  }
  return kept;
}

class WatchingEngine : public Engine {
 public:
  WatchingEngine(std::string folder, std::shared_ptr<const Snapshot> first)
      : folder_(std::move(folder)), size_(LogBytes()), latest_(std::move(first)) {}
  ~WatchingEngine() override {
    Post(Quit{});
    if (thread_.joinable()) thread_.join();
  }

  void Start(bool) override {
    thread_ = std::thread([this] { Loop(); });
  }

  void Post(Command command) override {
    if (!std::holds_alternative<Quit>(command)) {
      auto next = std::make_shared<Snapshot>(*Latest());
      const bool ended = next->state == RunState::kFinished || next->state == RunState::kStopped;
      next->refused.push_back(ended ? "this run has ended and is only looked at; continue it first"
                                    : "this window only watches " + folder_ + ", which another process is writing");
      Publish(std::move(next));
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      quit_ = true;
    }
    wake_.notify_all();
  }

  std::shared_ptr<const Snapshot> Latest() const override {
    std::lock_guard<std::mutex> lock(mutex_);
    return latest_;
  }
  void OnPublish(std::function<void()> callback) override {
    std::lock_guard<std::mutex> lock(mutex_);
    callback_ = std::move(callback);
  }
  void Wait() override {
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [this] { return quit_; });
  }

 private:
  uintmax_t LogBytes() const {
    const store::RunPaths paths(folder_);
    std::error_code absent;
    uintmax_t sum = 0;
    for (const std::string& path : {paths.episodes, paths.events, paths.run_json}) {
      const uintmax_t size = std::filesystem::file_size(path, absent);
      if (!absent) sum += size;
    }
    return sum;
  }

  void Publish(std::shared_ptr<Snapshot> next) {
    std::function<void()> callback;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      next->sequence = latest_->sequence + 1;
      latest_ = std::move(next);
      callback = callback_;
    }
    if (callback) callback();  // outside of the lock: it may ask for the latest
  }

  bool WaitForQuit() {
    std::unique_lock<std::mutex> lock(mutex_);
    return wake_.wait_for(lock, 1s, [this] { return quit_; });
  }

  void Loop() {
    while (!WaitForQuit()) {
      const uintmax_t size = LogBytes();
      if (size == size_) continue;
      size_ = size;
      const Result<std::shared_ptr<const Snapshot>> read = ReadSnapshot(folder_);
      if (!read) continue;  // cannot be read at this moment: the last picture stays
      auto next = std::make_shared<Snapshot>(*read.value());
      next->refused = Latest()->refused;
      Publish(std::move(next));
    }
  }

  const std::string folder_;
  uintmax_t size_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool quit_ = false;
  std::shared_ptr<const Snapshot> latest_;
  std::function<void()> callback_;
  std::thread thread_;
};

}  // namespace

Result<std::shared_ptr<const Snapshot>> ReadSnapshot(const std::string& folder) {
  const store::RunPaths paths(folder);
  Result<store::RunDescription> described = store::ReadDescription(paths.folder);
  if (!described) return described.error();
  const store::RunDescription& description = described.value();
  Result<config::Settings> at_start = config::FromJson(description.settings_json);
  if (!at_start) return Error{paths.run_json + ": " + at_start.error().message};
  Result<History> read = ReadHistory(paths.folder);
  if (!read) return read.error();
  History history = std::move(read).value();

  auto snapshot = std::make_shared<Snapshot>();
  config::Settings settings = SettingsNow(at_start.value(), history.events);
  // The checkpoint knows the settings in force and the newest episode's poses. One that is broken costs the picture its
  // pose, nothing else.
  if (Result<std::string> state = ReadFile(paths.state); state.ok()) {
    const Result<ArchiveReader> in = ArchiveReader::Parse(std::move(state).value(), paths.state);
    try {
      if (in.ok()) {
        snapshot->trace = LoadTrace(in.value());
        if (const auto now = config::FromJson(in.value().Text("settings")); now.ok()) settings = now.value();
      }
    } catch (const FormatError&) {
      snapshot->trace = nullptr;
    }
  }
  const env::AliveBonus alive =
      settings.env.alive_bonus == "always" ? env::AliveBonus::kAlways : env::AliveBonus::kWhileHealthy;
  Result<std::unique_ptr<env::Task>> task = env::MakeTask(settings.run.task, alive);
  if (!task) return task.error();
  auto info = std::make_shared<RunInfo>();
  info->name = description.name;
  info->directory = paths.folder;
  info->version = description.version;
  info->device_text = description.device;
  info->task = task.value()->info();
  info->horizon = settings.env.horizon > 0 ? settings.env.horizon : info->task.horizon;

  const std::string holder = store::FolderLock::Holder(paths.folder);
  SetState(description, holder, snapshot.get());
  if (holder.empty()) snapshot->kept = KeptOf(paths, history.events);  // nobody else can be asked to roll back
  snapshot->steered = description.steered;
  snapshot->info = std::move(info);
  snapshot->settings = std::make_shared<const config::Settings>(settings);
  for (const EpisodeRecord& record : history.episodes)
    if (record.episode <= 0) ++snapshot->random_done;
  if (!history.episodes.empty()) {
    const EpisodeRecord& last = history.episodes.back();
    snapshot->episode = std::max(last.episode, 0);
    snapshot->environment_steps = last.environment_steps;
    snapshot->gradient_steps = last.gradient_steps;
    snapshot->wall_seconds = last.wall_seconds;
    snapshot->scalars = last.scalars;
    if (last.episode > 0) snapshot->decision = std::make_shared<const eps::Decision>(last.decision);
  }
  snapshot->episodes = Share(std::move(history.episodes));
  snapshot->events = Share(std::move(history.events));
  snapshot->health =
      Diagnose(settings, *snapshot->episodes, snapshot->decision.get(), ModelOutputs(settings, snapshot->info->task));
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

Result<std::unique_ptr<Engine>> Watch(const std::string& folder) {
  Result<std::shared_ptr<const Snapshot>> first = ReadSnapshot(folder);
  if (!first) return first.error();
  return std::unique_ptr<Engine>(std::make_unique<WatchingEngine>(folder, std::move(first).value()));
}

}  // namespace equipoise::run
