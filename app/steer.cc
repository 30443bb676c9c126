// What the window can ask of a run, asked of one that another process works on: by files in its folder.
#include "app/steer.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

#include "app/commands.h"
#include "app/resolve.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "engine/browse/run_list.h"
#include "engine/run/mail.h"
#include "engine/store/folder_lock.h"
#include "engine/store/mailbox.h"

namespace equipoise::app {
namespace {

// What the run answers, or why it does not.
Result<run::Answer> Ask(const std::string& folder, const std::string& letter, double seconds) {
  const Result<store::RunDescription> description = store::ReadDescription(folder);
  if (!description) return description.error();
  if (store::FolderLock::Holder(folder).empty())
    return Error{"nobody works on " + folder + " now; equipoise resume " + folder + " goes on with it"};
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  bool held = true;
  const auto patient = [&] {
    held = !store::FolderLock::Holder(folder).empty();
    return held && StopSignal() == 0 && std::chrono::steady_clock::now() < until;
  };
  CatchStopSignals();
  const Result<std::string> text = store::AskByMail(folder, letter, patient);
  if (text) return run::AnswerFrom(text.value());
  if (!held) return Error{"the process that worked on " + folder + " has ended; " + text.error().message};
  return Error{store::FolderLock::Holder(folder) + " has not answered within " +
               config::ToText(config::Value(seconds)) + " s: " + text.error().message +
               ". It may be an older version, or one that only looks at the run"};
}

int Tell(const std::string& folder, const std::string& letter, double seconds) {
  const Result<run::Answer> answer = Ask(folder, letter, seconds);
  if (!answer) return Fail(kFailure, answer.error().message);
  if (!answer.value().done) return Fail(kUsageError, answer.value().text);
  PrintNow(answer.value().text + "\n");
  return kOk;
}

// "30,0,0"
Result<std::array<double, 3>> Vector(const std::string& text, const char* what) {
  std::array<double, 3> v{};
  int end = 0;
  const int read = std::sscanf(text.c_str(), "%lf,%lf,%lf%n", &v[0], &v[1], &v[2], &end);
  if (read != 3 || static_cast<size_t>(end) != text.size() || !std::isfinite(v[0] + v[1] + v[2]))
    return Error{std::string(what) + " takes three numbers with commas between, like 30,0,0; not " + text};
  return v;
}

}  // namespace

int PrintStatus(const std::string& folder, double wait) {
  const Result<store::RunDescription> description = store::ReadDescription(folder);
  if (!description) return Fail(kUsageError, description.error().message);
  const store::RunDescription& d = description.value();
  const run::RunSummary run = run::RunList::ReadOne(folder);
  std::string text = d.name + ": " + run.State() + (run.holder.empty() ? "" : " by " + run.holder) + "\n" + d.task +
                     ", " + d.agent + ", preset " + d.preset + ", seed " + std::to_string(d.seed) + ", started " +
                     d.started + (d.steered ? ", steered" : "") + "\n" + std::to_string(run.episodes) + " of " +
                     std::to_string(run.total) + " episodes";
  if (const double mean = run.LastMean(10); std::isfinite(mean)) {
    char number[64];
    std::snprintf(number, sizeof number, ", mean return of the last 10: %.2f", mean);
    text += number;
  }
  if (!d.reason.empty()) text += "\n" + d.reason;
  PrintNow(text + "\n");
  if (run.holder.empty()) return kOk;
  const Result<run::Answer> answer = Ask(folder, run::ToMail(run::StatusAsked{}), wait);
  if (!answer) return Fail(kFailure, answer.error().message);
  PrintNow("now: " + answer.value().text + "\n");
  return kOk;
}

int SteerRun(const SteerOptions& options) {
  if (!options.back_to.empty() && !options.set.empty())
    return Fail(kUsageError, "one at a time: --set, or --roll-back");
  if (!options.back_to.empty())
    return Tell(options.folder, run::ToMail(run::RollBack{options.back_to, options.why}), options.wait);
  const auto changes = ChangesOf(options.set);
  if (!changes) return Fail(kUsageError, changes.error().message);
  std::vector<std::pair<std::string, std::string>> texts;
  for (const run::ChangeSetting& change : changes.value()) texts.emplace_back(change.key, config::ToText(change.value));
  return Tell(options.folder, run::ToMail(texts, options.why), options.wait);
}

int PauseRun(const std::string& folder, double wait) { return Tell(folder, run::ToMail(run::Pause{}), wait); }
int UnpauseRun(const std::string& folder, double wait) { return Tell(folder, run::ToMail(run::Resume{}), wait); }
int StopRun(const std::string& folder, double wait) { return Tell(folder, run::ToMail(run::Quit{}), wait); }

int StepRun(const std::string& folder, const std::string& unit, double wait) {
  using Unit = run::Step::Unit;
  const Unit asked = unit == "environment" ? Unit::kEnvironmentStep
                     : unit == "gradient"  ? Unit::kGradientStep
                                           : Unit::kEpisode;
  return Tell(folder, run::ToMail(run::Step{asked}), wait);
}

int PushRun(const PushOptions& options) {
  const auto force = Vector(options.force, "--force"), torque = Vector(options.torque, "--torque");
  if (!force) return Fail(kUsageError, force.error().message);
  if (!torque) return Fail(kUsageError, torque.error().message);
  run::PushByName push;
  push.body = options.body;
  push.why = options.why;
  for (size_t i = 0; i < 3; ++i) {
    push.push.wrench[i] = force.value()[i];
    push.push.wrench[i + 3] = torque.value()[i];
  }
  if (const int code = Tell(options.folder, run::ToMail(push), options.wait); code != kOk) return code;
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(options.seconds);
  while (StopSignal() == 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  push.push = {};
  push.why.clear();
  return Tell(options.folder, run::ToMail(push), options.wait);
}

}  // namespace equipoise::app
