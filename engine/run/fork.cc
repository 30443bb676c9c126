#include "engine/run/fork.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "engine/base/archive.h"
#include "engine/base/archive_edit.h"
#include "engine/base/archive_finite.h"
#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/config/schedule.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/run/accepted.h"
#include "engine/run/checkpoints.h"
#include "engine/run/pending_changes.h"
#include "engine/store/decision_files.h"
#include "engine/store/folder_lock.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/replay_file.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

Status MustBeFree(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error) || fs::is_empty(folder, error)) return {};
  return Error{folder + " exists and is not empty; choose another folder with --out"};
}

// So much of a log of events lies before this episode: up to the first that came of the learning for it, or later.
size_t EventsBefore(const std::vector<Event>& events, int episode) {
  const auto later = [episode](const Event& e) {
    const bool of_files = e.kind == Event::Kind::kNote && e.key.empty();
    return e.episode > episode || (e.episode == episode && !of_files);
  };
  return static_cast<size_t>(std::find_if(events.begin(), events.end(), later) - events.begin());
}

}  // namespace

// The other run, read at one moment and checked up to the fork.
struct Fork::Source {
  store::RunPaths paths;
  store::RunDescription description;
  config::Settings settings;     // at its start
  std::string episodes, events;  // its logs up to the fork
  store::LogReport episode_marks, event_marks;
  std::vector<Event> told;  // of `events`

  static Result<Source> Read(const std::string& folder, int episode);
  // Do the logs still begin in that way?
  bool Stays() const;
  bool Holds(const store::LogSizes& sizes) const;
  int random() const { return settings.run.random_episodes; }
};

// A checkpoint to begin from.
struct Fork::Start {
  std::string path, bytes, replay;
  ArchiveReader archive;
  store::LogSizes sizes;
  int64_t blocks = 0;

  // Those that stand before the fork, the newest first.
  static std::vector<Start> Of(const Source& source, int episode);
  static std::optional<Start> Read(const Source& source, const std::string& path);
  Status ReadReplay(const std::string& file);
};

Result<Fork::Source> Fork::Source::Read(const std::string& folder, int episode) {
  auto description = store::ReadDescription(folder);
  if (!description) return description.error();
  auto settings = SettingsOf(description.value(), folder);
  if (!settings) return settings.error();
  Source source{
      store::RunPaths(folder), std::move(description).value(), std::move(settings).value(), {}, {}, {}, {}, {}};
  auto events = ReadFile(source.paths.events);
  if (!events) return events.error();
  auto episodes = ReadFile(source.paths.episodes);
  if (!episodes) return episodes.error();
  source.episode_marks = store::VerifyLogText(episodes.value());
  source.event_marks = store::VerifyLogText(events.value());
  const auto needed = static_cast<size_t>(source.random() + episode - 1);
  const size_t there = source.episode_marks.lines.size();
  for (const auto& [marks, path] :
       {std::pair(&source.episode_marks, &source.paths.episodes), {&source.event_marks, &source.paths.events}})
    if (marks->damage && marks->damage->what != "the line is cut off" &&
        (marks == &source.event_marks || there < needed))
      return Error{*path + ":" + std::to_string(marks->damage->line) + ": " + marks->damage->what +
                   ". `equipoise repair " + source.paths.folder + "` says what can be brought back, and does it"};
  if (there < needed) {
    const int done = static_cast<int>(there) - source.random();
    return Error{source.paths.folder + " has done " +
                 (done < 0 ? "only random episodes" : std::to_string(done) + " episodes") +
                 (done < 0 ? std::string(": there is nothing to fork yet")
                           : ", so the first that can be another is " + std::to_string(done + 1) + ", not " +
                                 std::to_string(episode))};
  }
  source.episode_marks.lines.resize(needed);
  source.episodes = episodes.value().substr(0, static_cast<size_t>(source.episode_marks.lines.back().bytes));
  std::vector<Event> all;
  for (size_t i = 0, from = 0; i < source.event_marks.lines.size(); ++i) {
    const auto end = static_cast<size_t>(source.event_marks.lines[i].bytes);
    auto event = EventFromLine(events.value().substr(from, end - from - 1), source.paths.events);
    if (!event) return event.error();
    all.push_back(std::move(event).value());
    from = end;
  }
  all.resize(EventsBefore(all, episode));
  source.event_marks.lines.resize(all.size());
  source.events =
      events.value().substr(0, all.empty() ? 0 : static_cast<size_t>(source.event_marks.lines.back().bytes));
  source.told = std::move(all);
  return source;
}

bool Fork::Source::Stays() const {
  const auto begins = [](const std::string& path, const std::string& text) {
    const auto now = ReadFile(path);
    return now.ok() && now.value().compare(0, text.size(), text) == 0;
  };
  return begins(paths.episodes, episodes) && begins(paths.events, events);
}

bool Fork::Source::Holds(const store::LogSizes& sizes) const {
  const auto holds = [](const store::LogReport& log, int64_t bytes, int64_t check) {
    const auto mark = log.At(bytes);
    return mark && (check < 0 || static_cast<int64_t>(mark->check) == check);
  };
  return holds(episode_marks, sizes.episodes, sizes.episodes_check) &&
         holds(event_marks, sizes.events, sizes.events_check);
}

std::optional<Fork::Start> Fork::Start::Read(const Source& source, const std::string& path) {
  auto bytes = ReadFile(path);  // whole or absent, also while the run goes on
  if (!bytes || !FirstNotFinite(bytes.value()).empty()) return {};
  auto archive = ArchiveReader::Parse(bytes.value(), path);
  if (!archive) return {};
  Start start;
  start.path = path;
  start.bytes = std::move(bytes).value();
  start.archive = std::move(archive).value();
  try {
    if (start.archive.Has(kUnloggedEvent)) return {};  // the log is about to be cut
    const auto sizes = store::LogSizes::Unpack(start.archive.Ints("engine.log_sizes"));
    if (!sizes || !source.Holds(sizes.value())) return {};
    start.sizes = sizes.value();
    start.blocks = start.archive.Int("trainer.episodes");
  } catch (const FormatError&) {
    return {};
  }
  return start;
}

std::vector<Fork::Start> Fork::Start::Of(const Source& source, int episode) {
  std::vector<std::string> paths = store::PreviousPaths(source.paths);
  paths.insert(paths.begin(), source.paths.state);
  for (const std::string& name : store::ListKept(source.paths))
    paths.push_back(source.paths.checkpoints + "/" + name + ".eqps");
  std::vector<Start> starts;
  for (const std::string& path : paths)
    if (auto start = Read(source, path); start && start->blocks <= source.random() + episode - 1)
      starts.push_back(std::move(*start));
  std::stable_sort(starts.begin(), starts.end(), [](const Start& a, const Start& b) { return a.blocks > b.blocks; });
  return starts;
}

Status Fork::Start::ReadReplay(const std::string& file) {
  const int64_t block_bytes = archive.Int("trainer.block_bytes");
  if (const auto whole = store::ReplayFile::ReadAll(file, block_bytes, blocks); !whole) return whole.error();
  auto all = ReadFile(file);
  if (!all) return all.error();
  replay = all.value().substr(0, static_cast<size_t>(store::ReplayFile::SizeOf(block_bytes, blocks)));
  return {};
}

Result<config::Settings> SettingsBefore(config::Settings at_start, const std::vector<Event>& events, int episode) {
  for (const Event& event : events)
    if (event.episode < episode && config::FindSpec(event.key) != nullptr)
      if (Status set = config::SetFromText(at_start, event.key, event.to); !set) return set.error();
  for (const config::ScheduledChange& change : config::ScheduledFor(at_start, episode))
    if (Status set = config::Set(at_start, change.key, change.value); !set) return set.error();
  return at_start;
}

Result<Fork> Fork::Plan(const ForkRequest& request) {
  const std::string from = store::RunPaths(request.from).folder, out = store::RunPaths(request.out).folder;
  if (Status free = MustBeFree(out); !free) return free.error();
  if (request.episode < 1) return Error{"the episode to fork before must be 1 or a later one"};
  constexpr int kAttempts = 3;  // it is rolled back in this moment
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto read = Source::Read(from, request.episode);
    if (!read) return read.error();
    const Source source = std::move(read).value();
    Fork fork;
    fork.from_ = from;
    fork.out_ = out;
    fork.plan_.from = request.from;
    std::error_code unknown;
    fork.plan_.path = fs::absolute(from, unknown).lexically_normal().string();
    fork.plan_.episode = request.episode;
    const int64_t meant = source.description.episodes;
    fork.plan_.episodes = request.episodes > 0 ? request.episodes : static_cast<int>(meant);
    if (fork.plan_.episodes == 0) fork.plan_.episodes = source.settings.run.episodes;
    if (fork.plan_.episodes < request.episode)
      return Error{"a fork before episode " + std::to_string(request.episode) + " that ends after episode " +
                   std::to_string(fork.plan_.episodes) + " has no episode of its own: ask for more with --episodes"};
    auto in_force = SettingsBefore(source.settings, source.told, request.episode);
    if (!in_force) return Error{source.paths.events + ": " + in_force.error().message};
    PendingChanges judge([](const std::string&) { return Status(); });
    const auto most_groups = static_cast<int64_t>(config::FindSpec("distractors.groups")->highest);
    const PendingChanges::Standing standing{in_force.value(), most_groups, request.episode, false};
    if (Status judged = judge.AskAll(request.changes, standing); !judged) return judged.error();
    fork.plan_.changes = judge.waiting();

    std::vector<Start> starts = Start::Of(source, request.episode);
    const auto whole = std::find_if(starts.begin(), starts.end(),
                                    [&](Start& start) { return start.ReadReplay(source.paths.replay).ok(); });
    Start none;
    if (Status taken = fork.Take(source, whole != starts.end() ? *whole : none); !taken) return taken.error();
    if (source.Stays()) return fork;
  }
  return Error{from + " is being changed: its records are no longer what they were a moment ago; try again"};
}

// What the new folder will hold.
Status Fork::Take(const Source& source, const Start& start) {
  const bool anew = start.path.empty();
  const int made = static_cast<int>(start.blocks) - source.random();  // the last episode that is taken over
  again_ = plan_.episode - 1 - made;
  const auto episodes = [](int first, int last) {
    return first == last ? "episode " + std::to_string(first) + " is"
                         : "episodes " + std::to_string(first) + " to " + std::to_string(last) + " are";
  };
  beginning_ = anew ? "from its start; all before it is trained again"
                    : "from its checkpoint " + fs::path(start.path).stem().string();
  if (again_ > 0 && !anew) beginning_ += "; " + episodes(made + 1, plan_.episode - 1) + " trained again";

  store::RunDescription d = source.description;
  d.condition = store::RunCondition::kStopped;
  d.reason.clear();
  d.episodes = plan_.episodes;
  d.forked = store::ForkedFrom{plan_.path, plan_.episode};
  d.steered = !anew && start.archive.Int("engine.steered") != 0;
  const auto later = [&](const store::RunLife& life) { return anew || life.first_episode > made; };
  d.lives.erase(std::remove_if(d.lives.begin(), d.lives.end(), later), d.lives.end());
  if (!d.lives.empty()) {
    d.lives.back().end = "forked";
    d.lives.back().ended = store::UtcNow();
  }
  d.resumed.resize(std::min(d.resumed.size(), d.lives.empty() ? 0 : d.lives.size() - 1));
  if (anew) d.tensorboard.clear();

  files_ = {{"fork/run.json", store::ToJsonText(source.description)},
            {"fork/episodes.jsonl", source.episodes},
            {"fork/events.jsonl", source.events},
            {"fork/plan.json", plan_.Text()}};
  d.name = store::RunName(out_);
  if (!anew) {
    const auto begin = [](const std::string& text, int64_t bytes) {
      return text.substr(0, static_cast<size_t>(bytes));
    };
    ArchiveWriter instead;
    instead.Put("engine.pending", int64_t{0});  // what waits there is done at the fork or later
    instead.Put(kHasAcceptedLog, int64_t{1});
    instead.Put(kForkAhead, static_cast<int64_t>(plan_.episode));
    instead.Put("engine.description", store::ToJsonText(d));
    auto state = WithEntries(start.bytes, instead, {}, start.path);
    if (!state) return state.error();
    files_.insert(files_.end(), {{"checkpoints/state.eqps", std::move(state).value()},
                                 {"checkpoints/replay.bin", start.replay},
                                 {"episodes.jsonl", begin(source.episodes, start.sizes.episodes)},
                                 {"events.jsonl", begin(source.events, start.sizes.events)}});
    // What is derived goes along where it is as it was written; the rest is made again.
    for (const auto& [name, bytes] : {std::pair<std::string, int64_t>("progress.csv", start.sizes.progress),
                                      {d.tensorboard, start.sizes.tensorboard}}) {
      if (name.empty() || bytes <= 0) continue;
      if (const auto text = ReadFile(source.paths.folder + "/" + name); text.ok())
        files_.emplace_back(name, begin(text.value(), bytes));
    }
    const auto& marks = source.event_marks.lines;
    const auto end = std::find_if(marks.begin(), marks.end(),
                                  [&start](const store::LogMark& mark) { return mark.bytes > start.sizes.events; });
    for (const std::string& name : store::ListKept(source.paths)) {
      const std::string file = "checkpoints/" + name + ".eqps";
      const bool of_it = std::any_of(source.told.begin(), source.told.begin() + (end - marks.begin()),
                                     [&name](const Event& e) { return e.checkpoint == name; });
      if (of_it && Start::Read(source, source.paths.folder + "/" + file)) copied_.push_back(file);
    }
    for (const int episode : store::KeptDecisions(source.paths.folder))
      if (episode <= made) copied_.push_back(store::DecisionPath("", episode).substr(1));
  }
  files_.emplace_back("run.json", store::ToJsonText(d));
  return {};
}

Result<std::unique_ptr<Engine>> Fork::Begin() const {
  const fs::path out = fs::absolute(out_).lexically_normal();
  const fs::path unfinished = out.parent_path() / ("." + out.filename().string() + ".fork");
  const auto cannot = [&](const std::error_code& error) {
    return Error{"cannot make the folder " + out_ + ": " + error.message() + "; choose another one with --out"};
  };
  std::error_code error;
  fs::create_directories(unfinished, error);
  if (error) return cannot(error);
  {
    const auto lock = store::FolderLock::Take(unfinished.string());
    if (!lock) return lock.error();
    Status written;
    const auto fill = [&]() -> Status {
      for (fs::directory_iterator it(unfinished, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;  // of one that was killed
        if (it->path().filename() != ".lock") fs::remove_all(it->path(), ignored);
      }
      const auto make_folder_of = [&](const std::string& name) {
        fs::create_directories((unfinished / name).parent_path(), error);
        return error ? Status(cannot(error)) : Status();
      };
      for (const std::string& name : copied_) {
        if (Status made = make_folder_of(name); !made) return made;
        std::error_code gone;  // since a moment ago, in a run that goes on: it is not needed
        const fs::path source = fs::path(from_) / name;
        if (!fs::copy_file(source, unfinished / name, gone) && fs::exists(source, error)) return cannot(gone);
      }
      for (const auto& [name, bytes] : files_) {
        if (Status made = make_folder_of(name); !made) return made;
        if (Status status = WriteFileAtomically((unfinished / name).string(), bytes); !status) return status;
      }
      return MustBeFree(out_);
    };
    written = fill();
    if (written) {
      fs::rename(unfinished, out, error);
      if (error) written = cannot(error);
    }
    if (!written) {
      std::error_code ignored;
      fs::remove_all(unfinished, ignored);
      return written.error();
    }
  }
  return Engine::Open(out_, 0);
}

}  // namespace equipoise::run
