#include "ui/panels/log_lines.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/ticks.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

using Kind = LogLine::Kind;

double Seconds(const run::EpisodeSummary& record, const char* part) {
  const double* seconds = record.seconds.Find(part);
  return seconds == nullptr || !std::isfinite(*seconds) ? 0 : *seconds;
}

// After the decision comes acting, then the model is measured on what was acted; the record's own time is the end of
// both. Never before the episode that came first: older runs counted pauses as acting.
double DecidedAt(const run::EpisodeSummary& record, const run::EpisodeSummary* before) {
  const double after = Seconds(record, run::kActStage) + Seconds(record, run::kExamineSeconds);
  return std::max(record.wall_seconds - after, before != nullptr ? before->wall_seconds : 0.0);
}

bool IsProblem(const run::EpisodeSummary& record) {
  return record.guard_tripped || record.decision.reason == eps::Reason::kUndecidable ||
         !std::isfinite(record.episode_return);
}

bool Wanted(const run::Event& event, LogFilter filter) {
  switch (filter) {
    case LogFilter::kEverything:
      return true;
    case LogFilter::kEpisodes:
      return false;
    case LogFilter::kInterventions:
      return event.kind == run::Event::Kind::kIntervention;
    case LogFilter::kProblems:
      return event.kind == run::Event::Kind::kGuard || event.kind == run::Event::Kind::kError;
  }
  return true;
}

}  // namespace

std::vector<LogLine> BuildLog(const run::Snapshot& snapshot, LogFilter filter) {
  std::vector<LogLine> lines;
  if (snapshot.episodes && filter != LogFilter::kInterventions) {
    for (size_t i = 0; i < snapshot.episodes->size(); ++i) {
      const run::EpisodeSummary& record = *(*snapshot.episodes)[i];
      if (filter == LogFilter::kProblems && !IsProblem(record)) continue;
      if (filter == LogFilter::kEverything && record.decision.checked) {
        lines.push_back(
            {Kind::kCheck, i, DecidedAt(record, i > 0 ? (*snapshot.episodes)[i - 1].get() : nullptr), record.episode});
      }
      lines.push_back({Kind::kEpisode, i, record.wall_seconds, record.episode});
      if (filter == LogFilter::kEverything && std::isfinite(record.nll)) {
        lines.push_back({Kind::kModel, i, record.wall_seconds, record.episode});
      }
    }
  }
  // Both are all but sorted as they come, and there may be hundreds of thousands of them after every episode.
  const auto earlier = [](const LogLine& a, const LogLine& b) { return a.wall_seconds < b.wall_seconds; };
  const auto sort = [&earlier](std::vector<LogLine>::iterator begin, std::vector<LogLine>::iterator end) {
    if (!std::is_sorted(begin, end, earlier)) std::stable_sort(begin, end, earlier);
  };
  sort(lines.begin(), lines.end());
  const auto episodes = static_cast<std::ptrdiff_t>(lines.size());
  if (snapshot.events) {
    for (size_t i = 0; i < snapshot.events->size(); ++i) {
      const run::Event& event = *(*snapshot.events)[i];
      if (Wanted(event, filter)) lines.push_back({Kind::kEvent, i, event.wall_seconds, event.episode});
    }
  }
  sort(lines.begin() + episodes, lines.end());
  std::inplace_merge(lines.begin(), lines.begin() + episodes, lines.end(), earlier);
  return lines;
}

std::string EpisodeSentence(const run::EpisodeSummary& record, const nets::PartList& parts) {
  const eps::SummarisedDecision& decision = record.decision;
  const std::string earned = Brief(record.episode_return);
  if (decision.pick.random()) return "Random episode, return " + earned + ".";
  std::string text = "Episode " + std::to_string(record.episode) + ": ";
  const std::string who = eps::NameOf(parts, decision.pick);
  if (decision.reason == eps::Reason::kForced) {
    text += who + " forced";
    if (decision.force_every > 2) text += ", none in the last " + std::to_string(decision.force_every - 1);
    text += ". Return " + earned + ".";
  } else {
    text += who + " acted, return " + earned + ".";
    if (decision.reason == eps::Reason::kNotProved) text += " Not proved.";
    if (decision.reason == eps::Reason::kUndecidable) text += " Undecidable.";
  }
  if (std::isfinite(record.predicted_lo) && std::isfinite(record.predicted_hi)) {
    text += parts.OneBelief() ? " The model said " + Brief(record.predicted_lo) + "."
                              : " " + eps::Capitalised(parts.Beliefs()) + " said " + Brief(record.predicted_lo) +
                                    " to " + Brief(record.predicted_hi) + ".";
  }
  if (record.guard_tripped) text += " A guard tripped.";
  return text;
}

std::string Text(const LogLine& line, const run::Snapshot& snapshot) {
  if (line.kind == Kind::kEvent) return EventSentence(*(*snapshot.events)[line.index]);
  const run::EpisodeSummary& record = *(*snapshot.episodes)[line.index];
  switch (line.kind) {
    case Kind::kCheck:
      return eps::Explain(record.decision, PartsOf(snapshot)).finding;
    case Kind::kModel:
      return "Model NLL " + Fixed(record.nll, 2) + " on episode " + std::to_string(record.episode) + ", unseen.";
    default:
      return EpisodeSentence(record, PartsOf(snapshot));
  }
}

const char* Label(LogFilter filter) {
  switch (filter) {
    case LogFilter::kEverything:
      return "everything";
    case LogFilter::kEpisodes:
      return "episodes";
    case LogFilter::kInterventions:
      return "by hand";
    case LogFilter::kProblems:
      return "problems";
  }
  return "";
}

}  // namespace equipoise::ui
