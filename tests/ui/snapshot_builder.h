// snapshot_builder.h: snapshots for tests of the window. Test data: the curves are made up, in the shape of a real
// run's; the trace is a real rollout of the task under a rhythm, so that the scene shows a robot that obeys physics.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/random.h"
#include "engine/env/task.h"
#include "engine/record/snapshot.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/put_setting.h"

namespace equipoise::ui::testing {

struct SnapshotOptions {
  std::string task = "halfcheetah";
  std::string agent = "unified";
  int picked = 213;  // executed picked episodes
  int random = 5;
  bool proved = true;       // the newest decision
  bool early_exit = false;  // the check stopped at the first mask that is not above zero
  bool steered = false;     // two interventions, one change pending
  run::RunState state = run::RunState::kRunning;
  std::string phase = "mb";  // the stage at work
  double speed = 0;
  std::string stopped_reason;
};

class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(SnapshotOptions options) : o_(std::move(options)), noise_(7, "test.snapshot") {
    auto task = env::MakeTask(o_.task, env::AliveBonus::kWhileHealthy);
    if (!task) std::abort();
    task_ = std::move(task).value();
    horizon_ = std::min(100, task_->info().horizon);
  }

  std::shared_ptr<const run::Snapshot> Build() {
    auto s = std::make_shared<run::Snapshot>();
    s->sequence = 1;
    s->state = o_.state;
    s->stopped_reason = o_.stopped_reason;
    s->steered = o_.steered;
    s->info = Info();
    s->settings = Settings();
    s->episode = o_.picked + (o_.phase == "act" ? 0 : 1);
    s->random_done = o_.random;
    s->environment_steps = static_cast<int64_t>(o_.picked + o_.random) * horizon_;
    s->gradient_steps = o_.picked * 240LL;
    s->wall_seconds = 8.0 * o_.picked + 17;
    s->speed = o_.speed;
    s->eta_seconds = 8.0 * (400 - o_.picked);
    s->stages = Stages();
    if (o_.steered) {
      s->pending.push_back({"distractors.active", config::Value(true), config::Value(false), o_.picked + 1});
    } else if (o_.picked > 0) {
      s->pending.push_back({"eps.rollouts", config::Value(5), config::Value(10), o_.picked + 1});
    }
    s->episodes = Episodes();
    s->events = Events();
    if (!s->episodes->empty()) {
      const auto& last = *s->episodes->back();
      if (last.decision.checked) s->decision = run::WholeDecision(last);
      s->trace = Trace(last);
    }
    if (o_.phase == "act" && s->trace != nullptr) s->live = Live(s->trace);
    s->scalars = {{"sac.alpha", 0.043}, {"mb.alpha", 0.2}};
    return s;
  }

 private:
  using Records = run::List<run::EpisodeSummary>;

  std::shared_ptr<const run::RunInfo> Info() const {
    auto info = std::make_shared<run::RunInfo>();
    info->name = o_.steered ? "cheetah-s3-b" : "cheetah-s3";
    info->directory = "runs/" + info->name;
    info->version = "0.1.0";
    info->device_text = "CPU, 2 threads";
    info->parts = agent::PartsOf(o_.agent);
    info->task = task_->info();
    info->horizon = horizon_;
    return info;
  }

  std::shared_ptr<const config::Settings> Settings() const {
    auto s = std::make_shared<config::Settings>();
    s->run.task = o_.task;
    s->run.agent = o_.agent;
    s->run.preset = "cpu";
    s->run.seed = 3;
    s->run.episodes = 400;
    s->run.random_episodes = o_.random;
    test::Put(s.get(), "eps.rollouts", 5);
    s->distractors.active = o_.steered;
    if (o_.steered) {
      test::Put(s.get(), "sac.entropy_auto", false);
      test::Put(s.get(), "sac.entropy_bonus", 10);
    }
    return s;
  }

  std::vector<run::StageProgress> Stages() const {
    static const std::vector<std::string> kOrder = {"random", "model", "mb", "sac", "check", "act"};
    const auto at = std::find(kOrder.begin(), kOrder.end(), o_.phase) - kOrder.begin();
    const nets::PartList parts = agent::PartsOf(o_.agent);
    std::vector<run::StageProgress> stages;
    const auto add = [&](run::Stage stage, int done, bool active) {
      run::StageProgress progress(std::move(stage));
      progress.done = done;
      progress.active = active;
      progress.seconds = 1.5;
      stages.push_back(std::move(progress));
    };
    const auto part = [&](const char* id, int total, int lane, int done, bool active) {
      if (const nets::PartInfo* info = parts.Find(id)) add({id, info->title, info->unit, total, lane}, done, active);
    };
    if (at == 0) add({"random", "random episodes", "episode", o_.random}, 2, true);
    part("model", 40, 0, at > 1 ? 40 : at == 1 ? 12 : 0, at == 1);
    part("mb", 100, 0, at > 2 ? 100 : at == 2 ? 62 : 0, at == 2);
    part("sac", 100, 1, at >= 2 ? 100 : at == 1 ? 30 : 0, at == 1);
    if (parts.HasModel() && parts.learners() > 1) add({"check", "check", "mask", 50}, at > 4 ? 50 : 0, at == 4);
    add({"act", "acting", "step", horizon_}, at == 5 ? 47 : 0, at == 5);
    return stages;
  }

  eps::Decision Decide(int episode, double gap, double spread, bool forced) {
    eps::Decision d;
    d.episode = episode;
    d.checked = true;
    d.masks = d.evaluated = 50;
    d.rollouts = 5;
    d.pairing = "noise";
    d.force_every = 10;
    d.seed = 3;
    for (int k = 0; k < 50; ++k) {
      const double delta = gap + spread * noise_.Normal();
      test::DeltaOf(&d).push_back(delta);
      test::ReturnsOf(&d, test::Free()).push_back(340 + 10 * noise_.Normal());
      test::ReturnsOf(&d, test::Based()).push_back(test::ReturnsOf(d, test::Free()).back() + delta);
      test::ErrorOf(&d).push_back(9 * (0.75 + 0.4 * std::fabs(noise_.Normal())));
    }
    d.proved = std::all_of(d.delta().begin(), d.delta().end(), [](double v) { return v > 0; });
    d.pick = forced ? test::Free() : d.proved ? test::Based() : test::Free();
    d.reason = forced ? eps::Reason::kForced : d.proved ? eps::Reason::kProved : eps::Reason::kNotProved;
    return d;
  }

  // The newest decision as the options want it.
  void Shape(eps::Decision* d) const {
    for (size_t k = 0; k < d->delta().size(); ++k) {
      double& v = test::DeltaOf(d)[k];
      if (v < 3) v = 3 + std::fabs(v) * 0.3;
      if (!o_.proved && !o_.early_exit && k % 13 == 5) v = -8.0 - static_cast<double>(k);
      if (o_.early_exit && k == 11) v = -8.3;
      test::ReturnsOf(d, test::Based())[k] = test::ReturnsOf(*d, test::Free())[k] + v;
    }
    d->proved = o_.proved;
    d->pick = o_.proved ? test::Based() : test::Free();
    d->reason = o_.proved ? eps::Reason::kProved : eps::Reason::kNotProved;
    if (o_.early_exit) {
      d->evaluated = 14;
      for (auto* list : {&test::DeltaOf(d), &test::ReturnsOf(d, test::Based()), &test::ReturnsOf(d, test::Free()),
                         &test::ErrorOf(d)})
        list->resize(14);
    }
  }

  std::shared_ptr<run::EpisodeRecord> Record(int episode, int* since_free) {
    auto r = std::make_shared<run::EpisodeRecord>();
    r->episode = episode;
    const double t = episode;
    const bool disturbed = o_.steered && episode >= o_.picked - 90;
    const double mb = disturbed ? 190.0 : 398 * (1 - std::exp(-std::max(0.0, t - 4) / 46));
    const double mf = 380 / (1 + std::exp(-(t - 103) / 20.0)) - 18;
    const double spread = (20 + 90 * std::exp(-t / 16)) * (disturbed ? 2.2 : 1);
    if (episode <= 0) {
      r->decision.pick = eps::Pick();
      r->decision.reason = eps::Reason::kRandom;
      r->episode_return = -23 + 7 * noise_.Normal();
    } else {
      const bool forced = o_.agent == "unified" && *since_free >= 9;
      // Three standard deviations above zero is about what 50 masks of one mind need.
      r->decision = Decide(episode, (mb - mf) * 0.5 + 2.2 * spread * (episode > 8 ? 1 : 0), spread, forced);
      if (episode == o_.picked) Shape(&r->decision);
      const bool by_model = r->decision.pick == test::Based();
      *since_free = by_model ? *since_free + 1 : 0;
      const double mean = by_model ? mb : mf;
      r->episode_return = mean + (10 + 0.03 * std::fabs(mean)) * noise_.Normal();
      r->predicted_mean = mean + 12;
      r->predicted_lo = mean - 1.3 * spread;
      r->predicted_hi = mean + 12 + 1.3 * spread;
      r->nll = 1.75 * std::exp(-t / 26) - 0.62 + 0.05 * noise_.Normal() + (disturbed ? 0.6 : 0);
      r->coverage = disturbed ? 0.61 : 0.91;
      for (int h = 1; h <= horizon_; ++h) {
        const double u = static_cast<double>(h) / horizon_;
        const double e = (0.05 + 0.75 * std::pow(u, 1.1)) * (1 + 2 * std::exp(-t / 40)) + 0.03 * std::sin(h * 0.4);
        r->open_loop_error.push_back(static_cast<float>(e));
        r->open_loop_lo.push_back(static_cast<float>(e * 0.7));
        r->open_loop_hi.push_back(static_cast<float>(e * 1.4));
      }
      const auto states = static_cast<int>(task_->info().observation_names.size());
      for (int j = 0; j < states; ++j) {
        r->open_loop_by_state.push_back(static_cast<float>(0.1 + 0.07 * ((j * 5) % states)));
        r->nll_by_output.push_back(static_cast<float>(-1.6 + 0.2 * ((j * 5) % states)));
      }
      r->nll_by_output.push_back(-0.4f);
    }
    if (episode > 0) r->scalars = Scalars(t, disturbed);
    r->environment_steps = static_cast<int64_t>(episode + o_.random) * horizon_;
    r->gradient_steps = std::max(0, episode) * 240LL;
    r->wall_seconds = 8.0 * std::max(0, episode) + episode + o_.random;
    return r;
  }

  // What the learners report, in the shape in which a run goes: of those that the agent has.
  std::map<std::string, double> Scalars(double t, bool disturbed) {
    const double early = std::exp(-t / 40), noise = 1 + 0.08 * noise_.Normal();
    std::map<std::string, double> s;
    if (o_.agent != "sac") {
      s = {{"model.train_nll", 1.5 * early - 0.7 + 0.03 * noise_.Normal() + (disturbed ? 0.5 : 0)},
           {"model.gradient_norm", (4 + 60 * early) * noise},
           {"model.clipped_share", std::min(1.0, 0.05 + early * noise)},
           {"mb.value_loss", (2 + 90 * early) * noise},
           {"mb.imagined_return", 400 * (1 - early) + 12 * noise_.Normal()},
           {"mb.state_value", 38 * (1 - early) * noise},
           {"mb.entropy", 4 - 6 * (1 - early) + 0.2 * noise_.Normal()},
           {"mb.alpha", 0.2},
           {"mb.gradient_norm", (0.8 + 4 * early) * noise},
           {"mb.clipped_share", 0.4 * early}};
    }
    if (o_.agent != "mbrl") {
      s["sac.critic_loss"] = (6 + 20 * (1 - early)) * noise;
      s["sac.q"] = 44 * (1 - early) * noise;
      s["sac.max_q"] = 61 * (1 - early) * noise;
      s["sac.q_minus_return"] = 9 * early + 2 * noise_.Normal();
      s["sac.entropy"] = 4.2 - 9 * (1 - std::exp(-t / 90)) + 0.2 * noise_.Normal();
      s["sac.alpha"] = disturbed && t >= o_.picked - 40 ? 10 : 0.02 + 0.9 * std::exp(-t / 25);
      s["sac.actor_gradient_norm"] = (1.2 + early) * noise;
      s["sac.critic_gradient_norm"] = (20 + 30 * (1 - early)) * noise;
    }
    return s;
  }

  run::SharedList<run::EpisodeSummary> Episodes() {
    auto list = std::make_shared<Records>();
    int since_free = 0, picks = 0, free_picks = 0;
    std::vector<bool> window;
    const int first = 1 - o_.random;
    const int last = o_.phase == "random" ? first + 1 : o_.picked;
    for (int e = first; e <= last; ++e) {
      auto record = Record(e, &since_free);
      if (e > 0) {
        window.push_back(record->decision.pick == test::Free());
        ++picks;
        const auto begin = window.end() - std::min<std::ptrdiff_t>(20, picks);
        free_picks = static_cast<int>(std::count(begin, window.end(), true));
        record->fraction_model_free = static_cast<double>(free_picks) / std::min(20, picks);
      }
      list->push_back(run::Summarised(*record));
    }
    return list;
  }

  run::SharedList<run::Event> Events() const {
    auto list = std::make_shared<run::List<run::Event>>();
    const auto add = [&](run::Event::Kind kind, int number, int episode, const char* key, const char* from,
                         const char* to, const char* text) {
      auto event = std::make_shared<run::Event>();
      *event = {kind, number, episode, 8.0 * episode, key, from, to, text};
      list->push_back(event);
    };
    using Kind = run::Event::Kind;
    add(Kind::kLifecycle, 0, 1, "", "", "", "The run started.");
    if (o_.steered) {
      add(Kind::kIntervention, 1, o_.picked - 90, "distractors.active", "false", "true",
          "50 distractors were injected.");
      add(Kind::kIntervention, 2, o_.picked - 40, "sac.entropy_bonus", "0.2", "10", "sac.entropy_bonus was set to 10.");
    }
    return list;
  }

  std::shared_ptr<const run::EpisodeTrace> Trace(const run::EpisodeSummary& record) {
    auto trace = std::make_shared<run::EpisodeTrace>();
    trace->episode = record.episode;
    trace->pick = record.decision.pick;
    trace->reason = record.decision.reason;
    const env::TaskInfo& info = task_->info();
    trace->qpos_size = info.qpos_size;
    Stream stream(3, "test.reset");
    task_->Reset(stream);
    const auto keep = [&] {
      const auto state = task_->Save();
      trace->qpos.insert(trace->qpos.end(), state.qpos.begin(), state.qpos.end());
    };
    keep();
    std::vector<double> action(static_cast<size_t>(info.action_size));
    for (int t = 0; t < horizon_; ++t) {
      for (size_t i = 0; i < action.size(); ++i) {
        action[i] = 0.8 * std::sin(0.62 * t + 1.3 * static_cast<double>(i));
      }
      const env::StepResult step = task_->Step(action.data());
      trace->reward.push_back(step.reward);
      trace->terms.push_back(step.terms);
      keep();
    }
    return trace;
  }

  static run::LiveStep Live(const run::Shared<run::EpisodeTrace>& trace) {
    run::LiveStep live;
    live.acting = true;
    live.trace = trace;
    live.step = std::min(47, trace->steps());
    for (int i = 0; i < live.step; ++i) live.episode_return += trace->reward[static_cast<size_t>(i)];
    live.reward = trace->reward[static_cast<size_t>(live.step - 1)];
    return live;
  }

  SnapshotOptions o_;
  Stream noise_;
  std::unique_ptr<env::Task> task_;
  int horizon_;
};

inline std::shared_ptr<const run::Snapshot> BuildSnapshot(SnapshotOptions options) {
  return SnapshotBuilder(std::move(options)).Build();
}

}  // namespace equipoise::ui::testing
