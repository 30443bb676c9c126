#include "engine/record/episode_row.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "engine/record/episode_fields.h"
#include "engine/record/episode_lines.h"

namespace equipoise::run {
namespace {

constexpr size_t kMostPolicies = 8;  // imagined for one decision; an episode with more has no row

// All that is not named by columns. Eight bytes each first, so that there are no gaps with bytes of nobody.
struct FixedRow {
  int64_t offset, environment_steps, gradient_steps;
  uint64_t line_sum;
  double clamped_fraction, decision_seconds;
  double least, mean, spread, monte_carlo_error, log_sum;
  double mean_return[kMostPolicies];
  double episode_return, wall_seconds, fraction_model_free, predicted_mean, predicted_lo, predicted_hi;
  double nll, nll_distractors, coverage;
  double open_loop_mean, open_loop_first, open_loop_last;
  uint32_t length;
  int32_t open_loop_steps, episode, decision_episode, masks, rollouts, evaluated, force_every;
  int32_t count, positive, not_finite, first_not_finite, first_not_positive, within_own_error;
  uint8_t reason, checked, proved, guard_tripped, first_favours_preferred;
  uint8_t pick, preferred, challenger;  // their place among the columns' policies, from 1; 0: random actions
  uint8_t policies[kMostPolicies];      // whose returns those are, likewise; 0: no more
};
static_assert(sizeof(FixedRow) == (23 + kMostPolicies) * 8 + 14 * 4 + 8 + kMostPolicies, "a row has no gaps");

size_t PresentBytes(size_t columns) { return (columns + 63) / 64 * 8; }

// Place among `names`, from 1; 0: random actions. None: it is not among them.
std::optional<uint8_t> PlaceOf(eps::Pick pick, const std::vector<std::string>& names) {
  if (pick.random()) return uint8_t{0};
  const auto found = std::lower_bound(names.begin(), names.end(), pick.id());
  const auto place = found - names.begin() + 1;
  if (found == names.end() || *found != pick.id() || place > UINT8_MAX) return std::nullopt;
  return static_cast<uint8_t>(place);
}

eps::Pick PickAt(uint8_t place, const std::vector<std::string>& names) {
  return place == 0 || place > names.size() ? eps::Pick() : eps::Pick::Of(names[place - 1]);
}

// A number of one kind as one of another that has room for it.
constexpr auto kCopy = [](const Field&, auto& to, const auto& from) {
  to = static_cast<std::remove_reference_t<decltype(to)>>(from);
};

// None: it names a policy that there is no column for.
std::optional<FixedRow> Pack(const EpisodeSummary& e, const std::vector<std::string>& policies) {
  FixedRow row{};
  const eps::DecisionSummary& s = e.decision.summary;
  VisitEpisode(kCopy, row, e);
  VisitRuling(kCopy, row, e.decision);
  VisitSummary(kCopy, row, s);
  row.offset = e.line.offset;
  row.length = e.line.length;
  row.line_sum = e.line.sum;
  row.decision_seconds = e.decision.seconds;
  row.open_loop_mean = e.open_loop.mean;
  row.open_loop_first = e.open_loop.first;
  row.open_loop_last = e.open_loop.last;
  row.open_loop_steps = e.open_loop.steps;
  row.episode = e.episode;
  row.decision_episode = e.decision.episode;
  row.reason = static_cast<uint8_t>(e.decision.reason);
  const auto pick = PlaceOf(e.decision.pick, policies), preferred = PlaceOf(s.preferred, policies),
             challenger = PlaceOf(s.challenger, policies);
  if (!pick || !preferred || !challenger || s.mean_returns.size() > kMostPolicies) return std::nullopt;
  row.pick = *pick;
  row.preferred = *preferred;
  row.challenger = *challenger;
  for (size_t i = 0; i < s.mean_returns.size(); ++i) {
    const auto place = PlaceOf(s.mean_returns[i].policy, policies);
    if (!place) return std::nullopt;
    row.policies[i] = *place;
    row.mean_return[i] = s.mean_returns[i].mean;
  }
  return row;
}

EpisodeSummary Unpack(const FixedRow& row, const std::vector<std::string>& policies) {
  EpisodeSummary e;
  eps::DecisionSummary& s = e.decision.summary;
  VisitEpisode(kCopy, e, row);
  VisitRuling(kCopy, e.decision, row);
  VisitSummary(kCopy, s, row);
  e.line = {row.offset, row.length, row.line_sum};
  e.decision.seconds = row.decision_seconds;
  e.open_loop = {row.open_loop_steps, row.open_loop_mean, row.open_loop_first, row.open_loop_last};
  e.episode = row.episode;
  e.decision.episode = row.decision_episode;
  e.decision.pick = PickAt(row.pick, policies);
  s.preferred = PickAt(row.preferred, policies);
  s.challenger = PickAt(row.challenger, policies);
  for (size_t i = 0; i < kMostPolicies && row.policies[i] != 0; ++i)
    s.mean_returns.push_back({PickAt(row.policies[i], policies), row.mean_return[i]});
  e.decision.reason = static_cast<eps::Reason>(row.reason);
  return e;
}

// A bit for each column that the episode has, then a number for every column.
bool AppendNumbers(const NamedNumbers& numbers, const std::vector<std::string>& names, std::string* out) {
  const size_t at = out->size();
  out->resize(at + PresentBytes(names.size()) + 8 * names.size());
  char* present = &(*out)[at];
  char* values = present + PresentBytes(names.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto column = std::lower_bound(names.begin(), names.end(), numbers.name(i));
    if (column == names.end() || *column != numbers.name(i)) return false;
    const auto k = static_cast<size_t>(column - names.begin());
    present[k / 8] = static_cast<char>(present[k / 8] | 1 << k % 8);
    const double value = numbers.value(i);
    std::memcpy(values + 8 * k, &value, 8);
  }
  return true;
}

// Of the row's bytes and its place: rows that changed places do not fit.
uint64_t RowSum(const char* row, size_t bytes, size_t number) {
  return LineSum({row, bytes}) ^ (0x9E3779B97F4A7C15ull * (number + 1));
}

}  // namespace

size_t FixedRowBytes() { return sizeof(FixedRow); }

size_t RowBytes(const IndexColumns& columns) {
  size_t bytes = sizeof(FixedRow) + 8;
  for (const auto* names : {&columns.scalars, &columns.seconds})
    bytes += PresentBytes(names->size()) + 8 * names->size();
  return bytes;
}

bool AppendRow(const EpisodeSummary& episode, const IndexColumns& columns, size_t number, std::string* out) {
  if (episode.line.offset < 0) return false;
  const size_t at = out->size();
  const std::optional<FixedRow> fixed = Pack(episode, columns.policies);
  if (!fixed) return false;
  out->append(reinterpret_cast<const char*>(&*fixed), sizeof *fixed);
  if (!AppendNumbers(episode.scalars, columns.scalars, out) || !AppendNumbers(episode.seconds, columns.seconds, out)) {
    out->resize(at);
    return false;
  }
  const uint64_t sum = RowSum(out->data() + at, out->size() - at, number);
  out->append(reinterpret_cast<const char*>(&sum), sizeof sum);
  return true;
}

std::optional<EpisodeSummary> RowReader::Read(const char* row, size_t number) {
  const size_t bytes = RowBytes(columns_) - 8;
  uint64_t sum = 0;
  std::memcpy(&sum, row + bytes, 8);
  if (sum != RowSum(row, bytes, number)) return std::nullopt;
  FixedRow fixed;
  std::memcpy(&fixed, row, sizeof fixed);
  EpisodeSummary episode = Unpack(fixed, columns_.policies);
  const char* at = row + sizeof fixed;
  const auto take = [&](const std::vector<std::string>& names) {
    const char* values = at + PresentBytes(names.size());
    NamedNumbers numbers = Numbers(at, values, names);
    at = values + 8 * names.size();
    return numbers;
  };
  episode.scalars = take(columns_.scalars);
  episode.seconds = take(columns_.seconds);
  return episode;
}

NamedNumbers RowReader::Numbers(const char* present, const char* values, const std::vector<std::string>& names) {
  const auto has = [present](size_t k) { return (present[k / 8] >> k % 8 & 1) != 0; };
  NamedNumbers::Names& shared = names_[{&names, std::string(present, PresentBytes(names.size()))}];
  std::vector<double> numbers;
  if (shared != nullptr) numbers.reserve(shared->size());
  for (size_t k = 0; k < names.size(); ++k) {
    if (!has(k)) continue;
    double value = 0;
    std::memcpy(&value, values + 8 * k, 8);
    numbers.push_back(value);
  }
  if (shared == nullptr) {
    auto own = std::make_shared<std::vector<std::string>>();
    for (size_t k = 0; k < names.size(); ++k)
      if (has(k)) own->push_back(names[k]);
    shared = std::move(own);
  }
  return {shared, std::move(numbers)};
}

}  // namespace equipoise::run
