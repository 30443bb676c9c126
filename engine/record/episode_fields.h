// episode_fields.h: the plain numbers of an episode, each once, with the names that it is written under. Logs, tables,
// scalars, summaries and rows of the index are written and read by going through them.
//
// Every function calls visit(field, a.x, b.x, ...) for each number x that it knows, with that member of every argument:
// an EpisodeRecord, an EpisodeSummary, a row of the index.
//
// Order    as in episodes.jsonl and progress.csv
// Units    episode.h
// Thread   any; no state
#pragma once

namespace equipoise::run {

struct Field {
  const char* name;              // key in episodes.jsonl (under "clock" for those of the clock), column of progress.csv
  const char* scalar = nullptr;  // of TensorBoard; null: it is not there
};

// How the run stands after the episode, and how it went.
template <class Visit, class... Episode>
void VisitCourse(Visit&& visit, Episode&... e) {
  visit(Field{"episode_return", "episode.return"}, e.episode_return...);
  visit(Field{"environment_steps"}, e.environment_steps...);
  visit(Field{"gradient_steps"}, e.gradient_steps...);
  visit(Field{"fraction_model_free", "episode.fraction_model_free"}, e.fraction_model_free...);
}

// What was predicted and measured.
template <class Visit, class... Episode>
void VisitMeasured(Visit&& visit, Episode&... e) {
  visit(Field{"predicted_mean", "episode.predicted_return"}, e.predicted_mean...);
  visit(Field{"predicted_lo"}, e.predicted_lo...);
  visit(Field{"predicted_hi"}, e.predicted_hi...);
  visit(Field{"nll", "model.nll_new_episode"}, e.nll...);
  visit(Field{"nll_distractors", "model.nll_distractors"}, e.nll_distractors...);
  visit(Field{"coverage", "model.coverage"}, e.coverage...);
  visit(Field{"guard_tripped"}, e.guard_tripped...);
}

// What depends on how fast the machine is.
template <class Visit, class... Episode>
void VisitClock(Visit&& visit, Episode&... e) {
  visit(Field{"wall_seconds"}, e.wall_seconds...);
}

// All of them.
template <class Visit, class... Episode>
void VisitEpisode(Visit&& visit, Episode&... e) {
  VisitCourse(visit, e...);
  VisitMeasured(visit, e...);
  VisitClock(visit, e...);
}

// The plain numbers of a decision, of an eps::Ruling and a row.
template <class Visit, class... Ruling>
void VisitRuling(Visit&& visit, Ruling&... d) {
  visit(Field{"checked"}, d.checked...);
  visit(Field{"proved"}, d.proved...);
  visit(Field{"masks"}, d.masks...);
  visit(Field{"rollouts"}, d.rollouts...);
  visit(Field{"evaluated"}, d.evaluated...);
  visit(Field{"force_every"}, d.force_every...);
  visit(Field{"clamped_fraction"}, d.clamped_fraction...);
}

// Of an eps::DecisionSummary: what tables and scalars have of a check.
template <class Visit, class... Summary>
void VisitCheck(Visit&& visit, Summary&... s) {
  visit(Field{"masks_positive", "check.masks_positive"}, s.positive...);
  visit(Field{"delta_least", "check.delta_least"}, s.least...);
  visit(Field{"delta_mean", "check.delta_mean"}, s.mean...);
  visit(Field{"delta_spread", "check.delta_spread"}, s.spread...);
}

// And what the index has beside that.
template <class Visit, class... Summary>
void VisitSummary(Visit&& visit, Summary&... s) {
  VisitCheck(visit, s...);
  visit(Field{"monte_carlo_error"}, s.monte_carlo_error...);
  visit(Field{"log_sum"}, s.log_sum...);
  visit(Field{"count"}, s.count...);
  visit(Field{"not_finite"}, s.not_finite...);
  visit(Field{"first_not_finite"}, s.first_not_finite...);
  visit(Field{"first_not_positive"}, s.first_not_positive...);
  visit(Field{"within_own_error"}, s.within_own_error...);
  visit(Field{"first_favours_preferred"}, s.first_favours_preferred...);
}

}  // namespace equipoise::run
