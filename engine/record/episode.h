// episode.h: an executed episode, whole as its line in episodes.jsonl holds it, and in the few numbers that are held
// for every episode of a run.
//
// A line is 10 kB (differences, returns and errors of every mask, the open-loop error of every step); a run may have
// 100,000 of them. What curves, tables and lists show is an EpisodeSummary, some 600 bytes; the rest is read from the
// line when somebody looks at that episode: Whole.
//
// Thread   any; summaries and what Whole returns are immutable once shared
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/chunked_list.h"
#include "engine/eps/decision.h"

namespace equipoise::run {

template <class T>
using List = ChunkedList<std::shared_ptr<const T>>;

// With all that was known about it. NaN: does not apply or not measured.
struct EpisodeRecord {
  int episode = 0;  // 1.. for picked ones; random ones count up to 0 (-4, -3, ..., 0)
  eps::Decision decision;
  double episode_return = NAN;
  int64_t environment_steps = 0;     // total, after this episode
  int64_t gradient_steps = 0;        // total, all learners
  double wall_seconds = 0;           // since the start of the run, paused time excluded, resumed runs added
  double fraction_model_free = NAN;  // among the last 20 picked

  // What the masks said about the policy that then acted (returns, raw): mean and quantiles over masks.
  double predicted_mean = NAN, predicted_lo = NAN, predicted_hi = NAN;  // 5 % and 95 %
  // The model, measured on this episode before it has been trained on it.
  double nll = NAN;  // nats per step and physics output (distractors apart), mean over masks
  double nll_distractors = NAN;
  std::vector<float> open_loop_error;  // state error in sd of the data by horizon step, median over masks; same actions
  std::vector<float> open_loop_lo, open_loop_hi;  // 5 % and 95 % over masks
  // By what is predicted: of each physics state its error over all steps and masks, in sd of the data; nats per step of
  // each state, then of the reward. Empty: not measured.
  std::vector<float> open_loop_by_state, nll_by_output;
  double coverage = NAN;  // share of (step, output) where reality lies inside the masks' 5-95 % band

  // What the learners reported of their work before this episode, by name ("model.train_nll", "sac.alpha", ...).
  std::map<std::string, double> scalars;
  std::map<std::string, double> seconds;  // by Name(phase), and kExamineSeconds; paused time excluded from acting
  bool guard_tripped = false;
};

// Numbers by name. The names are shared by all episodes that have the same ones.
class NamedNumbers {
 public:
  using Names = std::shared_ptr<const std::vector<std::string>>;  // rising
  NamedNumbers() = default;
  explicit NamedNumbers(const std::map<std::string, double>& numbers);
  NamedNumbers(Names names, std::vector<double> values) : names_(std::move(names)), values_(std::move(values)) {}

  const double* Find(std::string_view name) const;  // null: there is none
  bool AnyBegins(std::string_view prefix) const;    // of the names
  size_t size() const { return values_.size(); }
  const std::string& name(size_t i) const { return (*names_)[i]; }
  double value(size_t i) const { return values_[i]; }
  std::map<std::string, double> ToMap() const;

 private:
  Names names_;
  std::vector<double> values_;
};

// Where the line of an episode lies in episodes.jsonl, without its line break.
struct LineSpan {
  int64_t offset = -1;  // -1: it is in no file
  uint32_t length = 0;
  uint64_t sum = 0;  // of its bytes: LineSum
  bool operator==(const LineSpan& o) const { return offset == o.offset && length == o.length && sum == o.sum; }
};
class EpisodeLines;  // episode_lines.h

struct EpisodeSummary {
  EpisodeSummary() = default;
  explicit EpisodeSummary(const EpisodeRecord& record);

  // As in EpisodeRecord.
  int episode = 0;
  eps::SummarisedDecision decision;
  double episode_return = NAN;
  int64_t environment_steps = 0, gradient_steps = 0;
  double wall_seconds = 0, fraction_model_free = NAN;
  double predicted_mean = NAN, predicted_lo = NAN, predicted_hi = NAN;
  double nll = NAN, nll_distractors = NAN, coverage = NAN;
  struct OpenLoop {
    int steps = 0;  // 0: not measured
    double mean = NAN, first = NAN, last = NAN;
  } open_loop;
  NamedNumbers scalars, seconds;
  bool guard_tripped = false;

  // The rest: in memory, or in a line of a file.
  std::shared_ptr<const EpisodeRecord> whole;
  LineSpan line;
  std::shared_ptr<const EpisodeLines> lines;
};

// A summary that keeps the record, for an episode that is written nowhere.
std::shared_ptr<const EpisodeSummary> Summarised(EpisodeRecord record);

// All of the episode: from memory, or its line read and parsed (0.1 ms; the last few are kept). Null when that line is
// no longer there: the log was cut or changed since.
std::shared_ptr<const EpisodeRecord> Whole(const EpisodeSummary& summary);
// Never null: without the line there are no numbers of masks. `Once`: for those who go through all episodes.
std::shared_ptr<const eps::Decision> WholeDecision(const EpisodeSummary& summary);
std::shared_ptr<const eps::Decision> WholeDecisionOnce(const EpisodeSummary& summary);

}  // namespace equipoise::run
