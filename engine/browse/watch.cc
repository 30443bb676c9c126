#include "engine/browse/watch.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/agent/recipes.h"
#include "engine/base/archive.h"
#include "engine/base/atomic_file.h"
#include "engine/base/mutex.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/record/episode_reader.h"
#include "engine/record/health.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/record/trace.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

using namespace std::chrono_literals;

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

// A folder as snapshots. What was read once is not read again while the folder grows.
class FolderReader {
 public:
  // `address`: of the machine where the run is; "": here.
  explicit FolderReader(const std::string& folder, std::string address = "")
      : paths_(folder), reader_(paths_.folder), address_(std::move(address)) {}
  Result<std::shared_ptr<const Snapshot>> Read();

 private:
  Status ReadEpisodes();
  Status ReadEventsIfChanged();

  const store::RunPaths paths_;
  EpisodeReader reader_;
  const std::string address_;
  SharedList<EpisodeSummary> episodes_ = std::make_shared<List<EpisodeSummary>>();
  FileStamp events_stamp_;
  std::vector<Event> events_;
  SharedList<Event> shared_events_ = std::make_shared<List<Event>>();
};

Status FolderReader::ReadEpisodes() {
  auto list = std::make_shared<List<EpisodeSummary>>(*episodes_);
  const size_t had = list->size();
  bool anew = false;
  Status read = reader_.Read(
      [&] {
        *list = {};
        anew = true;
      },
      [&](EpisodeSummary episode) { list->push_back(std::make_shared<const EpisodeSummary>(std::move(episode))); });
  // The same list stands for the same episodes: caches ask for its address.
  if (anew || list->size() != had) episodes_ = std::move(list);
  return read;
}

Status FolderReader::ReadEventsIfChanged() {
  const FileStamp stamp = StampOf(paths_.events);
  if (stamp == events_stamp_) return {};
  Result<std::vector<Event>> events = ReadEvents(paths_.folder);
  if (!events) return events.error();
  events_stamp_ = stamp;
  events_ = std::move(events).value();
  auto list = std::make_shared<List<Event>>();
  for (const Event& event : events_) list->push_back(std::make_shared<const Event>(event));
  shared_events_ = std::move(list);
  return {};
}

Result<std::shared_ptr<const Snapshot>> FolderReader::Read() {
  Result<store::RunDescription> described = store::ReadDescription(paths_.folder);
  if (!described) return described.error();
  const store::RunDescription& description = described.value();
  const Result<config::Settings> at_start = SettingsOf(description, paths_.folder);
  if (!at_start) return at_start.error();
  if (Status read = ReadEpisodes(); !read) return read.error();
  if (Status read = ReadEventsIfChanged(); !read) return read.error();

  auto snapshot = std::make_shared<Snapshot>();
  config::Settings settings = SettingsNow(at_start.value(), events_);
  // The checkpoint knows the settings in force and the newest episode's poses. One that is broken costs the picture its
  // pose, nothing else.
  if (Result<std::string> state = ReadFile(paths_.state); state.ok()) {
    const Result<ArchiveReader> in = ArchiveReader::Parse(std::move(state).value(), paths_.state);
    try {
      if (in.ok()) {
        snapshot->trace = LoadTrace(in.value());
        if (const auto now = config::FromJson(in.value().Text("settings")); now.ok()) settings = now.value();
      }
    } catch (const FormatError&) {
      snapshot->trace = nullptr;
    }
  }
  Result<std::unique_ptr<env::Task>> task = env::MakeTask(settings);
  if (!task) return task.error();
  auto info = std::make_shared<RunInfo>();
  info->name = description.name;
  info->directory = paths_.folder;
  info->version = description.version;
  info->device_text = description.device;
  info->parts = agent::PartsOf(settings);
  info->task = task.value()->info();
  info->horizon = env::HorizonOf(settings, info->task);

  const std::string holder = address_.empty() ? store::FolderLock::Holder(paths_.folder) : address_;
  SetState(description, holder, snapshot.get());
  if (holder.empty()) snapshot->kept = KeptOf(paths_, events_);  // nobody else can be asked to roll back
  snapshot->steered = description.steered;
  snapshot->info = std::move(info);
  snapshot->settings = std::make_shared<const config::Settings>(settings);
  for (const auto& episode : *episodes_) {
    if (episode->episode > 0) break;
    ++snapshot->random_done;
  }
  if (!episodes_->empty()) {
    const EpisodeSummary& last = *episodes_->back();
    snapshot->episode = std::max(last.episode, 0);
    snapshot->environment_steps = last.environment_steps;
    snapshot->gradient_steps = last.gradient_steps;
    snapshot->wall_seconds = last.wall_seconds;
    snapshot->scalars = last.scalars.ToMap();
    if (last.episode > 0) snapshot->decision = WholeDecision(last);
  }
  snapshot->episodes = episodes_;
  snapshot->events = shared_events_;
  snapshot->health = Diagnose(settings, snapshot->info->parts, *snapshot->episodes, snapshot->decision.get(),
                              ModelOutputs(settings, snapshot->info->task));
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

uintmax_t LogBytes(const std::string& folder) {
  const store::RunPaths paths(folder);
  std::error_code absent;
  uintmax_t sum = 0;
  for (const std::string& path : {paths.episodes, paths.events, paths.run_json}) {
    const uintmax_t size = std::filesystem::file_size(path, absent);
    if (!absent) sum += size;
  }
  return sum;
}

class WatchingEngine : public Engine {
 public:
  // `size`: LogBytes from before `first` was read.
  WatchingEngine(std::string folder, Afar afar, uintmax_t size, std::unique_ptr<FolderReader> reader,
                 std::shared_ptr<const Snapshot> first)
      : folder_(std::move(folder)),
        afar_(std::move(afar)),
        size_(size),
        reader_(std::move(reader)),
        latest_(std::move(first)) {}
  ~WatchingEngine() override {
    Post(Quit{});
    if (thread_.joinable()) thread_.join();
  }

  Status Change(const std::vector<ChangeSetting>&) override { return Error{folder_ + " is only looked at"}; }
  void Start(bool) override {
    thread_ = std::thread([this] { Loop(); });
  }

  void Post(Command command) override {
    if (!std::holds_alternative<Quit>(command)) {
      auto next = std::make_shared<Snapshot>(*Latest());
      const bool ended = next->state == RunState::kFinished || next->state == RunState::kStopped;
      next->refused.push_back(!afar_.address.empty()
                                  ? "this window only watches " + afar_.address + ": " + afar_.instead
                              : ended ? "this run has ended and is only looked at; continue it first"
                                      : "this window only watches " + folder_ + ", which another process is writing");
      Publish(std::move(next));
      return;
    }
    {
      const MutexLock lock(mutex_);
      quit_ = true;
    }
    wake_.NotifyAll();
  }

  std::shared_ptr<const Snapshot> Latest() const override {
    const MutexLock lock(mutex_);
    return latest_;
  }
  void OnPublish(std::function<void()> callback) override {
    const MutexLock lock(mutex_);
    callback_ = std::move(callback);
  }
  void Wait() override {
    const MutexLock lock(mutex_);
    while (!quit_) wake_.Wait(mutex_);
  }

 private:
  void Publish(std::shared_ptr<Snapshot> next) {
    std::function<void()> callback;
    {
      const MutexLock lock(mutex_);
      next->sequence = latest_->sequence + 1;
      latest_ = std::move(next);
      callback = callback_;
    }
    if (callback) callback();  // outside of the lock: it may ask for the latest
  }

  bool WaitForQuit() {
    const auto until = std::chrono::steady_clock::now() + 1s;
    const MutexLock lock(mutex_);
    while (!quit_ && wake_.WaitUntil(mutex_, until)) {
    }
    return quit_;
  }

  void Loop() {
    std::string told;
    while (!WaitForQuit()) {
      const std::string trouble = afar_.trouble ? afar_.trouble() : "";
      if (trouble != told && !trouble.empty()) {
        auto next = std::make_shared<Snapshot>(*Latest());
        next->refused.push_back(trouble);
        Publish(std::move(next));
      }
      told = trouble;
      const uintmax_t size = LogBytes(folder_);
      if (size == size_) continue;
      size_ = size;
      const Result<std::shared_ptr<const Snapshot>> read = reader_->Read();
      if (!read) continue;  // cannot be read at this moment: the last picture stays
      auto next = std::make_shared<Snapshot>(*read.value());
      next->refused = Latest()->refused;
      Publish(std::move(next));
    }
  }

  const std::string folder_;
  const Afar afar_;
  uintmax_t size_;
  const std::unique_ptr<FolderReader> reader_;  // of the thread, once it runs
  mutable Mutex mutex_;
  Condition wake_;
  bool quit_ EQ_GUARDED_BY(mutex_) = false;
  std::shared_ptr<const Snapshot> latest_ EQ_GUARDED_BY(mutex_);
  std::function<void()> callback_ EQ_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace

Result<std::shared_ptr<const Snapshot>> ReadSnapshot(const std::string& folder) { return FolderReader(folder).Read(); }

Result<std::unique_ptr<Engine>> Watch(const std::string& folder) { return Watch(folder, Afar{}); }

Result<std::unique_ptr<Engine>> Watch(const std::string& folder, const Afar& afar) {
  const uintmax_t size = LogBytes(folder);
  auto reader = std::make_unique<FolderReader>(folder, afar.address);
  Result<std::shared_ptr<const Snapshot>> first = reader->Read();
  if (!first) return first.error();
  return std::unique_ptr<Engine>(
      std::make_unique<WatchingEngine>(folder, afar, size, std::move(reader), std::move(first).value()));
}

}  // namespace equipoise::run
