// main.cc: the command line. Everything else is in one file per sub-command.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <system_error>

#include "app/commands.h"
#include "app/help_text.h"
#include "app/options.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "engine/agent/recipes.h"
#include "engine/base/version.h"

namespace equipoise::app {
namespace {

constexpr char kAbout[] = R"(Equipoise: watch, question and steer reinforcement learning while it happens.

Unified RL (Freed et al. 2024): a model-based and a model-free learner share their experience, and before every
episode a check decides which of the two acts.)";

constexpr char kExamples[] = R"(
Start here:
  equipoise                                       the quick start: a window, or the terminal when there is no display
  equipoise gui --task halfcheetah                another task in the window
  equipoise train --task hopper --seed 3          the same without a window, with a picture at the end
  equipoise resume runs/hopper-unified-cpu-s3     go on after Ctrl-C, a crash or a reboot
  equipoise settings                              everything that can be set

Exit codes:
  0    done
  1    the command line or a configuration is wrong; nothing was started
  2    something failed, also printing to standard output
  3    recheck, rerun, audit, fork: not the same numbers
  4    repair: something is lost that could not be brought back; audit: a record is not as it was written
  75   stopped by SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 or SIGXCPU, everything written: go on with resume
  130  ended by Ctrl-C, everything written: it dies of the signal, so that a shell's loop ends too)";

constexpr char kTrainExamples[] = R"(
Examples:
  equipoise train                                             quick start: cart-pole, about two minutes
  equipoise train --task halfcheetah --agent sac --seed 2     one learner alone
  equipoise train --task ant --preset paper                   the paper's sizes and numbers
  equipoise train --config my.toml --set model.dropout=0.05 --set eps.masks=50 --out runs/dropout-5
  equipoise train --task ant --seed 4 --resume                a job that may be started again: begins, or goes on

The run folder holds run.json, episodes.jsonl, progress.csv, events.jsonl, a TensorBoard file, checkpoints, episodes.index
when the run is long and, at the end, dashboard.png. Ctrl-C ends the run at its last complete episode, everything written; a
second one at once. SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU end it in the same way with exit code 75.)";

constexpr char kGuiExamples[] = R"(
Examples:
  equipoise gui                                             quick start
  equipoise gui --task hopper --paused                      look around before it starts
  equipoise gui --run runs/cartpole-unified-cpu-s0          open a run and go on with it
  equipoise gui --run ssh://lab3/home/me/runs/a             watch one on another machine, by ssh and rsync)";

constexpr char kReplayExamples[] = R"(
Example:
  equipoise env-replay --task hopper --in steps.jsonl --out ours.jsonl

Each input line is one recorded step (state and action); each output line says what our task makes of it: next state,
observation, reward and its terms. Without --rollout every step starts from its own recorded state.)";

constexpr char kDecisionExamples[] = R"(
Examples:
  equipoise recheck --run runs/cartpole-unified-cpu-s0 --episode 12
  equipoise recheck --run runs/cartpole-unified-cpu-s0 --episode 12 --all-masks    also those an early stop left out

The check that decided the episode is made again from what the run folder kept, and compared with the log to the last bit.
Exit codes: 0 the same numbers; 3 not the same; 2 the decision is not kept or cannot be read. See log.moments.)";

constexpr char kCompareExamples[] = R"(
Example:
  equipoise compare runs/hopper-unified-cpu-s* runs/hopper-sac-cpu-s* --svg hopper.svg
  equipoise compare --max sac,mbrl runs/hopper-*-cpu-s*

The table is Markdown: means of blocks of ten episodes, or of more where runs are long. Runs that differ in nothing but the
seed (and in run.episodes, run.threads, run.preset, log.moments, log.moments_every, log.tensorboard) are one group; its name
says which settings tell it from the others. Seeds that are not finished count as far as they have come: n says how many a
mean is over. A run counts once, however often it is named; what is no run is left out with a line. The picture shows the
mean of each group and every run behind it.)";

constexpr char kExportExamples[] = R"(
Examples:
  equipoise export --run runs/hopper-unified-cpu-s3 --of curves --svg curves.svg --csv curves.csv --episodes 1:40
  equipoise export --run runs/hopper-unified-cpu-s3 --of scene --png body.png --scale 3
  equipoise export --run runs/hopper-unified-cpu-s3 --of scene --video hop.mp4
  equipoise export --run runs/hopper-unified-cpu-s3 --bundle evidence
  equipoise export runs/hopper-unified-cpu-s3 --policy hopper.pt --dataset hopper.hdf5
  equipoise export --run runs/hopper-unified-cpu-s3 --of curves --csv - | gzip >curves.csv.gz

Nothing that exists is replaced without --overwrite, and of folders only what this program wrote. A file's ending names
its format. "-" and /dev/stdout are standard output; devices and pipes are written to, with the first of several tables.)";

constexpr char kConfigExamples[] = R"(
Examples:
  equipoise config --task hopper --preset paper             every setting of that preset
  equipoise config --config my.toml > resolved.toml         a file that does not depend on defaults any more)";

std::string AgentNames() {
  std::string names;
  for (const agent::Recipe& recipe : agent::Recipes())
    names += std::string(names.empty() ? "" : ", ") + recipe.name + " (" + recipe.title + ")";
  return names;
}

void AddRunOptions(CLI::App* command, RunOptions* options, bool with_out) {
  command->add_option("--config,-c", options->config,
                      "TOML file, - for standard input, or the name of one that came along (cartpole)");
  command->add_option("--preset,-p", options->preset, "preset in that file: paper or cpu");
  command->add_option("--task,-t", options->task,
                      "ant, hopper, walker2d, halfcheetah, cartpole or dclaw, or a task file: my/robot.toml");
  command->add_option("--agent,-a", options->agent, AgentNames());
  command->add_option("--seed,-s", options->seed, "every random number follows from it")->type_name("N");
  command->add_option("--episodes,-n", options->episodes, "episodes after the random ones")->type_name("N");
  command->add_option("--set", options->set, "section.name=value; may be given several times")->allow_extra_args(false);
  if (with_out)
    command->add_option("--out,-o", options->out, "run folder; default: runs/<task>-<agent>-<preset>-s<seed>");
}

// Of one command, or of the whole program.
int PrintHelp(const CLI::App& app, const std::string& topic) {
  const CLI::App* about = &app;
  std::string known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->check_name(topic)) about = command;
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  if (!topic.empty() && about == &app)
    return Fail(kUsageError, "there is no command " + topic + "; there are " + known);
  const std::string name = app.get_name() + (about == &app ? "" : " " + topic);
  std::cout << WrapHelp(app.get_formatter()->make_help(about, name, CLI::AppFormatMode::Normal), TerminalWidth());
  return kOk;
}

int Main(int argc, char** argv) {
  CLI::App app{kAbout, "equipoise"};
  app.footer(kExamples);
  app.set_version_flag("--version", std::string("Equipoise ") + Version());
  app.require_subcommand(0, 1);
  int code = kOk;

  RunOptions train;
  CLI::App* command = app.add_subcommand("train", "Run in the terminal and leave a run folder with a picture.");
  AddRunOptions(command, &train, true);
  command->add_flag("--resume", train.resume,
                    "go on with the run in that folder, or start it when there is none: for job scripts");
  command->footer(kTrainExamples);
  command->callback([&] { code = Train(train); });

  AddKeeping(&app, &code);
  AddSteering(&app, &code);

  GuiOptions gui;
  command = app.add_subcommand("gui", "Open the window on a new run, or on a run folder.");
  AddRunOptions(command, &gui.run, true);
  CLI::Option* existing =
      command->add_option("--run,-r", gui.folder, "folder of an existing run; on another machine: ssh://host/path");
  for (const char* of_a_new_one :
       {"--config", "--preset", "--task", "--agent", "--seed", "--episodes", "--set", "--out"})
    existing->excludes(of_a_new_one);
  command->add_flag("--paused", gui.paused, "do not start until told to");
  command->footer(kGuiExamples);
  command->callback([&] { code = Gui(gui); });

  TaskCheckOptions task_check;
  AddTaskCommand(&app, &task_check, &code);

  ReplayOptions replay;
  command = app.add_subcommand("env-replay", "Run recorded steps through one of our tasks, to compare physics.");
  command->add_option("--task,-t", replay.task, "ant, hopper, walker2d, halfcheetah, cartpole or dclaw, or a task file")
      ->required();
  command->add_option("--in,-i", replay.input, "recorded steps, one JSON object a line")->required();
  command->add_option("--out,-o", replay.output, ".jsonl file to write, one line for each line of input")
      ->required()
      ->check(kNamed);
  command->add_flag("--overwrite", replay.overwrite, "replace what exists");
  command->add_flag("--rollout", replay.rollout, "start each step where the one before it ended");
  command->footer(kReplayExamples);
  command->callback([&] { code = EnvReplay(replay); });

  DecisionReplayOptions decision;
  command = app.add_subcommand("recheck", "Make a stored decision again and say whether it is the same numbers.");
  command->alias("replay");  // its name in older scripts
  command->add_option("--run,-r", decision.folder, "run folder; the run may be going on")->required();
  command->add_option("--episode,-e", decision.episode, "the episode it decided")
      ->required()
      ->check(CLI::Range(1, 100000000));
  command->add_flag("--all-masks", decision.all_masks, "evaluate every mask, even if the check stopped early");
  command->footer(kDecisionExamples);
  command->callback([&] { code = Replay(decision); });

  AgentsOptions agents;
  command = app.add_subcommand("agents", "List the agents: what each does, whose idea it is, what an episode costs.");
  command->add_option("--agent,-a", agents.run.agent, "this one alone");
  command->add_flag("--measure", agents.measure, "run some episodes of each and say how long one takes");
  command->add_option("--task,-t", agents.run.task, "to measure on; default: that of the quick start");
  command->add_option("--preset,-p", agents.run.preset, "to measure with; default: cpu");
  command->add_option("--set", agents.run.set, "section.name=value; may be given several times")
      ->allow_extra_args(false);
  command->callback([&] { code = PrintAgents(agents); });

  std::string agent;
  bool markdown = false;
  command = app.add_subcommand("settings", "Print every setting: default, range, meaning.");
  command->add_option("--agent,-a", agent, "only those of this agent: " + AgentNames());
  command->add_flag("--markdown", markdown, "as a Markdown table");
  command->callback([&] { code = PrintSettings(agent, markdown); });

  RunOptions config;
  command = app.add_subcommand("config", "Print the settings that a run would start with, as TOML.");
  AddRunOptions(command, &config, false);
  command->footer(kConfigExamples);
  command->callback([&] { code = PrintConfig(config); });

  CompareOptions compare;
  command = app.add_subcommand("compare", "Runs side by side: block means as a table, learning curves as a picture.");
  command->add_option("runs", compare.folders, "run folders of one task")->required();
  command->add_option("--episodes,-n", compare.episodes, "only the first so many picked episodes of each")
      ->check(CLI::Range(10, 1000000));
  command
      ->add_option("--max", compare.max,
                   "agents, as a,b: also what the better of them reaches, and whether the others are above it")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--svg", compare.svg, "file for the learning curves")->check(kNamed);
  command->add_option("--title", compare.title, "title of that picture");
  command->add_flag("--overwrite", compare.overwrite, "replace what exists");
  command->footer(kCompareExamples);
  command->callback([&] { code = Compare(compare); });

  AddSweeps(&app, &code);

  ScreenshotOptions screenshot;
  command = app.add_subcommand("screenshot", "Draw a run folder as a picture; the run may be going on.");
  command->add_option("--run,-r", screenshot.folder, "run folder")->required();
  command->add_option("--out,-o", screenshot.output, "PNG file to write")->required()->check(kNamed);
  command->add_option("--width", screenshot.width, "pixels")->check(CLI::Range(320, 8192))->capture_default_str();
  command->add_option("--height", screenshot.height, "pixels")->check(CLI::Range(200, 8192))->capture_default_str();
  command->add_flag("--overwrite", screenshot.overwrite, "replace what exists");
  command->callback([&] { code = Screenshot(screenshot); });

  ExportOptions out;
  command = app.add_subcommand(
      "export", "Pictures, plots, data, films, policies and evidence of a run folder; it may be going on.");
  command->add_option("run,--run,-r", out.folder, "run folder; on another machine: ssh://host/path")->required();
  command->add_option("--of", out.of, "window, scene, curves, check or model")->capture_default_str();
  command->add_option("--png", out.png, "picture")->check(kNamed);
  command->add_option("--svg", out.svg, "plots from their data; one file for each where a part has several")
      ->check(kNamed);
  command->add_option("--csv", out.csv, "data; one file for each table where a part has several")->check(kNamed);
  command
      ->add_option("--frames", out.frames,
                   "folder for the last episode, or that of --episode, as numbered pictures; the scene: its body alone")
      ->check(kNamed);
  command->add_option("--video", out.video, "the same as .mp4, .mkv, .webm or .mov; needs ffmpeg")->check(kNamed);
  const CLI::Option* bundle = command
                                  ->add_option("--bundle", out.bundle,
                                               "folder for the evidence: picture, data, settings, decision, command; "
                                               "default: in the run's folder export")
                                  ->expected(0, 1);
  command
      ->add_option(
          "--policy", out.policy,
          "how somebody acts, as a .pt file for PyTorch: who acted last, or in --episode; takes equipoise-torch")
      ->check(kNamed);
  command->add_option("--learner", out.learner, "whose policy, where another one acted")->check(kNamed);
  command
      ->add_option("--dataset", out.dataset,
                   "recorded episodes, to learn from: an .hdf5 file for D4RL's readers, or a folder for Minari's")
      ->check(kNamed);
  command->add_option("--episodes", out.episodes, "only these, as first:last");
  command->add_option("--episode", out.episode, "show the decision of this one");
  command->add_option("--scale", out.scale, "pixels for each at scale 1")
      ->check(CLI::Range(0.5, 8.0))
      ->capture_default_str();
  command->add_option("--width", out.width, "at scale 1")->check(CLI::Range(200, 8192));
  command->add_option("--height", out.height, "at scale 1")->check(CLI::Range(150, 8192));
  command->add_option("--fps", out.fps, "frames a second of a film")
      ->check(CLI::Range(1.0, 240.0))
      ->capture_default_str();
  command->add_option("--film-speed", out.film_speed, "of a film: 0.25 is four times slower than it was acted")
      ->check(CLI::Range(0.01, 100.0))
      ->capture_default_str();
  command->add_option("--moment", out.moment, "of the last episode, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_flag("--light", out.light, "in the light theme");
  command->add_flag("--overwrite", out.overwrite, "replace what exists");
  command->footer(kExportExamples);
  command->callback([&] {
    out.bundle_wanted = bundle->count() > 0;
    code = Export(out);
  });

  command = app.add_subcommand("keys", "Print the window's keys as the file that binds them.");
  command->callback([&] { code = PrintKeys(); });

  AddManual(&app, &code);

  std::string topic;
  command = app.add_subcommand("help", "Print this help, or that of one command.");
  command->add_option("command", topic, "one of the others");
  command->callback([&] { code = PrintHelp(app, topic); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << WrapHelp(app.help(), TerminalWidth());
    return kOk;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --version
      std::cout << error.what() << "\n";
      return kOk;
    }
    Fail(kUsageError, error.what());
    std::cerr << "See: equipoise " << (app.get_subcommands().empty() ? "" : app.get_subcommands()[0]->get_name() + " ")
              << "--help\n";
    return kUsageError;
  }
  return app.get_subcommands().empty() ? QuickStart() : code;
}

}  // namespace
}  // namespace equipoise::app

int main(int argc, char** argv) {
  using namespace equipoise::app;  // NOLINT
  HoldStandardStreams();
  IgnoreWriteSignals();
  int code = kFailure;
  try {
    code = Main(argc, argv);
  } catch (const std::system_error& error) {
    const bool refused = error.code() == std::errc::resource_unavailable_try_again;
    code = Fail(kFailure,
                refused ? "the system starts no more threads: too many processes (ulimit -u) or too little memory "
                          "(ulimit -v)"
                        : error.what());
  } catch (const std::exception& error) {  // a mistake of ours, or no memory: say it, do not just abort
    code = Fail(kFailure, error.what());
  }
  return EndAsAsked(FinishOutput(code));
}
