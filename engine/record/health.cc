#include "engine/record/health.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <utility>

#include "engine/base/quantile.h"
#include "engine/model/diagnostics.h"

namespace equipoise::run {
namespace {

using nets::Finding;
using nets::Format;
using nets::Trend;
using nets::Trouble;

double Scalar(const EpisodeSummary& record, const std::string& name) {
  const double* number = record.scalars.Find(name);
  return number != nullptr ? *number : NAN;
}

using Number = std::function<double(const EpisodeSummary&)>;
Number ScalarOf(const std::string& name) {
  return [name](const EpisodeSummary& r) { return Scalar(r, name); };
}

// The newest kHealthWindow finite values, newest first; none when there are fewer than kHealthLeast.
std::vector<double> Newest(const Records& records, const Number& number) {
  std::vector<double> values;
  // Runs without such a number must not be searched to their first episode in every snapshot.
  size_t looked = 0;
  for (auto it = records.rbegin(); it != records.rend() && values.size() < kHealthWindow && looked < 20 * kHealthWindow;
       ++it, ++looked) {
    const double v = number(**it);
    if (std::isfinite(v)) values.push_back(v);
  }
  if (values.size() < kHealthLeast) values.clear();
  return values;
}

double Mean(const std::vector<double>& values, size_t first, size_t last) {
  double sum = 0;
  for (size_t i = first; i < last; ++i) sum += values[i];
  return last > first ? sum / static_cast<double>(last - first) : NAN;
}
double Recent(const Records& records, const Number& number) {
  const std::vector<double> values = Newest(records, number);
  return Mean(values, 0, values.size());
}

// The window's newer half against its older one: what differs by less than two standard errors is flat.
Trend TrendOf(const Records& records, const std::string& scalar) {
  const std::vector<double> values = Newest(records, ScalarOf(scalar));
  const size_t n = values.size(), half = n / 2;
  if (half < 2) return Trend::kUnknown;
  const double newer = Mean(values, 0, half), older = Mean(values, half, n);
  double squares = 0;
  for (size_t i = 0; i < n; ++i) squares += std::pow(values[i] - (i < half ? newer : older), 2);
  const double error = std::sqrt(squares / static_cast<double>(n - 2) *
                                 (1.0 / static_cast<double>(half) + 1.0 / static_cast<double>(n - half)));
  const double margin = std::max(2 * error, 0.01 * std::max(std::fabs(newer), std::fabs(older)));
  return newer > older + margin ? Trend::kRising : newer < older - margin ? Trend::kFalling : Trend::kFlat;
}

// What parts judge themselves by.
class RecordReadings : public nets::Readings {
 public:
  RecordReadings(const config::Settings& in_force, const nets::PartList& parts, const Records& records,
                 int model_outputs)
      : Readings(in_force), records_(records) {
    trajectories = static_cast<int>(records.size());
    outputs = model_outputs;
    unseen_minus_fit = NAN;
    if (records.empty()) return;
    const EpisodeSummary& last = *records.back();
    goes_on = last.episode < settings.run.episodes;
    comparable = outputs > 0 && std::isfinite(last.nll_distractors) == settings.distractors.active;
    if (!comparable || settings.distractors.active) return;  // the fit's NLL counts distractors among the outputs
    for (const nets::PartInfo& part : parts.all())
      if (part.kind == nets::PartInfo::Kind::kModel)
        unseen_minus_fit =
            Recent(records, [&part](const EpisodeSummary& r) { return r.nll - Scalar(r, part.id + ".train_nll"); });
  }
  double Last(const std::string& scalar) const override {
    return records_.empty() ? NAN : Scalar(*records_.back(), scalar);
  }
  double Mean(const std::string& scalar) const override { return Recent(records_, ScalarOf(scalar)); }
  double Median(const std::string& scalar) const override {
    std::vector<double> values = Newest(records_, ScalarOf(scalar));
    return values.empty() ? NAN : Quantile(values, 0.5);
  }
  Trend TrendOf(const std::string& scalar) const override { return run::TrendOf(records_, scalar); }

 private:
  const Records& records_;
};

// What parts can do about it, and `also`.
std::vector<std::string> Remedies(const nets::PartList& parts, const nets::Readings& readings, Trouble trouble,
                                  std::vector<std::string> also = {}) {
  std::vector<std::string> all;
  for (const nets::PartInfo& part : parts.all()) {
    if (part.remedies == nullptr) continue;
    for (std::string& remedy : part.remedies(readings, trouble)) all.push_back(std::move(remedy));
  }
  for (std::string& remedy : also) all.push_back(std::move(remedy));
  return all;
}

using Findings = std::vector<Finding>;

// Everything that is judged of one run at one moment.
struct Case {
  const nets::PartList& parts;
  const Records& records;
  const nets::Readings& readings;
  Findings* found;

  void NoAnswer(const eps::Decision* newest) const {
    if (newest == nullptr || !newest->checked) return;
    const auto broken =
        std::count_if(newest->delta().begin(), newest->delta().end(), [](double d) { return !std::isfinite(d); });
    if (2 * broken <= static_cast<std::ptrdiff_t>(newest->delta().size())) return;
    found->push_back({"check.no-answer", "The model gives no finite return under most " + parts.Beliefs() + ".",
                      Remedies(parts, readings, Trouble::kGivesNoAnswer,
                               {"roll back to a checkpoint from before, where one was kept"})});
  }

  void LeavesData() const {
    const double clamped = Recent(
        records, [](const EpisodeSummary& r) { return r.decision.evaluated > 0 ? r.decision.clamped_fraction : NAN; });
    if (!(clamped >= nets::kLeavesDataShare)) return;
    found->push_back({"check.leaves-data",
                      Format("Imagination leaves the data: %.2g %% of what was imagined lies beyond anything "
                             "seen, so its returns are guesses there.",
                             100 * clamped),
                      Remedies(parts, readings, Trouble::kLeavesData)});
  }

  void Misjudges(const nets::PartInfo& part) const {
    const Bias bias = PredictionBias(records, eps::Pick::Of(part.id));
    // One belief alone has no band: there the misses themselves say what they usually are.
    const bool band = bias.band_width > 0;
    const double usual = band ? bias.band_width : bias.scatter;
    if (!(std::fabs(bias.mean) > usual)) return;
    const bool over = bias.mean > 0, own = part.kind == nets::PartInfo::Kind::kModelBased;
    found->push_back({"check.misjudges." + part.id,
                      Format("The model %s %s by %.3g (predicted %s realised return, mean of its last %d episodes; %s "
                             "%.3g%s).",
                             over ? "overrates" : "underrates", nets::WithArticle(part.title).c_str(),
                             std::fabs(bias.mean), "\xe2\x88\x92", bias.episodes,
                             band ? ("the band of its " + parts.Beliefs() + " is").c_str() : "they scatter by", usual,
                             band ? " wide" : ""),
                      Remedies(parts, readings,
                               !over ? Trouble::kUnderrates
                               : own ? Trouble::kOverratesOwn
                                     : Trouble::kOverrates)});
  }

  void Uncalibrated() const {
    const std::vector<double> values = Newest(records, [](const EpisodeSummary& r) { return r.coverage; });
    const int masks = readings.settings.log.holdout_masks;
    const double mean = run::Mean(values, 0, values.size()), right = model::CalibratedCoverage(masks);
    const std::string numbers =
        Format("reality lies in their band in %.0f %% of the steps, %.0f %% would be right", 100 * mean, 100 * right);
    const Calibration verdict = JudgeCoverage(mean, masks);
    if (verdict == Calibration::kTooSure) {
      found->push_back({"check.too-sure",
                        "The model's " + parts.Beliefs() + " are too sure of themselves: " + numbers + ".",
                        Remedies(parts, readings, Trouble::kTooSure)});
    } else if (verdict == Calibration::kUnsure && values.size() >= kHealthWindow) {
      found->push_back({"check.unsure",
                        "The model's " + parts.Beliefs() + " are less sure than they could be: " + numbers +
                            ". The check then proves less.",
                        Remedies(parts, readings, Trouble::kUnsure)});
    }
  }

  // The episodes in which guards acted are counted among so many of the newest.
  int Looked() const { return static_cast<int>(std::min<size_t>(records.size(), kHealthWindow)); }
  const EpisodeSummary& Back(int i) const { return *records[records.size() - 1 - static_cast<size_t>(i)]; }

  // What guards did lately (agent/trainer_learn.cc writes it).
  void Skipped(const nets::PartInfo& part) const {
    std::vector<std::string> sizes;
    if (part.step_sizes != nullptr) sizes = part.step_sizes(readings.settings);
    int episodes = 0;
    for (int i = 0; i < Looked(); ++i) episodes += Scalar(Back(i), "guard." + part.id + "_skipped") > 0;
    if (episodes == 0 || sizes.empty()) return;
    std::string lower = "lower ";
    for (size_t i = 0; i < sizes.size(); ++i) lower += (i > 0 ? " or " : "") + sizes[i];
    found->push_back({part.id + ".skipped",
                      Format("Steps of %s that were not finite were skipped in %d of the last %d episodes (see the "
                             "log: problems).",
                             nets::WithArticle(part.title).c_str(), episodes, Looked()),
                      {lower}});
  }

  void Halved() const {
    std::string text;
    const auto& scalars = records.back()->scalars;
    for (const nets::PartInfo& part : parts.all()) {
      const std::string prefix = "guard." + part.id + ".";
      for (size_t i = 0; i < scalars.size(); ++i) {
        if (scalars.name(i).rfind(prefix, 0) != 0 || !std::isfinite(scalars.value(i))) continue;
        text += text.empty() ? "A guard went back and left a part of a step size:" : ",";
        text += Format(" %.3g of %s", scalars.value(i), scalars.name(i).substr(6).c_str());
      }
    }
    if (!text.empty()) found->push_back({"guard.shorter-steps", text + ". That stays so until it is set by hand.", {}});
  }

  void Restarted() const {
    int restarts = 0, unnamed = 0;
    for (int i = 0; i < Looked(); ++i) {
      const bool again = Scalar(Back(i), "guard.restarts") > 0;
      restarts += again;
      const bool named = again || Back(i).scalars.AnyBegins("guard.");
      unnamed += Back(i).guard_tripped && !named;  // recorded by an older version
    }
    if (restarts > 0) {
      found->push_back({"guard.restarts",
                        Format("The simulation diverged and its episode was started again in %d of the last %d "
                               "episodes (see the log: problems).",
                               restarts, Looked()),
                        {}});
    } else if (unnamed > 0) {
      found->push_back(
          {"guard.unnamed",
           Format("A guard acted in %d of the last %d episodes: the log says which (problems).", unnamed, Looked()),
           {}});
    }
  }
};

}  // namespace

Calibration JudgeCoverage(double coverage, int masks) {
  const double right = model::CalibratedCoverage(masks);
  if (coverage < kTooSureShare * right) return Calibration::kTooSure;
  return right > 0 && coverage > 1 - kUnsureShare * (1 - right) ? Calibration::kUnsure : Calibration::kRight;
}

Bias PredictionBias(const Records& records, eps::Pick policy) {
  Bias bias;
  const auto acted = [policy](const EpisodeSummary& r) {
    return r.decision.pick == policy && std::isfinite(r.predicted_mean) && std::isfinite(r.episode_return) &&
           std::isfinite(r.predicted_hi - r.predicted_lo);
  };
  const std::vector<double> gap =
      Newest(records, [&](const EpisodeSummary& r) { return acted(r) ? r.predicted_mean - r.episode_return : NAN; });
  bias.episodes = static_cast<int>(gap.size());
  bias.mean = Mean(gap, 0, gap.size());
  double square = 0;
  for (double g : gap) square += (g - bias.mean) * (g - bias.mean);
  bias.scatter = std::sqrt(square / static_cast<double>(gap.size()));
  bias.band_width =
      Recent(records, [&](const EpisodeSummary& r) { return acted(r) ? r.predicted_hi - r.predicted_lo : NAN; });
  return bias;
}

std::vector<Finding> Diagnose(const config::Settings& settings, const nets::PartList& parts, const Records& records,
                              const eps::Decision* newest, int outputs) {
  std::vector<Finding> found;
  const RecordReadings readings(settings, parts, records, outputs);
  const Case c{parts, records, readings, &found};
  c.NoAnswer(newest);
  if (records.empty()) return found;
  // Of what a part says that decides, the rest of it follows; of a model, what the check makes of it too.
  std::vector<Finding> further;
  bool unfit = false;
  for (const nets::PartInfo& part : parts.all()) {
    if (part.findings == nullptr) continue;
    std::vector<Finding> own = part.findings(readings);
    const bool decided = std::any_of(own.begin(), own.end(), [](const Finding& f) { return f.decides; });
    unfit = unfit || (decided && part.kind == nets::PartInfo::Kind::kModel);
    for (Finding& f : own)
      if (f.decides || !decided) (f.decides ? found : further).push_back(std::move(f));
  }
  for (const nets::PartInfo& part : parts.all()) c.Skipped(part);
  c.Halved();
  c.Restarted();
  if (!unfit) {
    c.LeavesData();
    for (const nets::PartInfo& part : parts.all())
      if (part.acts()) c.Misjudges(part);
    c.Uncalibrated();
  }
  std::move(further.begin(), further.end(), std::back_inserter(found));
  return found;
}

std::vector<Finding> NewFindings(const std::vector<Finding>& health, std::set<std::string>* said) {
  std::vector<Finding> news;
  std::set<std::string> now;
  for (const Finding& finding : health) {
    now.insert(finding.id);
    if (said->count(finding.id) == 0) news.push_back(finding);
  }
  *said = std::move(now);
  return news;
}

int ModelOutputs(const config::Settings& settings, const env::TaskInfo& task) {
  const int distractors =
      settings.distractors.active ? settings.distractors.groups * settings.distractors.sinusoids : 0;
  return task.observation_size + distractors + 1;
}

}  // namespace equipoise::run
