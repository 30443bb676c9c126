// The command line of the sub-commands that go on with a run folder, make one of it, or check it.
#include <memory>

#include "app/commands.h"
#include "app/options.h"

namespace equipoise::app {
namespace {

constexpr char kResumeExamples[] = R"(
Examples:
  equipoise resume runs/cartpole-unified-cpu-s0                    up to the number of episodes it was started with
  equipoise resume runs/cartpole-unified-cpu-s0 --episodes 200     or further
  equipoise resume runs/cartpole-unified-cpu-s0 --episodes 200 --set sac.actor_step=1e-4

The continued run writes the same numbers as if it had never stopped. With --set it goes on with another setting, from the
next episode's learning on: an intervention, recorded and drawn like one in the window. Settings that are fixed for the whole
run are refused before anything is done; `equipoise settings` says which may change.)";

constexpr char kForkExamples[] = R"(
Examples:
  equipoise fork runs/cartpole-unified-cpu-s0 --episode 40 --set eps.masks=50 --out forks/more-masks
  equipoise fork runs/cartpole-unified-cpu-s0 --episode 40 --out forks/untouched     without what was changed at 40 and later
  equipoise compare runs/cartpole-unified-cpu-s0 forks/more-masks --svg fork.svg

The new run is the other one up to that episode, in every record: its interventions before it are made again, those at it and
later are not. Then it goes on with the settings of --set. It begins at the newest checkpoint of the other run that stands
before the episode (of the last three episodes, and from before every intervention), or at the start, and trains again from
there. The other run is only read, and may be going on. The new folder is a run of its own: resume goes on with it.
Exit code 3: training again did not give the other run (another processor, or another build); it says where they part.)";

constexpr char kRerunExamples[] = R"(
Example:
  equipoise rerun runs/cartpole-unified-cpu-s0 --out again

Makes the run again from its settings, its seed and its events: changed settings, pushes and roll backs included, each at its
episode and step; and compares every record, the recorded steps, networks and optimisers. What depends on the clock, and notes
about files, are left out. It needs the rolled-back-N folders of the run.
Exit codes: 0 the same run; 3 not the same, with the first difference; 2 it cannot be made again.)";

constexpr char kRepairExamples[] = R"(
Examples:
  equipoise repair runs/cartpole-unified-cpu-s0
  equipoise repair runs/cartpole-unified-cpu-s0 --dry-run     what it would do; changes nothing

Checks every line and every file of a run folder, makes again what is derived (progress.csv, the TensorBoard file, run.json,
episodes.index) and brings back what is damaged from what is left; says what was found and what was done. What was there
lies in cut-N files. A dry run does it to a copy in the folder for temporary files (TMPDIR), with the same exit code.
Exit codes: 0 whole, or whole again; 4 something is lost and named; 2 there is no run, or somebody is writing it.)";

constexpr char kAuditExamples[] = R"(
Example:
  equipoise audit runs/cartpole-unified-cpu-s0

Checks every line and every file of a run folder and the chain that holds them together; simulates every episode again from
its recorded actions, with the pushes and the distractors that it had; makes every kept decision again; and gives one
verdict. Reads only. What another processor or another build computed need not come out to the bit, and is named apart.
Exit codes: 0 nothing contradicts it; 3 something made again differs; 4 a record is not as it was written, or is gone; 2
there is no run, or somebody is writing it.)";

}  // namespace

void AddKeeping(CLI::App* app, int* code) {
  const auto resume = std::make_shared<ResumeOptions>();
  CLI::App* command = app->add_subcommand("resume", "Go on with a run from its last checkpoint.");
  command->add_option("folder", resume->folder, "run folder")->required();
  command->add_option("--episodes,-n", resume->episodes, "a new total of episodes")->check(CLI::Range(1, 1000000));
  command->add_option("--set", resume->set, "section.name=value from here on; may be given several times")
      ->allow_extra_args(false);
  command->footer(kResumeExamples);
  command->callback([=] { *code = Resume(*resume); });

  const auto fork = std::make_shared<ForkOptions>();
  command = app->add_subcommand("fork", "A second run that is another one up to an episode, then has other settings.");
  command->add_option("folder", fork->folder, "run folder; the run may be going on")->required();
  command->add_option("--episode,-e", fork->episode, "the first one that may be another")
      ->required()
      ->check(CLI::Range(1, 1000000));
  command->add_option("--set", fork->set, "section.name=value from that episode on; may be given several times")
      ->allow_extra_args(false);
  command->add_option("--episodes,-n", fork->episodes, "how many in all; default: as the other run")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--out,-o", fork->out, "folder for the new run")->required()->check(kNamed);
  command->footer(kForkExamples);
  command->callback([=] { *code = Fork(*fork); });

  const auto folder = std::make_shared<std::string>(), out = std::make_shared<std::string>();
  command = app->add_subcommand("rerun", "Make a run again from its settings and events; is it the same?");
  command->add_option("folder", *folder, "run folder")->required();
  command->add_option("--out,-o", *out, "folder for the run that is made")->required()->check(kNamed);
  command->footer(kRerunExamples);
  command->callback([=] { *code = Rerun(*folder, *out); });

  command = app->add_subcommand("repair", "Check a run folder, and bring back what is damaged or missing in it.");
  command->add_option("folder", *folder, "run folder")->required();
  const auto dry_run = std::make_shared<bool>(false);
  command->add_flag("--dry-run", *dry_run, "say what would be done, and change nothing");
  command->footer(kRepairExamples);
  command->callback([=] { *code = Repair(*folder, *dry_run); });

  command = app->add_subcommand("audit", "Check a whole run: records, decisions and episodes made again, one verdict.");
  command->add_option("folder", *folder, "run folder")->required();
  command->footer(kAuditExamples);
  command->callback([=] { *code = Audit(*folder); });
}

}  // namespace equipoise::app
