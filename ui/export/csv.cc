#include "ui/export/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <vector>

namespace equipoise::ui {
namespace {

// The shortest digits that read back as the same double.
std::string Cell(double value) {
  if (!std::isfinite(value)) return "";
  char text[40];
  const char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  int mantissa = 0;  // digits that are needed
  for (const char* c = text; c != end && *c != 'e'; ++c) mantissa += *c >= '0' && *c <= '9';
  constexpr int kDigits[] = {6, 9, 12, 15, 17};  // few widths, so that a column looks alike
  const int digits = *std::lower_bound(std::begin(kDigits), std::end(kDigits) - 1, mantissa);
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr};
}

std::string Cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

template <class T>
double Entry(const std::vector<T>& values, size_t i) {
  return i < values.size() ? static_cast<double>(values[i]) : std::nan("");
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? "," : "") + cells[i];
  return line + "\r\n";
}

struct EpisodeColumn {
  const char* name;
  std::string (*cell)(const run::EpisodeSummary& episode);
  bool of_check = false;  // empty where there was none
};
using Episode = const run::EpisodeSummary&;
constexpr EpisodeColumn kEpisodeColumns[] = {
    {"episode", [](Episode e) { return std::to_string(e.episode); }},
    {"pick", [](Episode e) { return e.decision.pick.id(); }},
    {"reason", [](Episode e) { return std::string(eps::Name(e.decision.reason)); }},
    {"episode_return", [](Episode e) { return Cell(e.episode_return); }},
    {"predicted_mean", [](Episode e) { return Cell(e.predicted_mean); }},
    {"predicted_5_percent", [](Episode e) { return Cell(e.predicted_lo); }},
    {"predicted_95_percent", [](Episode e) { return Cell(e.predicted_hi); }},
    {"model_free_fraction_last_20", [](Episode e) { return Cell(e.fraction_model_free); }},
    {"masks_positive", [](Episode e) { return std::to_string(e.decision.summary.positive); }, true},
    {"masks_evaluated", [](Episode e) { return std::to_string(e.decision.evaluated); }, true},
    {"delta_least", [](Episode e) { return Cell(e.decision.summary.least); }, true},
    {"delta_mean", [](Episode e) { return Cell(e.decision.summary.mean); }, true},
    {"delta_spread", [](Episode e) { return Cell(e.decision.summary.spread); }, true},
    {"model_nll_nats_per_step", [](Episode e) { return Cell(e.nll); }},
    {"coverage", [](Episode e) { return Cell(e.coverage); }},
    {"environment_steps", [](Episode e) { return std::to_string(e.environment_steps); }},
    {"gradient_steps", [](Episode e) { return std::to_string(e.gradient_steps); }},
    {"wall_seconds", [](Episode e) { return Cell(e.wall_seconds); }},
};

}  // namespace

bool HasEpisodes(const run::Snapshot& snapshot, std::optional<EpisodeRange> range) {
  if (snapshot.episodes == nullptr) return false;
  for (const auto& record : *snapshot.episodes)
    if (!range || (record->episode >= range->first && record->episode <= range->last)) return true;
  return false;
}

std::string EpisodesCsv(const run::Snapshot& snapshot, std::optional<EpisodeRange> range) {
  std::vector<std::string> names;
  for (const EpisodeColumn& column : kEpisodeColumns) names.emplace_back(column.name);
  std::string out = Line(names);
  if (snapshot.episodes == nullptr) return out;
  for (const auto& record : *snapshot.episodes) {
    if (range && (record->episode < range->first || record->episode > range->last)) continue;
    std::vector<std::string> cells;
    for (const EpisodeColumn& column : kEpisodeColumns)
      cells.push_back(column.of_check && !record->decision.checked ? "" : column.cell(*record));
    out += Line(cells);
  }
  return out;
}

std::string RunsCsv(const std::vector<NamedEpisodes>& runs, std::optional<EpisodeRange> range) {
  std::vector<std::string> names = {"run"};
  for (const EpisodeColumn& column : kEpisodeColumns) names.emplace_back(column.name);
  std::string out = Line(names);
  for (const NamedEpisodes& run : runs) {
    if (run.episodes == nullptr) continue;
    for (const auto& record : *run.episodes) {
      if (range && (record->episode < range->first || record->episode > range->last)) continue;
      std::vector<std::string> cells = {Cell(run.name)};
      for (const EpisodeColumn& column : kEpisodeColumns)
        cells.push_back(column.of_check && !record->decision.checked ? "" : column.cell(*record));
      out += Line(cells);
    }
  }
  return out;
}

std::string DecisionCsv(const eps::Decision& decision) {
  // With more than two policies every comparison has its columns, the decisive one first and without an addition.
  std::vector<const eps::Comparison*> compared = {&decision.turned_on()};
  for (const eps::Comparison& c : decision.comparisons)
    if (&c != compared.front()) compared.push_back(&c);
  std::vector<std::string> head = {"mask"};
  for (const eps::Comparison* c : compared) {
    const std::string of = c == compared.front() ? "" : "_" + c->challenger.id() + "_over_" + c->preferred.id();
    head.insert(head.end(), {"delta" + of, "standard_error" + of});
  }
  for (const eps::PolicyReturns& p : decision.policies) head.push_back("return_" + p.policy.id());
  if (decision.bonus > 0)
    for (const eps::PolicyReturns& p : decision.policies) head.push_back("information_nats_" + p.policy.id());
  if (decision.most_rollouts > 0) head.push_back("rollouts");
  std::string out = Line(head);
  for (size_t i = 0; i < decision.delta().size(); ++i) {
    std::vector<std::string> cells = {std::to_string(i + 1)};
    for (const eps::Comparison* c : compared)
      cells.insert(cells.end(), {Cell(Entry(c->delta, i)), Cell(Entry(c->standard_error, i))});
    for (const eps::PolicyReturns& p : decision.policies) cells.push_back(Cell(Entry(p.returns, i)));
    if (decision.bonus > 0)
      for (const eps::PolicyReturns& p : decision.policies) cells.push_back(Cell(Entry(p.information, i)));
    if (decision.most_rollouts > 0) cells.push_back(std::to_string(decision.RolloutsOf(i)));
    out += Line(cells);
  }
  return out;
}

std::string OpenLoopCsv(const run::EpisodeRecord& record) {
  std::string out = Line({"imagined_step", "error_median_sd", "error_5_percent_sd", "error_95_percent_sd"});
  for (size_t i = 0; i < record.open_loop_error.size(); ++i) {
    out += Line({std::to_string(i + 1), Cell(Entry(record.open_loop_error, i)), Cell(Entry(record.open_loop_lo, i)),
                 Cell(Entry(record.open_loop_hi, i))});
  }
  return out;
}

std::string TraceCsv(const run::EpisodeTrace& trace, const env::TaskInfo& task) {
  std::vector<std::string> header = {"step", "time_seconds", "reward"};
  const size_t terms = trace.terms.empty() ? 0 : trace.terms.front().size();
  for (size_t k = 0; k < terms; ++k)
    header.push_back(Cell(k < task.term_names.size() ? task.term_names[k] : "term_" + std::to_string(k)));
  const auto size = static_cast<size_t>(trace.qpos_size);
  for (size_t k = 0; k < size; ++k) header.push_back("qpos_" + std::to_string(k));
  std::string out = Line(header);
  const size_t poses = size > 0 ? trace.qpos.size() / size : 0;
  for (size_t t = 0; t < poses; ++t) {
    std::vector<std::string> cells = {std::to_string(t), Cell(static_cast<double>(t) * task.control_dt_seconds),
                                      t > 0 ? Cell(Entry(trace.reward, t - 1)) : ""};
    for (size_t k = 0; k < terms; ++k)
      cells.push_back(t > 0 && t <= trace.terms.size() ? Cell(Entry(trace.terms[t - 1], k)) : "");
    for (size_t k = 0; k < size; ++k) cells.push_back(Cell(trace.qpos[t * size + k]));
    out += Line(cells);
  }
  return out;
}

std::string EventsCsv(const run::Snapshot& snapshot) {
  std::string out = Line({"number", "episode", "wall_seconds", "key", "from", "to", "text", "checkpoint"});
  if (snapshot.events == nullptr) return out;
  for (const auto& e : *snapshot.events) {
    out += Line({e->number > 0 ? std::to_string(e->number) : "", std::to_string(e->episode), Cell(e->wall_seconds),
                 Cell(e->key), Cell(e->from), Cell(e->to), Cell(e->text), Cell(e->checkpoint)});
  }
  return out;
}

}  // namespace equipoise::ui
