// sample_snapshot.h: a run as the window might meet it, for tests of panels: every kind of episode, in any number.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/random.h"
#include "engine/record/snapshot.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/put_setting.h"

namespace equipoise::ui {

struct SampleOptions {
  int episodes = 213;  // picked ones; five random ones come before
  int masks = 50;
  int evaluated = 50;        // of the newest decision; fewer: it stopped early
  bool holes = false;        // returns, bands and model errors that are not finite
  bool distractors = false;  // injected at two thirds of the run
  bool outlier = false;      // one mask of the newest decision lies far away
  std::string agent = "unified";
};

inline eps::Decision SampleDecision(int episode, double mean, double spread, int masks, bool forced, uint64_t seed) {
  Stream stream(seed, "sample.decision", static_cast<uint64_t>(episode));
  eps::Decision d;
  d.episode = episode;
  d.checked = true;
  d.masks = d.evaluated = masks;
  d.rollouts = 5;
  d.pairing = "noise";
  d.force_every = 10;
  d.proved = true;
  for (int i = 0; i < masks; ++i) {
    const double delta = mean + spread * stream.Normal();
    const double mf = 340 + 20 * stream.Normal();
    test::DeltaOf(&d).push_back(delta);
    test::ReturnsOf(&d, test::Free()).push_back(mf);
    test::ReturnsOf(&d, test::Based()).push_back(mf + delta);
    test::ErrorOf(&d).push_back(0.45 * spread * (0.75 + 0.4 * std::fabs(stream.Normal())));
    d.proved = d.proved && delta > 0;
  }
  d.pick = d.proved && !forced ? test::Based() : test::Free();
  d.reason = forced ? eps::Reason::kForced : d.proved ? eps::Reason::kProved : eps::Reason::kNotProved;
  return d;
}

inline run::Snapshot SampleSnapshot(const SampleOptions& options = {}) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Stream stream(5, "sample.run");
  auto episodes = std::make_shared<run::List<run::EpisodeSummary>>();
  auto events = std::make_shared<run::List<run::Event>>();
  auto settings = std::make_shared<config::Settings>();
  settings->run.task = "halfcheetah";
  settings->run.agent = options.agent;
  settings->run.preset = "cpu";
  test::Put(settings.get(), "eps.masks", options.masks);
  settings->distractors.active = options.distractors;

  const int injected = options.distractors && options.episodes > 10 ? options.episodes * 2 / 3 : 1 << 30;
  int since_model_free = 0;
  for (int e = options.episodes > 0 ? -4 : 1; e <= options.episodes; ++e) {
    auto r = std::make_shared<run::EpisodeRecord>();
    r->episode = e;
    r->environment_steps = 100 * (e + 5);
    r->gradient_steps = e <= 0 ? 0 : 240 * e;
    r->wall_seconds = 8.0 * (e + 5);
    const double t = std::max(0, e), after = std::max(0, e - injected);
    double model_based = 398 * (1 - std::exp(-t / 46)), sac = 380 / (1 + std::exp(-(t - 108) / 20)) - 18;
    double spread = 20 + 90 * std::exp(-t / 16);
    if (e >= injected) {
      model_based -= (model_based - 150) * (1 - std::exp(-after / 6));
      spread *= 2.7;
    }
    if (e <= 0) {
      r->decision.pick = eps::Pick();
      r->decision.reason = eps::Reason::kRandom;
      r->episode_return = -23 + 7 * stream.Normal();
    } else if (options.agent != "unified") {
      const nets::PartList parts = agent::PartsOf(options.agent);
      r->decision.pick = eps::Pick::Of(parts.Learners().front()->id);
      r->decision.reason = eps::Reason::kAlone;
      r->decision.episode = e;
      r->episode_return = sac + 15 * stream.Normal();
    } else {
      const bool forced = since_model_free >= 9;
      r->decision = SampleDecision(e, model_based - sac + (t > 160 ? 20 : 0), 0.4 * spread, options.masks, forced, 3);
      const bool is_model_based = r->decision.pick == test::Based();
      since_model_free = is_model_based ? since_model_free + 1 : 0;
      const double base = is_model_based ? model_based : sac;
      r->episode_return = base + (12 + 0.04 * std::fabs(base)) * stream.Normal();
      const double optimism = 55 * std::exp(-t / 22) + 3 + (e >= injected ? 22 : 0);
      r->predicted_mean = base + optimism;
      r->predicted_lo = base + optimism - 1.3 * spread;
      r->predicted_hi = base + optimism + 1.3 * spread;
    }
    if (e > 1 && options.agent != "sac") {
      r->nll =
          1.75 * std::exp(-t / 26) - 0.62 + 0.05 * stream.Normal() + (e >= injected ? 0.95 * std::exp(-after / 40) : 0);
      r->coverage = e >= injected ? 0.61 : 0.91;
      const double size = 0.4 + 0.8 * std::exp(-t / 60) + (e >= injected ? 0.8 : 0);
      for (int s = 1; s <= 100; ++s) {
        const double error = size * std::pow(s / 100.0, 1.1) + 0.03 + 0.03 * std::sin(0.2 * s);
        r->open_loop_error.push_back(static_cast<float>(error));
        r->open_loop_lo.push_back(static_cast<float>(0.7 * error));
        r->open_loop_hi.push_back(static_cast<float>(1.4 * error));
      }
      for (int j = 0; j < 17; ++j) {
        r->open_loop_by_state.push_back(static_cast<float>(size * (0.3 + 0.08 * ((j * 7) % 17))));
        r->nll_by_output.push_back(static_cast<float>(-1.2 + 0.2 * ((j * 7) % 17)));
      }
      r->nll_by_output.push_back(-0.4f);
    }
    if (options.holes && e > 0) {
      if (e % 17 == 3 || (e > 60 && e < 66)) r->episode_return = nan;
      if (e == 90) r->episode_return = INFINITY;
      if (e == 95) r->episode_return = -INFINITY;
      if (e % 23 == 5) r->predicted_hi = nan;
      if (e % 19 == 2) r->nll = e % 38 == 2 ? INFINITY : nan;
      if (e == options.episodes) {
        test::DeltaOf(&r->decision)[3] = nan;
        test::DeltaOf(&r->decision)[7] = -INFINITY;
        r->decision.reason = eps::Reason::kUndecidable;
        r->decision.pick = test::Free();
        r->decision.proved = false;
        r->guard_tripped = true;
        r->open_loop_error[40] = static_cast<float>(nan);
        r->open_loop_hi[70] = INFINITY;
      }
    }
    episodes->push_back(run::Summarised(*r));
    if (e == injected) {
      auto event = std::make_shared<run::Event>();
      event->kind = run::Event::Kind::kIntervention;
      event->number = 1;
      event->episode = e;
      event->wall_seconds = r->wall_seconds - 7;
      event->text = "You injected 50 distractors.";
      events->push_back(event);
    }
  }

  run::Snapshot snapshot;
  snapshot.state = run::RunState::kRunning;
  snapshot.settings = settings;
  auto info = std::make_shared<run::RunInfo>();
  info->parts = agent::PartsOf(options.agent);
  snapshot.info = info;
  snapshot.episode = options.episodes + 1;
  snapshot.random_done = options.episodes > 0 ? 5 : 0;
  snapshot.steered = options.distractors;
  if (!episodes->empty()) {
    snapshot.environment_steps = episodes->back()->environment_steps;
    snapshot.wall_seconds = episodes->back()->wall_seconds;
    auto decision = std::make_shared<eps::Decision>(*run::WholeDecision(*episodes->back()));
    if (options.evaluated < options.masks) {
      const size_t n = static_cast<size_t>(options.evaluated);
      for (auto* column : {&test::DeltaOf(decision.get()), &test::ReturnsOf(decision.get(), test::Based()),
                           &test::ReturnsOf(decision.get(), test::Free()), &test::ErrorOf(decision.get())}) {
        column->resize(std::min(n, column->size()));
      }
      if (n > 2) test::DeltaOf(decision.get())[n - 3] = -8.3;
      decision->evaluated = options.evaluated;
      decision->proved = false;
      decision->pick = test::Free();
      decision->reason = eps::Reason::kNotProved;
    }
    if (options.outlier) {
      test::DeltaOf(decision.get())[4] = 9400;
      test::DeltaOf(decision.get())[9] = -2600;
      decision->proved = false;
      decision->pick = test::Free();
      decision->reason = eps::Reason::kNotProved;
    }
    snapshot.decision = decision;
  }
  snapshot.episodes = episodes;
  snapshot.events = events;
  return snapshot;
}

}  // namespace equipoise::ui
