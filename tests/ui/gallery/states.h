// states.h: every state in which a person may meet the window, by name; test data in the shape of real runs.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/gallery/agent_sample.h"
#include "tests/ui/gallery/disagreement_sample.h"
#include "tests/ui/gallery/planned_sample.h"
#include "tests/ui/gallery/sample_runs.h"
#include "tests/ui/sample_snapshot.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/panels/check/what_if_panel.h"
#include "ui/panels/experiments_panel.h"
#include "ui/panels/scene/scene_picture.h"
#include "ui/view/ui_state.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui::testing {

struct GalleryState {
  std::string name;
  std::shared_ptr<const run::Snapshot> snapshot;
  std::function<void(UiState*)> prepare = [](UiState*) {};
};

using Records = run::List<run::EpisodeSummary>;

// Everything else of `frame` with the history, decision and events of `sample`.
inline std::shared_ptr<run::Snapshot> WithHistory(const run::Snapshot& frame, const run::Snapshot& sample) {
  auto out = std::make_shared<run::Snapshot>(frame);
  out->episodes = sample.episodes;
  out->decision = sample.decision;
  out->events = sample.events;
  out->episode = sample.episode;
  out->environment_steps = sample.environment_steps;
  out->wall_seconds = sample.wall_seconds;
  return out;
}

// A history of a million episodes; what a chart does not draw is left out of the records.
inline run::Snapshot LongHistory(int episodes) {
  run::Snapshot out;
  auto records = std::make_shared<Records>();
  auto decision = std::make_shared<eps::Decision>(SampleDecision(episodes, 40, 20, 50, false, 3));
  Stream stream(11, "gallery.long");
  for (int e = 1; e <= episodes; ++e) {
    auto r = std::make_unique<run::EpisodeRecord>();
    r->episode = e;
    r->environment_steps = 100LL * e;
    r->gradient_steps = 240LL * e;
    r->wall_seconds = 2.0 * e;
    const double t = 6.0 * e / episodes;
    const bool model_based = stream.Uniform() < 0.15 + 0.6 * std::exp(-t);
    r->decision.episode = e;
    r->decision.pick = model_based ? test::Based() : test::Free();
    r->decision.reason = model_based ? eps::Reason::kProved : eps::Reason::kNotProved;
    r->decision.force_every = 10;
    r->episode_return = 400 * (1 - std::exp(-t)) + 30 * stream.Normal() - (e % 90001 == 0 ? 900 : 0);
    r->fraction_model_free = 1 - (0.15 + 0.6 * std::exp(-t));
    r->predicted_mean = r->episode_return + 10;
    r->predicted_lo = r->predicted_mean - 40;
    r->predicted_hi = r->predicted_mean + 40;
    r->nll = 1.5 * std::exp(-t) - 0.6 + 0.05 * stream.Normal();
    for (int h = 1; h <= 100 && e > episodes - 60; ++h) {  // as far back as the model's panel looks
      const float error = 0.03f + 0.007f * static_cast<float>(h);
      r->open_loop_error.push_back(error);
      r->open_loop_lo.push_back(0.7f * error);
      r->open_loop_hi.push_back(1.4f * error);
    }
    if (e == episodes) r->decision = *decision;
    const bool whole = e > episodes - 60;
    records->push_back(whole ? run::Summarised(*r) : std::make_shared<const run::EpisodeSummary>(*r));
  }
  const auto& last = records->back();
  out.episodes = records;
  out.events = std::make_shared<run::List<run::Event>>();
  out.decision = decision;
  out.episode = episodes + 1;
  out.environment_steps = last->environment_steps;
  out.wall_seconds = last->wall_seconds;
  return out;
}

inline run::Shared<run::Imagined> ImaginedSample(const run::Snapshot& snapshot) {
  const run::EpisodeTrace& trace = *snapshot.trace;
  auto out = std::make_shared<run::Imagined>();
  out->request = {trace.episode, std::nullopt, {5, 18}, 3};
  out->horizon = trace.steps();
  out->qpos_size = trace.qpos_size;
  out->rebuilt = "x from the predicted velocity";
  out->has_real = true;
  out->real.qpos = trace.qpos;
  out->real.reward = trace.reward;
  for (int mask : out->request.masks) {
    run::MaskImagined& m = out->masks.emplace_back();
    m.mask = mask;
    m.measured = 20;
    m.delta = mask == 5 ? -31.2 : 44.5;
    m.return_mean = 310.4;
    m.return_sd = 22.5;
    m.reward_mean = trace.reward;
    m.clamped_fraction = 0.012;
    m.coverage = mask == 5 ? 0.64 : 0.91;
    m.reward_error = 0.31;
    for (int i = 0; i < 3; ++i) {
      run::Trajectory& t = m.rollouts.emplace_back();
      t.qpos = trace.qpos;
      for (size_t k = 0; k < t.qpos.size(); ++k)
        t.qpos[k] += 0.002 * (i + 1) * static_cast<double>(k / static_cast<size_t>(trace.qpos_size));
      t.reward = trace.reward;
    }
    for (int h = 0; h < out->horizon; ++h) {
      const float error = 0.05f + 0.012f * static_cast<float>(h);
      m.error.push_back(error);
      m.error_lo.push_back(0.6f * error);
      m.error_hi.push_back(1.7f * error);
    }
  }
  out->all = out->masks[1];
  out->all.mask = -1;
  out->all.rollouts.clear();
  return out;
}

inline SnapshotOptions At(int picked, const std::string& phase = "mb") {
  SnapshotOptions options;
  options.picked = picked;
  options.phase = phase;
  return options;
}

// `long_history`: episodes of the longest one. `runs` must live as long as the states are shown.
inline std::vector<GalleryState> GalleryStates(int long_history, const SampleRuns& runs) {
  std::vector<GalleryState> states;
  const auto add = [&](
                       std::string name, std::shared_ptr<const run::Snapshot> snapshot,
                       std::function<void(UiState*)> prepare = [](UiState*) {}) {
    states.push_back({std::move(name), std::move(snapshot), std::move(prepare)});
  };
  const auto usual = BuildSnapshot({});
  const auto sampled = [&](const SampleOptions& options) { return WithHistory(*usual, SampleSnapshot(options)); };

  add("first-start", BuildSnapshot(At(0, "random")), [](UiState* s) { s->sheet.hint = true; });
  add("one-episode", BuildSnapshot(At(1)));
  add("proved", usual);
  SnapshotOptions options;
  options.proved = false;
  add("not-proved", BuildSnapshot(options));
  options.early_exit = true;
  options.phase = "act";
  add("stopped-early-and-acting", BuildSnapshot(options));
  SampleOptions sample;
  sample.holes = true;
  add("not-finite", sampled(sample), [](UiState* s) { s->view.curves.shown = ~0u; });
  sample = {};
  sample.outlier = true;
  add("outlier", sampled(sample));
  {
    auto small = std::make_shared<run::Snapshot>(*usual);
    auto decision = std::make_shared<eps::Decision>(*usual->decision);
    for (auto* column : {&test::DeltaOf(decision.get()), &test::ErrorOf(decision.get())})
      for (double& v : *column) v *= 1e-8;
    test::DeltaOf(decision.get())[3] *= -1;
    small->decision = decision;
    add("tiny-differences", small);
  }
  options = {};
  options.steered = true;
  const auto steered = BuildSnapshot(options);
  add("steered", steered);
  add("before-after", steered, [](UiState* s) { s->memory.OfWindow<ExperimentsView>().effects = true; });
  {
    auto guarded = std::make_shared<run::Snapshot>(*steered);
    auto event = std::make_shared<run::Event>();
    event->kind = run::Event::Kind::kGuard;
    event->episode = 214;
    event->wall_seconds = steered->episodes->back()->wall_seconds + 1;
    event->text = "A guard tripped: the critic's loss was no number.";
    auto events = std::make_shared<run::List<run::Event>>();
    for (const auto& each : *steered->events) {
      auto kept = std::make_shared<run::Event>(*each);
      if (kept->number > 0) kept->checkpoint = "before-" + std::to_string(kept->number);
      if (kept->number > 0) guarded->kept.push_back({kept->checkpoint, kept->episode});
      events->push_back(kept);
    }
    events->push_back(event);
    guarded->events = events;
    add("guarded", guarded);
  }
  options.state = run::RunState::kPaused;
  add("paused", BuildSnapshot(options));
  options = {};
  options.state = run::RunState::kStopped;
  options.stopped_reason =
      "MuJoCo: Nan, Inf or huge value in QACC at DOF 3. The simulation is unstable. Time = 0.4100. Lower the step size "
      "and resume from the last checkpoint.";
  add("crashed", BuildSnapshot(options));
  options = {};
  options.state = run::RunState::kFinished;
  add("finished", BuildSnapshot(options));
  for (const char* agent : {"sac", "mbrl"}) {
    options = At(0, "random");
    options.agent = agent;
    add(std::string("first-start-") + agent, BuildSnapshot(options), [](UiState* s) { s->sheet.hint = true; });
    options = {};
    options.agent = agent;
    sample = {};
    sample.agent = agent;
    add(std::string("agent-") + agent, WithHistory(*BuildSnapshot(options), SampleSnapshot(sample)));
  }
  {
    options = {};
    options.agent = sample.agent = "mpc";
    options.phase = "act";
    const auto acting = WithHistory(*BuildSnapshot(options), SampleSnapshot(sample));
    add("agent-planning", PlannedSample(*acting));
    add("agent-planning-tree", PlannedSample(*acting, true));
    add("agent-planning-selected", PlannedSample(*acting), [](UiState* s) { s->selection.episode = 57; });
  }
  for (const agent::Recipe& recipe : agent::Recipes())
    add(std::string("tiny-") + recipe.name, AgentSample(recipe.name));
  {
    auto ill = std::make_shared<run::Snapshot>(*usual);
    ill->health = {{"model.asleep",
                    "The model is asleep: its prior weighs 4.2 times the data (eta / N = 12).",
                    {"lower model.eta", "wait for more episodes"}},
                   {"sac.alpha-collapsed",
                    "SAC's alpha has collapsed to 0.0004: it explores no more.",
                    {"raise sac.target_entropy", "set sac.entropy_bonus by hand"}},
                   {"check.misjudges.sac",
                    "The model promises 34 % more than SAC's policy returned in the last ten episodes.",
                    {"raise model.dropout"}}};
    ill->refused = {"model.hidden cannot be changed while a run goes on; start a new one"};
    add("ill", ill);
  }
  {
    auto one = std::make_shared<run::Snapshot>(*steered);
    auto decision = std::make_shared<eps::Decision>(*usual->decision);
    decision->rollouts = decision->masks = decision->evaluated = 1;
    for (auto* column :
         {&test::DeltaOf(decision.get()), &test::ErrorOf(decision.get()),
          &test::ReturnsOf(decision.get(), test::Based()), &test::ReturnsOf(decision.get(), test::Free())})
      column->resize(1);
    test::ErrorOf(decision.get())[0] = std::numeric_limits<double>::quiet_NaN();
    one->decision = decision;
    add("one-mask-one-rollout", one);
    auto last = std::make_shared<run::EpisodeSummary>(*steered->episodes->back());
    last->coverage = 0.42;
    auto episodes = std::make_shared<Records>(steered->episodes->begin(), steered->episodes->end() - 1);
    episodes->push_back(last);
    one = std::make_shared<run::Snapshot>(*steered);
    one->episodes = episodes;
    add("too-sure-by-steps", one, [](UiState* s) { s->view.curves.x_axis = XAxis::kEnvironmentSteps; });
  }
  add("what-if", usual, [](UiState* s) { s->memory.OfWindow<WhatIfChoice>().on = true; });
  add("selected", usual, [](UiState* s) { s->selection.episode = 57; });
  add("outputs", usual, [](UiState* s) { s->view.model_chart.by_output = true; });
  add("every-chart", steered, [](UiState* s) {
    s->view.curves.shown = ~0u;
    s->view.curves.large = true;
  });
  add("other-runs", usual, [others = runs.others()](UiState* s) { s->view.curves.others = others; });
  add("logarithmic", usual, [](UiState* s) {
    for (ChartView& chart : s->view.curves.chart) chart.logarithmic = true;
    s->view.curves.x_axis = XAxis::kGradientSteps;
    s->view.model_chart.logarithmic = true;
  });
  const auto where = [](UiState* s, const run::Snapshot& shown) {
    s->memory.OfWindow<DisagreementChoice>().on = true;
    s->selection.mask = 7;
    s->scene.imagined.second_mask = 11;
    s->answers.disagreement = DisagreementSample(*shown.decision);
    s->answers.followed = FollowedSample(*shown.decision, 7);
    s->selection.pinned = PinnedMask{140, 7};
  };
  const auto disagreeing = sampled({});
  add("where-by-step", disagreeing, [=](UiState* s) { where(s, *disagreeing); });
  add("where-through-training", disagreeing, [=](UiState* s) {
    where(s, *disagreeing);
    s->memory.OfWindow<DisagreementChoice>().training = true;
  });
  add("where-nothing-chosen", disagreeing, [=](UiState* s) {
    where(s, *disagreeing);
    s->selection.mask.reset();
    s->selection.pinned.reset();
    s->scene.imagined.second_mask.reset();
  });
  add("imagined", usual, [usual](UiState* s) {
    s->scene.source = SceneSource::kImagined;
    s->scene.imagined.shown = ImaginedSample(*usual);
    s->scene.imagined.episode = s->scene.imagined.shown->request.episode;
    s->scene.imagined.asked = s->scene.imagined.shown->request;
    s->scene.imagined.position = 40;
    s->selection.mask = 5;
    s->scene.imagined.second_mask = 18;
    s->selection.episode = s->scene.imagined.episode;
  });
  add("long", WithHistory(*usual, LongHistory(long_history)));
  for (const std::string& task : env::TaskNames()) {
    options = {};
    options.task = task;
    options.phase = "act";
    add("task-" + task, BuildSnapshot(options));
  }
  add("beside", usual, [](UiState* s) {
    s->window.elsewhere = TrainingElsewhere{"runs/hopper-s3", "Training goes on: hopper-s3, episode 1213"};
    s->window.film.frame = 34;
    s->window.film.frames = 1051;
    s->window.film.path = "runs/halfcheetah-s3/export/scene-episode-0213-1.mp4";
    s->scene.speed = 0.25;
  });
  add("sheet-film", usual, [](UiState* s) {
    s->sheet.Open(Sheet::kTakeAway);
    s->memory.OfWindow<TakeAwaySheetView>().chosen.part = ShotOf::kScene;
    s->window.film.frame = 34;
    s->window.film.frames = 1051;
    s->window.film.path = "runs/halfcheetah-s3/export/scene-episode-0213-1.mp4";
  });
  add("sheet-leave", usual, [](UiState* s) {
    s->sheet.AskToLeave(RunRequest{RunRequest::Kind::kContinue, "runs/hopper-s3", {}, 0, "", false});
  });
  add("sheet-keys", usual, [](UiState* s) { s->sheet.Open(Sheet::kKeys); });
  add("sheet-keys-mouse", usual, [](UiState* s) {
    s->sheet.Open(Sheet::kKeys);
    s->memory.OfWindow<HelpSheetView>().page = HelpPage::kMouse;
  });
  add("sheet-keys-words", usual, [](UiState* s) {
    s->sheet.Open(Sheet::kKeys);
    s->memory.OfWindow<HelpSheetView>().page = HelpPage::kWords;
  });
  add("explaining", usual, [](UiState* s) { s->view.explains = true; });
  for (const int stop : {0, 3, 11})
    add("sheet-tour-" + std::to_string(stop + 1), usual, [stop](UiState* s) {
      s->sheet.StartTour();
      s->sheet.tour = stop;
    });
  add("sheet-settings", steered, [](UiState* s) { s->sheet.Open(Sheet::kSettings); });
  add("sheet-new-run", usual, [](UiState* s) { s->sheet.Open(Sheet::kNewRun); });
  add("sheet-new-run-wrong", usual, [folder = runs.folder()](UiState* s) {
    s->sheet.Open(Sheet::kNewRun);
    NewRunDraft& draft = s->memory.OfRun<NewRunSheetView>().draft;
    draft.seed = "minus three";
    draft.episodes = "0";
    draft.folder = folder;
  });
  add("sheet-take-away", usual, [](UiState* s) { s->sheet.Open(Sheet::kTakeAway); });
  add("sheet-runs", usual, [folder = runs.folder()](UiState* s) {
    s->sheet.Open(Sheet::kRuns);
    s->memory.OfWindow<RunsSheetView>().folder = folder;
  });
  add("sheet-runs-curves", usual, [folder = runs.folder()](UiState* s) {
    s->sheet.Open(Sheet::kRuns);
    auto& view = s->memory.OfWindow<RunsSheetView>();
    view.folder = folder;
    view.curves = true;
  });
  add("sheet-runs-empty", usual, [folder = runs.folder()](UiState* s) {
    s->sheet.Open(Sheet::kRuns);
    s->memory.OfWindow<RunsSheetView>().folder = folder + "/absent";
  });
  add("sheet-view", usual, [](UiState* s) { s->memory.OfWindow<ScenePictureView>().options_open = true; });
  add("toast", usual, [](UiState* s) {
    s->message.text =
        "runs/cheetah-s3/export/window-episode-213.png: no space left on the device; make room and take it again.";
    s->message.is_problem = true;
    s->message.until = 1e9;
  });
  return states;
}

}  // namespace equipoise::ui::testing
