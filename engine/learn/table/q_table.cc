#include "engine/learn/table/q_table.h"

#include <algorithm>
#include <cmath>

namespace equipoise::learn {

QTable::QTable(int64_t states, int actions, double initial)
    : actions_(actions),
      values_(static_cast<size_t>(states * actions), initial),
      counts_(static_cast<size_t>(states * actions)) {}

double QTable::Value(int64_t state) const {
  const auto first = values_.begin() + state * actions_;
  return *std::max_element(first, first + actions_);
}

int QTable::Greedy(int64_t state, Stream* stream) const {
  const double best = Value(state);
  std::vector<int> equal;
  for (int a = 0; a < actions_; ++a)
    if (Q(state, a) == best) equal.push_back(a);
  return equal.size() == 1 ? equal.front() : equal[stream->Below(static_cast<uint32_t>(equal.size()))];
}

double QTable::Learn(int64_t state, int action, double reward, int64_t next, double alpha, double gamma) {
  double& q = values_[Pair(state, action)];
  const double error = reward + gamma * Value(next) - q;
  q += alpha * error;
  return error;
}

void QTable::Count(int64_t state, int action, double reward, int64_t next) {
  Counts& counts = counts_[Pair(state, action)];
  if (counts.visits++ == 0) met_.push_back(static_cast<int64_t>(Pair(state, action)));
  counts.reward += (reward - counts.reward) / static_cast<double>(counts.visits);
  const auto known =
      std::find_if(counts.next.begin(), counts.next.end(), [next](const Successor& s) { return s.state == next; });
  if (known != counts.next.end()) {
    ++known->times;
  } else {
    counts.next.push_back({next, 1});
  }
}

double QTable::Plan(int steps, double alpha, double gamma, Stream* stream) {
  if (met_.empty() || steps == 0) return 0;
  double sum = 0;
  for (int k = 0; k < steps; ++k) {
    const int64_t pair = met_[stream->Below(static_cast<uint32_t>(met_.size()))];
    const Counts& counts = counts_[static_cast<size_t>(pair)];
    int64_t drawn = stream->Below(static_cast<uint32_t>(counts.visits));
    size_t at = 0;
    while (drawn >= counts.next[at].times) drawn -= counts.next[at++].times;
    sum += std::abs(
        Learn(pair / actions_, static_cast<int>(pair % actions_), counts.reward, counts.next[at].state, alpha, gamma));
  }
  return sum / steps;
}

bool QTable::finite() const {
  return std::all_of(values_.begin(), values_.end(), [](double q) { return std::isfinite(q); });
}

void QTable::Save(ArchiveWriter& out, const std::string& name) const {
  std::vector<int64_t> next;  // pair, state, times
  std::vector<double> rewards;
  for (const int64_t pair : met_) {
    const Counts& counts = counts_[static_cast<size_t>(pair)];
    rewards.push_back(counts.reward);
    for (const Successor& s : counts.next) next.insert(next.end(), {pair, s.state, s.times});
  }
  out.Put(name + ".values", values_);
  out.Put(name + ".met", met_);
  out.Put(name + ".rewards", rewards);
  out.Put(name + ".next", next);
}

void QTable::Load(const ArchiveReader& in, const std::string& name) {
  const std::vector<double> values = in.Doubles(name + ".values"), rewards = in.Doubles(name + ".rewards");
  const std::vector<int64_t> met = in.Ints(name + ".met"), next = in.Ints(name + ".next");
  const auto pairs = static_cast<int64_t>(values_.size());
  const auto is_pair = [pairs](int64_t pair) { return pair >= 0 && pair < pairs; };
  bool fits = values.size() == values_.size() && rewards.size() == met.size() && next.size() % 3 == 0 &&
              std::all_of(met.begin(), met.end(), is_pair);
  std::vector<Counts> counts(values_.size());
  for (size_t i = 0; fits && i < met.size(); ++i) counts[static_cast<size_t>(met[i])].reward = rewards[i];
  for (size_t i = 0; fits && i < next.size(); i += 3) {
    fits = is_pair(next[i]) && next[i + 1] >= 0 && next[i + 1] < states() && next[i + 2] > 0;
    if (!fits) break;
    Counts& of = counts[static_cast<size_t>(next[i])];
    of.next.push_back({next[i + 1], next[i + 2]});
    of.visits += next[i + 2];
  }
  for (size_t i = 0; fits && i < met.size(); ++i) fits = counts[static_cast<size_t>(met[i])].visits > 0;
  if (!fits) throw FormatError(name + ": not a table of " + std::to_string(states()) + " states");
  values_ = values;
  counts_ = std::move(counts);
  met_ = met;
}

}  // namespace equipoise::learn
