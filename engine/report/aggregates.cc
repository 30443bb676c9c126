#include "engine/report/aggregates.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "engine/base/quantile.h"
#include "engine/base/random.h"

namespace equipoise::report {
namespace {

double MeanOf(const std::vector<double>& values) {
  return values.empty() ? NAN : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> Pooled(const TaskScores& scores) {
  std::vector<double> all;
  for (const std::vector<double>& task : scores) all.insert(all.end(), task.begin(), task.end());
  return all;
}

std::vector<double> TaskMeans(const TaskScores& scores) {
  std::vector<double> means;
  for (const std::vector<double>& task : scores) means.push_back(MeanOf(task));
  return means;
}

bool Whole(const TaskScores& scores) {
  return !scores.empty() && std::none_of(scores.begin(), scores.end(), [](const auto& task) { return task.empty(); });
}

void Resample(const TaskScores& scores, const Draw& draw, TaskScores* out) {
  out->resize(scores.size());
  for (size_t task = 0; task < scores.size(); ++task) {
    const std::vector<double>& runs = scores[task];
    (*out)[task].resize(runs.size());
    for (double& value : (*out)[task]) value = runs[draw(runs.size())];
  }
}

Interval Between(double value, const std::vector<double>& resampled) {
  return {value, Quantile(resampled, 0.025), Quantile(resampled, 0.975)};
}

}  // namespace

double InterquartileMean(const TaskScores& scores) {
  std::vector<double> all = Pooled(scores);
  if (all.empty()) return NAN;
  std::sort(all.begin(), all.end());
  const auto cut = static_cast<std::ptrdiff_t>(all.size() / 4);
  return MeanOf({all.begin() + cut, all.end() - cut});
}

double MeanOfTasks(const TaskScores& scores) { return MeanOf(TaskMeans(scores)); }

double MedianOfTasks(const TaskScores& scores) { return Quantile(TaskMeans(scores), 0.5); }

double OptimalityGap(const TaskScores& scores, double target) {
  std::vector<double> all = Pooled(scores);
  for (double& value : all) value = std::min(value, target);
  return target - MeanOf(all);
}

double ProbabilityOfImprovement(const TaskScores& x, const TaskScores& y) {
  double sum = 0;
  for (size_t task = 0; task < x.size(); ++task) {
    std::vector<double> below = y[task];
    std::sort(below.begin(), below.end());
    double won = 0;
    for (const double score : x[task]) {
      const auto [first, last] = std::equal_range(below.begin(), below.end(), score);
      won += static_cast<double>(first - below.begin()) + 0.5 * static_cast<double>(last - first);
    }
    sum += won / static_cast<double>(x[task].size() * y[task].size());
  }
  return sum / static_cast<double>(x.size());
}

std::vector<double> PerformanceProfile(const TaskScores& scores, const std::vector<double>& tau) {
  std::vector<double> all = Pooled(scores), out;
  std::sort(all.begin(), all.end());
  for (const double at : tau) {
    const auto above = all.end() - std::upper_bound(all.begin(), all.end(), at);
    out.push_back(static_cast<double>(above) / static_cast<double>(all.size()));
  }
  return out;
}

Draw DrawFrom(uint64_t seed) {
  auto stream = std::make_shared<Stream>(seed, "report.bootstrap");
  return [stream](size_t n) { return static_cast<size_t>(stream->Below(static_cast<uint32_t>(n))); };
}

Interval Bootstrap(const TaskScores& scores, const std::function<double(const TaskScores&)>& statistic,
                   const Draw& draw, int resamples) {
  if (!Whole(scores)) return {};
  TaskScores drawn;
  std::vector<double> values;
  for (int i = 0; i < resamples; ++i) {
    Resample(scores, draw, &drawn);
    values.push_back(statistic(drawn));
  }
  return Between(statistic(scores), values);
}

Interval BootstrapOfTwo(const TaskScores& x, const TaskScores& y,
                        const std::function<double(const TaskScores&, const TaskScores&)>& statistic, const Draw& draw,
                        int resamples) {
  if (!Whole(x) || !Whole(y) || x.size() != y.size()) return {};
  TaskScores of_x, of_y;
  std::vector<double> values;
  for (int i = 0; i < resamples; ++i) {
    Resample(x, draw, &of_x);
    Resample(y, draw, &of_y);
    values.push_back(statistic(of_x, of_y));
  }
  return Between(statistic(x, y), values);
}

std::vector<Interval> BootstrapProfile(const TaskScores& scores, const std::vector<double>& tau, const Draw& draw,
                                       int resamples) {
  std::vector<Interval> out(tau.size());
  if (!Whole(scores)) return out;
  TaskScores drawn;
  std::vector<std::vector<double>> values(tau.size());
  for (int i = 0; i < resamples; ++i) {
    Resample(scores, draw, &drawn);
    const std::vector<double> profile = PerformanceProfile(drawn, tau);
    for (size_t k = 0; k < tau.size(); ++k) values[k].push_back(profile[k]);
  }
  const std::vector<double> own = PerformanceProfile(scores, tau);
  for (size_t k = 0; k < tau.size(); ++k) out[k] = Between(own[k], values[k]);
  return out;
}

}  // namespace equipoise::report
