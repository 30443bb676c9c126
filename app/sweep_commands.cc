#include "app/sweep_commands.h"

#include <CLI/CLI.hpp>

#include "app/commands.h"

namespace equipoise::app {
namespace {

constexpr char kSweepExamples[] = R"(
Examples:
  equipoise sweep configs/sweeps/table1.toml --dry-run        which runs it names
  equipoise sweep configs/sweeps/failures.toml --jobs 2       here, two at a time, in sweeps/failures
  equipoise sweep configs/sweeps/table1.toml --slurm          as Slurm job arrays, and a report when all have ended
  equipoise sweep sweeps/table1 --status                      how its runs stand, whoever runs them
  equipoise report sweeps/table1                              tables, figures and a page of what is there

The folder holds manifest.jsonl, one run a line, and the run folders in runs/. The same command again does what is missing
and goes on with what was stopped. A run that is asked for with other settings than before is another one, in a folder of
its own; the first stays. One run that fails is reported, the others go on. Ctrl-C and SIGTERM end all of them at their last
complete episode.
Exit codes: 0 all runs are finished; 2 some are not, and are named; 75 or 130 asked to stop, go on with the same command.)";

constexpr char kReportExamples[] = R"(
Examples:
  equipoise report sweeps/table1                      into sweeps/table1/report
  equipoise report runs --out compared                of all runs that lie in a folder
  equipoise report sweeps/table1 --episodes 100       while it goes on: of the first 100 episodes of each run

Table 1 with 95 % intervals and tests, learning curves, the share of model-free picks, the failures of a sweep; over all tasks
the interquartile mean, the probability of improvement, the optimality gap and performance profiles with bootstrap intervals.
As Markdown, CSV, SVG, PNG and one HTML page. It says which runs are missing, crashed, too short or steered by hand.)";

}  // namespace

void AddSweepCommands(CLI::App* app, int* code) {
  static SweepOptions sweep;
  CLI::App* command =
      app->add_subcommand("sweep", "Many runs from one file: here, a few at a time, or on a Slurm cluster.");
  command->add_option("sweep", sweep.file, "TOML file that names the runs, or the folder of a sweep that was begun")
      ->required();
  command->add_option("--out,-o", sweep.out, "folder; default: sweeps/<name of the file>");
  CLI::Option* jobs = command->add_option("--jobs,-j", sweep.jobs, "runs at a time here; default: what the cores hold")
                          ->check(CLI::Range(1, 1000));
  CLI::Option* slurm = command->add_flag("--slurm", sweep.slurm, "submit job arrays instead of running them here");
  slurm->excludes(jobs);
  CLI::Option* dry = command->add_flag("--dry-run", sweep.dry_run, "list the runs and change nothing");
  CLI::Option* status = command->add_flag("--status", sweep.status, "show how its runs stand, wherever they run");
  CLI::Option* line =
      command->add_option("--line", sweep.line, "run this line of the manifest, counted from 0: for jobs")
          ->check(CLI::Range(0, 100000000));
  for (CLI::Option* alone : {status, line})
    for (CLI::Option* other : {jobs, slurm, dry}) alone->excludes(other);
  status->excludes(line);
  command->footer(kSweepExamples);
  command->callback([code] { *code = Sweep(sweep); });

  static ReportOptions report;
  command = app->add_subcommand("report", "Tables, figures and statistics of many runs, as a folder with a page.");
  command->add_option("folders", report.folders, "sweeps, runs, or folders of runs")->required();
  command->add_option("--out,-o", report.out, "folder to write; default: report in the sweep's folder, or ./report");
  command->add_option("--episodes,-n", report.episodes, "of the first so many picked episodes of each run")
      ->check(CLI::Range(1, 1000000));
  command->add_flag("--steered", report.steered, "count runs that were touched by hand too, in rows of their own");
  command->add_flag("--overwrite", report.overwrite, "replace a report that exists");
  command->footer(kReportExamples);
  command->callback([code] { *code = Report(report); });
}

}  // namespace equipoise::app
