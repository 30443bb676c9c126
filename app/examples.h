// examples.h: what stands around the options in the help of the program and of its commands.
#pragma once

namespace equipoise::app {

inline constexpr char kAbout[] = R"(Equipoise: watch, question and steer reinforcement learning while it happens.

Unified RL (Freed et al. 2024): a model-based and a model-free learner share their experience, and before every
episode a check decides which of the two acts.)";

inline constexpr char kExamples[] = R"(
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

inline constexpr char kTrainExamples[] = R"(
Examples:
  equipoise train                                             quick start: cart-pole, about two minutes
  equipoise train --task halfcheetah --agent sac --seed 2     one learner alone
  equipoise train --task ant --preset paper                   the paper's sizes and numbers
  equipoise train --config my.toml --set model.dropout=0.05 --set eps.masks=50 --out runs/dropout-5
  equipoise train --task ant --seed 4 --resume                a job that may be started again: begins, or goes on

The run folder holds run.json, episodes.jsonl, progress.csv, events.jsonl, a TensorBoard file, checkpoints, episodes.index
when the run is long and, at the end, dashboard.png. Ctrl-C ends the run at its last complete episode, everything written; a
second one at once. SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU end it in the same way with exit code 75.)";

inline constexpr char kResumeExamples[] = R"(
Examples:
  equipoise resume runs/cartpole-unified-cpu-s0                    up to the number of episodes it was started with
  equipoise resume runs/cartpole-unified-cpu-s0 --episodes 200     or further
  equipoise resume runs/cartpole-unified-cpu-s0 --episodes 200 --set sac.actor_step=1e-4

The continued run writes the same numbers as if it had never stopped. With --set it goes on with another setting, from the
next episode's learning on: an intervention, recorded and drawn like one in the window. Settings that are fixed for the whole
run are refused before anything is done; `equipoise settings` says which may change.)";

inline constexpr char kForkExamples[] = R"(
Examples:
  equipoise fork runs/cartpole-unified-cpu-s0 --episode 40 --set eps.masks=50 --out forks/more-masks
  equipoise fork runs/cartpole-unified-cpu-s0 --episode 40 --out forks/untouched     without what was changed at 40 and later
  equipoise compare runs/cartpole-unified-cpu-s0 forks/more-masks --svg fork.svg

The new run is the other one up to that episode, in every record: its interventions before it are made again, those at it and
later are not. Then it goes on with the settings of --set. It begins at the newest checkpoint of the other run that stands
before the episode (of the last three episodes, and from before every intervention), or at the start, and trains again from
there. The other run is only read, and may be going on. The new folder is a run of its own: resume goes on with it.
Exit code 3: training again did not give the other run (another processor, or another build); it says where they part.)";

inline constexpr char kRerunExamples[] = R"(
Example:
  equipoise rerun runs/cartpole-unified-cpu-s0 --out again

Makes the run again from its settings, its seed and its events: changed settings, pushes and roll backs included, each at its
episode and step; and compares every record, the recorded steps, networks and optimisers. What depends on the clock, and notes
about files, are left out. It needs the rolled-back-N folders of the run.
Exit codes: 0 the same run; 3 not the same, with the first difference; 2 it cannot be made again.)";

inline constexpr char kRepairExamples[] = R"(
Examples:
  equipoise repair runs/cartpole-unified-cpu-s0
  equipoise repair runs/cartpole-unified-cpu-s0 --dry-run     what it would do; changes nothing

Checks every line and every file of a run folder, makes again what is derived (progress.csv, the TensorBoard file, run.json,
episodes.index) and brings back what is damaged from what is left; says what was found and what was done. What was there
lies in cut-N files. A dry run does it to a copy in the folder for temporary files (TMPDIR), with the same exit code.
Exit codes: 0 whole, or whole again; 4 something is lost and named; 2 there is no run, or somebody is writing it.)";

inline constexpr char kAuditExamples[] = R"(
Example:
  equipoise audit runs/cartpole-unified-cpu-s0

Checks every line and every file of a run folder and the chain that holds them together; simulates every episode again from
its recorded actions, with the pushes and the distractors that it had; makes every kept decision again; and gives one
verdict. Reads only. What another processor or another build computed need not come out to the bit, and is named apart.
Exit codes: 0 nothing contradicts it; 3 something made again differs; 4 a record is not as it was written, or is gone; 2
there is no run, or somebody is writing it.)";

inline constexpr char kGuiExamples[] = R"(
Examples:
  equipoise gui                                             quick start
  equipoise gui --task hopper --paused                      look around before it starts
  equipoise gui --run runs/cartpole-unified-cpu-s0          open a run and go on with it)";

inline constexpr char kReplayExamples[] = R"(
Example:
  equipoise env-replay --task hopper --in steps.jsonl --out ours.jsonl

Each input line is one recorded step (state and action); each output line says what our task makes of it: next state,
observation, reward and its terms. Without --rollout every step starts from its own recorded state.)";

inline constexpr char kDecisionExamples[] = R"(
Examples:
  equipoise recheck --run runs/cartpole-unified-cpu-s0 --episode 12
  equipoise recheck --run runs/cartpole-unified-cpu-s0 --episode 12 --all-masks    also those an early stop left out

The check that decided the episode is made again from what the run folder kept, and compared with the log to the last bit.
Exit codes: 0 the same numbers; 3 not the same; 2 the decision is not kept or cannot be read. See log.moments.)";

inline constexpr char kCompareExamples[] = R"(
Example:
  equipoise compare runs/hopper-unified-cpu-s* runs/hopper-sac-cpu-s* --svg hopper.svg
  equipoise compare --max sac,mbrl runs/hopper-*-cpu-s*

The table is Markdown: means of blocks of ten episodes, or of more where runs are long. Runs that differ in nothing but the
seed (and in run.episodes, run.threads, run.preset, log.moments, log.moments_every, log.tensorboard) are one group; its name
says which settings tell it from the others. Seeds that are not finished count as far as they have come: n says how many a
mean is over. A run counts once, however often it is named; what is no run is left out with a line. The picture shows the
mean of each group and every run behind it.)";

inline constexpr char kExportExamples[] = R"(
Examples:
  equipoise export --run runs/hopper-unified-cpu-s3 --of curves --svg curves.svg --csv curves.csv --episodes 1:40
  equipoise export --run runs/hopper-unified-cpu-s3 --of scene --png body.png --scale 3
  equipoise export --run runs/hopper-unified-cpu-s3 --of scene --video hop.mp4
  equipoise export --run runs/hopper-unified-cpu-s3 --bundle evidence
  equipoise export --run runs/hopper-unified-cpu-s3 --of curves --csv - | gzip >curves.csv.gz

Nothing that exists is replaced without --overwrite, and of folders only what this program wrote. A file's ending names
its format. "-" and /dev/stdout are standard output; devices and pipes are written to, with the first of several tables.)";

inline constexpr char kConfigExamples[] = R"(
Examples:
  equipoise config --task hopper --preset paper             every setting of that preset
  equipoise config --config my.toml > resolved.toml         a file that does not depend on defaults any more)";

}  // namespace equipoise::app
