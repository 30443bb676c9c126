#include "engine/record/episode.h"

#include <algorithm>

#include "engine/base/mutex.h"
#include "engine/record/derived_scalars.h"
#include "engine/record/episode_fields.h"
#include "engine/record/episode_lines.h"

namespace equipoise::run {
namespace {

// One table for each set of names that the process has met: agents have a handful.
NamedNumbers::Names Intern(const std::map<std::string, double>& numbers) {
  static Mutex mutex;
  static std::vector<NamedNumbers::Names> known EQ_GUARDED_BY(mutex);
  const auto same = [&numbers](const NamedNumbers::Names& names) {
    return names->size() == numbers.size() &&
           std::equal(names->begin(), names->end(), numbers.begin(),
                      [](const std::string& name, const auto& number) { return name == number.first; });
  };
  const MutexLock lock(mutex);
  const auto found = std::find_if(known.rbegin(), known.rend(), same);
  if (found != known.rend()) return *found;
  auto names = std::make_shared<std::vector<std::string>>();
  for (const auto& [name, value] : numbers) names->push_back(name);
  constexpr size_t kMost = 256;  // a log with other names in every line must not fill the memory
  if (known.size() < kMost) known.push_back(names);
  return names;
}

}  // namespace

NamedNumbers::NamedNumbers(const std::map<std::string, double>& numbers) {
  if (numbers.empty()) return;
  names_ = Intern(numbers);
  values_.reserve(numbers.size());
  for (const auto& [name, value] : numbers) values_.push_back(value);
}

const double* NamedNumbers::Find(std::string_view name) const {
  if (values_.empty()) return nullptr;
  const auto at = std::lower_bound(names_->begin(), names_->end(), name);
  return at != names_->end() && *at == name ? &values_[static_cast<size_t>(at - names_->begin())] : nullptr;
}

bool NamedNumbers::AnyBegins(std::string_view prefix) const {
  if (values_.empty()) return false;
  const auto at = std::lower_bound(names_->begin(), names_->end(), prefix);  // the first that could
  return at != names_->end() && at->compare(0, prefix.size(), prefix) == 0;
}

std::map<std::string, double> NamedNumbers::ToMap() const {
  std::map<std::string, double> out;
  for (size_t i = 0; i < size(); ++i) out[name(i)] = value(i);
  return out;
}

EpisodeSummary::EpisodeSummary(const EpisodeRecord& r)
    : episode(r.episode), decision(r.decision), scalars(WithDerived(r)), seconds(r.seconds) {
  VisitEpisode([](const Field&, auto& to, const auto& from) { to = from; }, *this, r);
  if (r.open_loop_error.empty()) return;
  open_loop.steps = static_cast<int>(r.open_loop_error.size());
  open_loop.first = r.open_loop_error.front();
  open_loop.last = r.open_loop_error.back();
  double sum = 0;
  for (const float error : r.open_loop_error) sum += error;
  open_loop.mean = sum / static_cast<double>(r.open_loop_error.size());
}

std::shared_ptr<const EpisodeSummary> Summarised(EpisodeRecord record) {
  auto summary = std::make_shared<EpisodeSummary>(record);
  summary->whole = std::make_shared<const EpisodeRecord>(std::move(record));
  return summary;
}

static std::shared_ptr<const EpisodeRecord> Whole(const EpisodeSummary& summary, bool keep) {
  if (summary.whole != nullptr || summary.lines == nullptr) return summary.whole;
  return summary.lines->Read(summary.line, keep);
}

static std::shared_ptr<const eps::Decision> WholeDecision(const EpisodeSummary& summary, bool keep) {
  if (const auto whole = Whole(summary, keep)) return {whole, &whole->decision};
  auto bare = std::make_shared<eps::Decision>();
  static_cast<eps::Ruling&>(*bare) = summary.decision;
  return bare;
}

std::shared_ptr<const EpisodeRecord> Whole(const EpisodeSummary& summary) { return Whole(summary, true); }
std::shared_ptr<const eps::Decision> WholeDecision(const EpisodeSummary& s) { return WholeDecision(s, true); }
std::shared_ptr<const eps::Decision> WholeDecisionOnce(const EpisodeSummary& s) { return WholeDecision(s, false); }

}  // namespace equipoise::run
