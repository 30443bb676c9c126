#include "tests/engine/run/random_user.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "engine/base/clock.h"
#include "engine/config/section.h"
#include "engine/inspect/audit.h"
#include "engine/inspect/inspector.h"
#include "engine/run/engine.h"

namespace equipoise::test {
namespace {

using run::Engine;
using run::Snapshot;

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

// What more than one of the threads adds to.
class Faults {
 public:
  void Add(const std::string& fault) {
    const std::lock_guard<std::mutex> lock(mutex_);
    constexpr size_t kMost = 20;
    if (faults_.size() < kMost) faults_.push_back(fault);
  }
  std::vector<std::string> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return faults_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> faults_;
};

int LastPicked(const Snapshot& s) {
  int last = 0;
  for (const auto& e : *s.episodes) last = std::max(last, e->episode);
  return last;
}

// Reads all of a snapshot, as somebody would who draws it.
double Read(const Snapshot& s, Faults* faults) {
  double sum = s.wall_seconds + s.speed;
  int last = 0;
  for (const auto& shared : *s.episodes) {
    const run::EpisodeSummary& e = *shared;
    last = std::max(last, e.episode);
    if (!std::isfinite(e.episode_return)) faults->Add("the return of episode " + std::to_string(e.episode));
    sum += e.episode_return;
  }
  for (const run::PendingChange& change : s.pending)
    if (change.episode <= last)
      faults->Add(change.key + " is pending before episode " + std::to_string(change.episode) + ", and episode " +
                  std::to_string(last) + " is over");
  int interventions = 0;
  for (const auto& shared : *s.events) {
    const run::Event& e = *shared;
    if (e.kind != run::Event::Kind::kIntervention) continue;
    if (e.number <= interventions)  // those that were rolled back leave a gap
      faults->Add("intervention " + std::to_string(e.number) + " after " + std::to_string(interventions) + ": " +
                  e.text);
    interventions = e.number;
  }
  if (interventions > 0 && !s.steered) faults->Add("touched, and not steered");
  const auto add = [&](const run::EpisodeTrace& trace, int steps) {
    for (int i = 0; i < steps; ++i) sum += trace.reward[static_cast<size_t>(i)];
    for (int i = 0; i < (steps + 1) * trace.qpos_size; ++i) sum += trace.qpos[static_cast<size_t>(i)];
  };
  if (s.trace != nullptr) add(*s.trace, s.trace->steps());
  if (s.live.trace != nullptr) add(*s.live.trace, s.live.step);
  for (const auto& [name, value] : s.scalars) sum += value;
  for (const auto& stage : s.stages) sum += stage.done + stage.seconds;
  if (s.decision != nullptr) sum += s.decision->evaluated;
  return sum;
}

class User {
 public:
  User(const RandomUse& use, std::function<void(const RandomUseReport&)> progress)
      : use_(use), progress_(std::move(progress)), random_(use.seed) {
    for (const config::Section* section : config::SectionsOf(use.settings.run.agent))
      for (const config::Spec& spec : section->specs)
        if (spec.key != "run.threads") keys_.push_back(spec.key);
  }

  RandomUseReport Do() {
    const double end = MonotonicSeconds() + use_.seconds;
    do {
      const bool first = report_.lives++ == 0;
      const auto engine = first ? Engine::Create(use_.settings, use_.folder) : Engine::Open(use_.folder, 0);
      if (engine.ok())
        Live(*engine.value(), end);
      else
        faults_.Add(engine.error().message);
    } while (!Over(end) && faults_.Take().empty());
    report_.faults = faults_.Take();
    Audit();
    return report_;
  }

 private:
  bool Over(double end) const { return report_.commands >= use_.commands && MonotonicSeconds() >= end; }
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  // From Start until a quit at some instant, with the others beside.
  void Live(Engine& engine, double end) {
    std::atomic<bool> over{false};
    std::atomic<int64_t> snapshots{0};
    std::atomic<double> sum{0};
    engine.Start(Below(2) == 0);
    std::thread reader([&] {
      uint64_t seen = 0;
      while (!over) {
        const auto now = engine.Latest();
        if (now->sequence < seen) faults_.Add("an older snapshot after a newer one");
        if (now->sequence == seen) Sleep(0.0005);
        seen = now->sequence;
        sum = Read(*now, &faults_);
        ++snapshots;
      }
    });
    const std::unique_ptr<run::Inspector> inspector = run::Inspector::Start(use_.folder);
    const int commands = 1 + Below(100);
    for (int i = 0; i < commands && !Over(end); ++i) {
      const auto now = engine.Latest();
      if (now->state == run::RunState::kStopped) break;
      Command(engine, *now);
      if (Below(8) == 0) Ask(*inspector, *now);
      if (Below(3) != 0) Sleep(Uniform() * use_.pause_seconds);
      Tell();
    }
    const double asked = MonotonicSeconds();
    engine.Post(run::Quit{});
    engine.Wait();
    const double took = MonotonicSeconds() - asked;
    report_.slowest_stop = std::max(report_.slowest_stop, took);
    if (took > use_.stop_seconds) faults_.Add("a quit took " + std::to_string(took) + " s");
    over = true;
    reader.join();
    const auto last = engine.Latest();
    if (!last->stopped_reason.empty()) faults_.Add("it stopped: " + last->stopped_reason);
    report_.snapshots += snapshots;
    report_.refused += static_cast<int64_t>(last->refused.size());
    report_.episodes = static_cast<int64_t>(last->episodes->size());
    report_.interventions = 0;
    for (const auto& e : *last->events) report_.interventions = std::max<int64_t>(report_.interventions, e->number);
  }

  void Command(Engine& engine, const Snapshot& now) {
    ++report_.commands;
    const int kind = Below(100);
    if (kind < 8) return ++report_.pauses, engine.Post(run::Pause{});
    if (kind < 26) return engine.Post(run::Resume{});
    if (kind < 50) return ++report_.steps, engine.Post(run::Step{static_cast<run::Step::Unit>(Below(3))});
    if (kind < 54) return engine.Post(run::SetSpeed{Below(2) == 0 ? 0.0 : 50 * Uniform()});
    if (kind < 76) return ++report_.changes, engine.Post(Change(now));
    if (kind < 80) return ++report_.cancels, engine.Post(run::CancelChange{AnyKey(now)});
    if (kind < 98) {
      ++report_.pushes;
      run::PushBody push;
      push.body = Below(10) == 0 ? Below(100) - 50 : 1 + Below(2);
      for (double& part : push.wrench) part = Below(3) == 0 ? 0 : 20 * (Uniform() - 0.5);
      return engine.Post(push);
    }
    ++report_.roll_backs;
    if (now.kept.empty() || Below(10) == 0) return engine.Post(run::RollBack{"before-" + std::to_string(Below(50))});
    const int newest = std::min(3, static_cast<int>(now.kept.size()));  // so that a run grows
    engine.Post(run::RollBack{now.kept[now.kept.size() - 1 - static_cast<size_t>(Below(newest))].name});
  }

  std::string AnyKey(const Snapshot& now) {
    if (!now.pending.empty() && Below(2) == 0) return now.pending.front().key;
    return Below(20) == 0 ? "no.such.key" : keys_[static_cast<size_t>(Below(static_cast<int>(keys_.size())))];
  }

  // Near what is in force, so that a run stays small; now and then far from it, which is refused.
  run::ChangeSetting Change(const Snapshot& now) {
    const std::string key = AnyKey(now);
    const config::Spec* spec = config::FindSpec(key);
    if (spec == nullptr) return {key, 1};
    if (Below(20) == 0) return {key, std::string("nonsense")};
    if (Below(20) == 0) return {key, Below(2) == 0 ? NAN : -1e300};
    const config::Value begun = config::Get(use_.settings, key);
    switch (spec->type) {
      case config::Spec::Type::kInt: {
        const int at = std::get<int>(begun);
        return {key,
                std::clamp(at / 2 + Below(at + 2), static_cast<int>(spec->lowest), static_cast<int>(spec->highest))};
      }
      case config::Spec::Type::kReal: {
        const double at = std::get<double>(begun);
        return {key, std::clamp(at * (0.5 + Uniform()), spec->lowest, spec->highest)};
      }
      case config::Spec::Type::kBool:
        return {key, Below(2) == 0};
      case config::Spec::Type::kChoice:
        return {key, spec->choices[static_cast<size_t>(Below(static_cast<int>(spec->choices.size())))]};
      case config::Spec::Type::kText:
        break;
    }
    return {key, std::string("text")};
  }

  void Ask(run::Inspector& inspector, const Snapshot& now) {
    ++report_.questions;
    const int episode = 1 + Below(std::max(1, LastPicked(now)));
    const int kind = Below(3);
    if (kind == 0) return inspector.Post(run::Reevaluate{episode});
    if (kind == 1) return inspector.Post(run::Recall{episode - Below(3)});
    run::Imagine imagine;
    imagine.episode = episode;
    imagine.masks = {0, 1};
    inspector.Post(imagine);
  }

  void Tell() {
    if (!progress_ || MonotonicSeconds() < told_ + 1) return;
    told_ = MonotonicSeconds();
    progress_(report_);
  }

  void Audit() {
    const auto audit = run::Audit(use_.folder, {});
    if (!audit.ok()) return report_.faults.push_back("audit: " + audit.error().message);
    for (const std::string& what : audit.value().damaged) report_.faults.push_back("audit, damaged: " + what);
    for (const std::string& what : audit.value().differs) report_.faults.push_back("audit, differs: " + what);
  }

  const RandomUse& use_;
  const std::function<void(const RandomUseReport&)> progress_;
  std::mt19937_64 random_;
  std::vector<std::string> keys_;
  Faults faults_;
  RandomUseReport report_;
  double told_ = 0;
};

}  // namespace

RandomUseReport UseAtRandom(const RandomUse& use, const std::function<void(const RandomUseReport&)>& progress) {
  return User(use, progress).Do();
}

std::string ToText(const RandomUseReport& r) {
  const auto n = [](int64_t count, const char* what) { return std::to_string(count) + " " + what; };
  char stop[64];
  std::snprintf(stop, sizeof stop, ", slowest quit %.2f s", r.slowest_stop);
  return n(r.commands, "commands (") + n(r.steps, "steps, ") + n(r.pauses, "pauses, ") + n(r.changes, "changes, ") +
         n(r.cancels, "cancelled, ") + n(r.pushes, "pushes, ") + n(r.roll_backs, "roll backs), ") +
         n(r.lives, "lives, ") + n(r.episodes, "episodes and ") + n(r.interventions, "interventions at the end, ") +
         n(r.snapshots, "snapshots read, ") + n(r.questions, "questions") + stop;
}

}  // namespace equipoise::test
