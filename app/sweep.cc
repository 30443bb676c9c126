// sweep.cc: `equipoise sweep`: many runs from one file: planned, run here a few at a time or handed to Slurm, shown.
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "app/commands.h"
#include "app/process_pool.h"
#include "app/slurm.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "engine/config/config_path.h"
#include "engine/env/task_library.h"
#include "engine/store/folder_lock.h"
#include "engine/sweep/standing.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using sweep::Manifest;
using sweep::RunStanding;
using sweep::Stand;
using sweep::SweepPaths;

constexpr auto kRefresh = 1s;

// The table that is drawn over itself while things go on.
class LiveTable {
 public:
  LiveTable() : shown_(::isatty(STDOUT_FILENO) == 1) {}
  bool live() const { return shown_; }
  void Clear() {
    if (rows_ > 0) PrintNow("\033[" + std::to_string(rows_) + "A\033[J");
    rows_ = 0;
  }
  void Show(const std::string& table) {
    if (!shown_) return;
    winsize window{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_row > 4;
    const int room = known ? window.ws_row - 2 : 22;
    std::string text;
    int rows = 0, left_out = 0;
    for (size_t from = 0; from < table.size();) {
      const size_t end = table.find('\n', from);
      if (rows < room)
        text += table.substr(from, end - from + 1), ++rows;
      else
        ++left_out;
      from = end + 1;
    }
    if (left_out > 0) {
      text += "... and " + std::to_string(left_out) + " more; all of them: --status | less\n";
      ++rows;
    }
    Clear();
    PrintNow(text);
    rows_ = rows;
  }

 private:
  bool shown_;
  int rows_ = 0;
};

std::string TableText(const Manifest& manifest, const std::vector<RunStanding>& standings,
                      const std::map<size_t, std::string>& notes, bool for_terminal) {
  return sweep::StandingSummary(standings) + "\n" +
         sweep::StandingTable(manifest, standings, notes, for_terminal ? TerminalWidth() - 1 : 0);
}

// One line of the manifest in this process; what it prints goes into its log.
int RunLine(const std::string& folder, int number) {
  Result<Manifest> manifest = sweep::ReadManifest(folder);
  if (!manifest) return Fail(kUsageError, manifest.error().message);
  if (static_cast<size_t>(number) >= manifest.value().lines.size())
    return Fail(kUsageError, folder + "/manifest.jsonl has no line " + std::to_string(number) + "; it has " +
                                 std::to_string(manifest.value().lines.size()) + ", counted from 0");
  const SweepPaths paths(folder);
  const sweep::ManifestLine& line = manifest.value().lines[static_cast<size_t>(number)];
  const std::string path = paths.Log(line.name);
  const int log = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return Fail(kFailure, path + ": cannot be written");
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  env::NoteTaskPlace(line.task, paths.Task(line.task));
  RunOptions run;
  run.config = paths.Config(line.name);
  run.out = paths.Run(line.name);
  run.resume = true;
  const int code = Train(run);
  if (code != kOk && code != kAskedToStop) {
    std::fflush(stdout);
    PrintNow(std::string(sweep::kEnded) + "with exit code " + std::to_string(code) + ": " + sweep::LastWords(path) +
             "\n");
  }
  return code;
}

// Runs the lines here.
class LocalSweep {
 public:
  LocalSweep(std::string folder, const Manifest& manifest, int jobs, std::string program)
      : folder_(std::move(folder)), paths_(folder_), manifest_(manifest), jobs_(jobs), pool_(std::move(program)) {}

  int Run(const std::string& again) {
    CatchStopSignals();
    std::vector<size_t> left;
    for (const RunStanding& standing : sweep::StandingsOf(manifest_, folder_, &list_)) {
      if (standing.stand == Stand::kRunning)
        Warn(LineOf(standing.line).name + " is being run by another process; it is left alone");
      else if (standing.stand != Stand::kFinished)
        left.push_back(standing.line);
    }
    std::reverse(left.begin(), left.end());  // taken from its end
    bool asked = false;
    auto shown = std::chrono::steady_clock::now() - kRefresh;
    while (!left.empty() || pool_.running() > 0) {
      if (StopSignal() != 0 && !asked) {
        asked = true;
        left.clear();
        table_.Clear();
        Warn("asked to stop; " + std::to_string(pool_.running()) + " of the runs end at their last complete episode");
        pool_.AskToStop();
      }
      while (!left.empty() && pool_.running() < static_cast<size_t>(jobs_)) {
        const size_t line = left.back();
        left.pop_back();
        Begin(line);
      }
      for (const ProcessPool::Ended& ended : pool_.Collect()) End(ended, asked);
      if (table_.live() && std::chrono::steady_clock::now() - shown >= kRefresh) {
        shown = std::chrono::steady_clock::now();
        table_.Show(TableText(manifest_, sweep::StandingsOf(manifest_, folder_, &list_), {}, true));
      }
      std::this_thread::sleep_for(50ms);
    }
    table_.Clear();
    const std::vector<RunStanding> standings = sweep::StandingsOf(manifest_, folder_, &list_);
    PrintNow(TableText(manifest_, standings, {}, table_.live()));
    const bool all = std::all_of(standings.begin(), standings.end(),
                                 [](const RunStanding& s) { return s.stand == Stand::kFinished; });
    PrintNow(all ? "report: equipoise report " + folder_ + "\n" : "go on with: " + again + "\n");
    if (StopSignal() != 0) return kAskedToStop;
    return all ? kOk : kFailure;
  }

 private:
  const sweep::ManifestLine& LineOf(size_t line) const { return manifest_.lines[line]; }

  void Begin(size_t line) {
    const std::string& name = LineOf(line).name;
    const Status started = pool_.Start(line, {"sweep", folder_, "--line", std::to_string(line)}, paths_.Log(name));
    if (!started) {
      table_.Clear();
      Warn(name + " could not be started: " + started.error().message);
    } else if (!table_.live()) {
      PrintNow("begun: " + name + "\n");
    }
  }

  void End(const ProcessPool::Ended& ended, bool asked) {
    const std::string &name = LineOf(ended.id).name, log = paths_.Log(name);
    if (ended.code == kOk) {
      if (!table_.live()) PrintNow("finished: " + name + "\n");
      return;
    }
    // One that was asked before it had begun to listen dies of it.
    if (asked && ended.signal == SIGTERM) return;
    if (ended.code == kAskedToStop) {
      if (!asked) Say(name + " was asked to stop by somebody else; it can go on");
      return;
    }
    std::string what = sweep::LastWords(log);
    if (ended.signal != 0) {
      what = std::string(sweep::kEnded) + "by signal " + std::to_string(ended.signal) + ": " + what;
      if (std::FILE* file = std::fopen(log.c_str(), "a")) {
        std::fputs((what + "\n").c_str(), file);
        std::fclose(file);
      }
    }
    Say("failed: " + name + ": " + what + " (" + log + "); the others go on");
  }

  void Say(const std::string& sentence) {
    table_.Clear();
    Warn(sentence);
  }

  std::string folder_;
  SweepPaths paths_;
  const Manifest& manifest_;
  int jobs_;
  ProcessPool pool_;
  run::RunList list_;
  LiveTable table_;
};

// What is there, as often as it changes, until nothing goes on any more.
int ShowStatus(const std::string& folder) {
  CatchStopSignals();
  const Result<Manifest> manifest = sweep::ReadManifest(folder);
  if (!manifest) return Fail(kUsageError, manifest.error().message);
  run::RunList list;
  LiveTable table;
  while (true) {
    const std::vector<RunStanding> standings = sweep::StandingsOf(manifest.value(), folder, &list);
    const std::map<size_t, std::string> queued = Queued(folder);
    const bool going_on = !queued.empty() || std::any_of(standings.begin(), standings.end(), [](const RunStanding& s) {
      return s.stand == Stand::kRunning;
    });
    if (!table.live() || !going_on || StopSignal() != 0) {
      table.Clear();
      PrintNow(TableText(manifest.value(), standings, queued, table.live()));
      return kOk;
    }
    table.Show(TableText(manifest.value(), standings, queued, true));
    for (int i = 0; i < 20 && StopSignal() == 0; ++i) std::this_thread::sleep_for(100ms);
  }
}

// As many as the cores hold, each with its own threads.
int JobsFor(const sweep::SweepFile& file) {
  int threads = 1;
  for (const sweep::PlannedRun& run : file.runs) threads = std::max(threads, run.settings.run.threads);
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / threads);
}

void SayPlan(const Manifest& manifest, const std::string& folder) {
  std::string text = folder + ": " + std::to_string(manifest.wanted.size()) +
                     (manifest.wanted.size() == 1 ? " run, " : " runs, ") + std::to_string(manifest.added) +
                     " of them new in manifest.jsonl\n";
  PrintNow(text);
  for (const size_t line : manifest.superseded)
    Warn(manifest.lines[line].name +
         " was begun with other settings than are asked for now: it stays as it is, and a new run has a folder of its "
         "own");
}

}  // namespace

int Sweep(const SweepOptions& options) {
  const bool is_folder = sweep::HoldsSweep(options.file);
  if (options.line >= 0) {
    if (!is_folder) return Fail(kUsageError, "--line takes the folder of a sweep; " + options.file + " holds none");
    return RunLine(options.file, options.line);
  }
  std::string path = options.file;
  if (is_folder) {
    if (!options.out.empty())
      return Fail(kUsageError, options.file + " is the folder of a sweep already: leave --out out");
    path = SweepPaths(options.file).sweep_toml;
  } else {
    const Result<std::string> found = config::FindConfig(options.file);
    if (!found) return Fail(kUsageError, found.error().message);
    path = found.value();
  }
  const std::string stem = fs::path(path).stem().string();
  const std::string folder = is_folder ? options.file : options.out.empty() ? "sweeps/" + stem : options.out;
  if (options.status) {
    if (!sweep::HoldsSweep(folder)) return Fail(kUsageError, folder + " holds no sweep yet");
    return ShowStatus(folder);
  }
  const Result<sweep::SweepFile> file = sweep::ReadSweepFile(path);
  if (!file) return Fail(kUsageError, file.error().message);

  std::optional<store::FolderLock> lock;
  if (!options.dry_run) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return Fail(kFailure, folder + ": cannot be made: " + error.message());
    Result<store::FolderLock> taken = store::FolderLock::Take(folder);
    if (!taken) return Fail(kFailure, taken.error().message);
    lock = std::move(taken).value();
  }
  const Result<Manifest> planned = sweep::Plan(file.value(), folder, options.dry_run);
  if (!planned) return Fail(kUsageError, planned.error().message);
  const Manifest& manifest = planned.value();
  SayPlan(manifest, folder);
  if (options.dry_run) {
    for (const size_t line : manifest.wanted)
      PrintNow(std::to_string(line) + "  " + manifest.lines[line].name + "  " +
               std::to_string(manifest.lines[line].episodes) + " episodes\n");
    return kOk;
  }
  const Result<std::string> program = OwnProgram();
  if (!program) return Fail(kFailure, program.error().message);
  if (options.slurm) {
    if (!HasSlurm()) return Fail(kFailure, "sbatch is not here: on this machine run the sweep without --slurm");
    sweep::SlurmOrder order;
    order.name = is_folder ? fs::path(folder).filename().string() : stem;
    order.folder = fs::absolute(folder).string();
    order.program = program.value();
    order.wishes = file.value().slurm;
    run::RunList list;
    for (const RunStanding& standing : sweep::StandingsOf(manifest, folder, &list))
      if (standing.stand != Stand::kFinished && standing.stand != Stand::kRunning) order.lines.push_back(standing.line);
    if (Status submitted = Submit(std::move(order)); !submitted) return Fail(kFailure, submitted.error().message);
    PrintNow("watch them with: equipoise sweep " + folder + " --status\n");
    return kOk;
  }
  const std::string again = "equipoise sweep " + options.file + (options.out.empty() ? "" : " --out " + options.out);
  const int jobs = options.jobs > 0 ? options.jobs : JobsFor(file.value());
  return LocalSweep(folder, manifest, jobs, program.value()).Run(again);
}

}  // namespace equipoise::app
