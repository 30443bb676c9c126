// commands.h: the sub-commands of `equipoise`, one function each. main.cc reads the command line into these options.
//
// Each returns the process's exit code; what went wrong is on standard error as "equipoise: ...".
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace CLI {
class App;
}

namespace equipoise::app {

// As `equipoise --help` lists them. A process that Ctrl-C ended has none: it dies of SIGINT (a shell says 130).
enum ExitCode {
  kOk = 0,
  kUsageError = 1,    // the command line or a configuration file is wrong; nothing was started
  kFailure = 2,       // something failed while it ran, also printing to standard output
  kDiffers = 3,       // a stored decision, a recorded episode, a run or what a fork begins with did not come out again
  kNotRepaired = 4,   // repair: something is lost that could not be brought back; audit: a record is not as written
  kAskedToStop = 75,  // by a signal (stop_signal.h): everything is written, start `equipoise resume` to go on
                      // (sysexits' EX_TEMPFAIL)
};

struct RunOptions {
  std::string config, preset, task, agent;  // empty: as configured
  std::string seed, episodes;               // as given; the table of settings checks them
  std::vector<std::string> set;             // "key=value"
  std::string out;                          // empty: runs/<task>-<agent>-<preset>-s<seed>
  bool resume = false;                      // go on with the run in that folder, where there is one
};

int Train(const RunOptions& options);
struct ResumeOptions {
  std::string folder;
  int episodes = 0;              // a new total; 0: as it was meant
  std::vector<std::string> set;  // "key=value", from where it goes on
};
int Resume(const ResumeOptions& options);

struct ForkOptions {
  std::string folder, out;
  int episode = 0, episodes = 0;  // the first one of its own; how many in all, 0: as the other run
  std::vector<std::string> set;   // "key=value", from that episode on
};
int Fork(const ForkOptions& options);
int Rerun(const std::string& folder, const std::string& out);
int Repair(const std::string& folder, bool dry_run);
int Audit(const std::string& folder);

struct GuiOptions {
  RunOptions run;
  std::string folder;  // of an existing run; then `run` is not used
  bool paused = false;
};
int Gui(const GuiOptions& options);

// What happens without arguments: the window on the quick start, or the terminal when none can be opened.
int QuickStart();

struct ReplayOptions {
  std::string task, input, output;
  bool rollout = false, overwrite = false;
};
int EnvReplay(const ReplayOptions& options);

struct TaskCheckOptions {
  std::string task;  // a file, or one that came with the program
  int episodes = 3, seed = 0;
};
int TaskCheck(const TaskCheckOptions& options);
// `task` with what it can do; both are written to when it is called.
void AddTaskCommand(CLI::App* app, TaskCheckOptions* options, int* code);

struct DecisionReplayOptions {
  std::string folder;
  int episode = 0;
  bool all_masks = false;
};
int Replay(const DecisionReplayOptions& options);

struct AgentsOptions {
  RunOptions run;        // agent empty: all; the rest says what is measured
  bool measure = false;  // the cost of an episode
};
int PrintAgents(const AgentsOptions& options);
int PrintSettings(const std::string& agent, bool markdown);  // `agent` empty: of all
int PrintConfig(const RunOptions& options);

struct ScreenshotOptions {
  std::string folder, output;
  int width = 1600, height = 1000;
  bool overwrite = false;
};
int Screenshot(const ScreenshotOptions& options);

struct ExportOptions {
  std::string folder, of = "window";
  std::string png, svg, csv, frames, video, bundle;  // files or folders; empty: not wanted
  std::string policy, dataset, learner;
  bool bundle_wanted = false, light = false, overwrite = false;
  std::optional<int> episode;           // whose decision is shown
  std::optional<std::string> episodes;  // as given, "first:last"
  int width = 0, height = 0;            // at scale 1; 0: the part's usual size
  double scale = 1, fps = 30, film_speed = 1, moment = 0.63;
};
int Export(const ExportOptions& options);
// "12:40".
Result<std::pair<int, int>> EpisodesOf(const std::string& text);
// What of it goes to other programs, the first and last episode being given where they were asked for.
int ExportElsewhere(const ExportOptions& options, const std::optional<std::pair<int, int>>& episodes);

int PrintKeys();

struct CompareOptions {
  std::vector<std::string> folders;
  std::string svg, title;
  bool overwrite = false;
  int episodes = 0;              // only the first so many; 0: all
  std::vector<std::string> max;  // the better of these agents as a row
};
int Compare(const CompareOptions& options);

struct SweepOptions {
  std::string file, out;  // a sweep file, or the folder of a sweep that is there; out empty: sweeps/NAME
  int jobs = 0;           // at a time on this machine; 0: one for each two cores
  bool slurm = false, dry_run = false, status = false;
  int line = -1;  // >= 0: run that line of the manifest, in this process
};
int Sweep(const SweepOptions& options);

struct ReportOptions {
  std::vector<std::string> folders;
  std::string out;       // empty: in the sweep's folder, or "report"
  int episodes = 0;      // only the first so many; 0: as far as the shortest was meant to go
  bool steered = false;  // count runs that were touched by hand
  bool overwrite = false;
};
int Report(const ReportOptions& options);

// Prints "equipoise: message" and returns `code`.
int Fail(ExitCode code, const std::string& message);

}  // namespace equipoise::app
