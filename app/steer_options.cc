// The command line of the sub-commands that speak to a run at work.
#include <memory>

#include "app/options.h"
#include "app/steer.h"

namespace equipoise::app {
namespace {

constexpr char kSteerExamples[] = R"(
Examples:
  equipoise steer runs/a --set eps.force_every=5 --why "feed the other one"
  equipoise steer runs/a --set distractors.active=true        inject distractors before the next episode
  equipoise steer runs/a --roll-back before-2                 to before intervention 2

The run may be at work in another process or on another host that shares its folder; the answer says from which episode on a
change is in force. It is recorded, drawn and made again like one from the window. `equipoise resume --set` and
`equipoise fork --set` change a run that nobody works on.)";

constexpr char kPushExamples[] = R"(
Examples:
  equipoise push runs/a --body torso --force 40,0,0           for a fifth of a second, while an episode is acted
  equipoise push runs/a --body cart --force=-20,0,0 --seconds 1)";

}  // namespace

void AddSteering(CLI::App* app, int* code) {
  const auto folder = std::make_shared<std::string>();
  const auto wait = std::make_shared<double>(10);
  const auto add = [=](const char* name, const char* about, std::string* where, double* patience) {
    CLI::App* command = app->add_subcommand(name, about);
    command->add_option("folder", *where, "run folder; the run is at work in some process")->required();
    command->add_option("--wait", *patience, "seconds to wait for its answer")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    return command;
  };
  const auto plain = [=](const char* name, const char* about, int (*act)(const std::string&, double)) {
    add(name, about, folder.get(), wait.get())->callback([=] { *code = act(*folder, *wait); });
  };

  add("status", "How does a run stand? Also of one that nobody works on.", folder.get(), wait.get())->callback([=] {
    *code = PrintStatus(*folder, *wait);
  });

  const auto steer = std::make_shared<SteerOptions>();
  CLI::App* command = add("steer", "Change settings of a run at work, or roll it back.", &steer->folder, &steer->wait);
  command->add_option("--set", steer->set, "section.name=value; may be given several times: all of it or nothing")
      ->allow_extra_args(false);
  command->add_option("--roll-back", steer->back_to, "a kept checkpoint, as status lists them");
  command->add_option("--why", steer->why, "the reason, which is kept with the intervention");
  command->footer(kSteerExamples);
  command->callback([=] { *code = SteerRun(*steer); });

  plain("pause", "Pause a run at work, at its next step.", PauseRun);
  plain("unpause", "Let a paused run go on.", UnpauseRun);
  plain("stop", "End a run at work at its last whole episode; resume goes on with it.", StopRun);

  const auto unit = std::make_shared<std::string>("episode");
  command = add("step", "Let a run go on for one step, and pause it again.", folder.get(), wait.get());
  command->add_option("--unit", *unit, "environment, gradient or episode")
      ->check(CLI::IsMember({"environment", "gradient", "episode"}))
      ->capture_default_str();
  command->callback([=] { *code = StepRun(*folder, *unit, *wait); });

  const auto push = std::make_shared<PushOptions>();
  command = add("push", "Push a body of the robot while an episode is acted.", &push->folder, &push->wait);
  command->add_option("--body", push->body, "its name in the model")->required();
  command->add_option("--force", push->force, "x,y,z in newtons")->capture_default_str();
  command->add_option("--torque", push->torque, "x,y,z in newton metres")->capture_default_str();
  command->add_option("--why", push->why, "the reason, which is kept with the push");
  command->add_option("--seconds", push->seconds, "by the clock")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->footer(kPushExamples);
  command->callback([=] { *code = PushRun(*push); });
}

}  // namespace equipoise::app
