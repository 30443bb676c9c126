#include "engine/plan/cem.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/config/section.h"

namespace equipoise::plan {
namespace {

constexpr double kCut = 2.0;  // standard deviations

Status Relations(const CemSettings& s, const config::Settings&) {
  if (s.elites > s.candidates)
    return Error{"cem.elites = " + config::ToText(s.elites) +
                 " is above cem.candidates = " + config::ToText(s.candidates)};
  return {};
}

}  // namespace

config::Section CemSection() {
  using S = CemSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "cross-entropy method",
      {
          {EQ_FIELD(candidates), 1, 1000000, "sequences", kEpisode, "sequences drawn in each round"},
          {EQ_FIELD(elites), 1, 1000000, "sequences", kEpisode,
           "the best of them, which the next round is drawn around"},
          {EQ_FIELD(iterations), 1, 1000, "rounds", kEpisode, "rounds of candidates for one plan, at most"},
          {EQ_FIELD(alpha), 0.0, 1.0, "", kEpisode, "share that stays of mean and variance of the round before"},
          {EQ_FIELD(sd), 0.001, 10.0, "", kEpisode, "standard deviation of the first round"},
          {EQ_FIELD(sd_floor), 0.0, 10.0, "", kEpisode, "no round is drawn with less than this"},
          {EQ_FIELD(stop_variance), 0.0, 1.0, "", kEpisode,
           "no further round when no variance is above this; 0: all rounds are made"},
          {EQ_FIELD(box),
           {"shrink", "clamp"},
           kEpisode,
           "how candidates stay within [-1, 1]: a spread that shrinks towards the ends and is cut off at two standard "
           "deviations, or numbers that are clamped"},
          {EQ_FIELD(act),
           {"mean", "best"},
           kEpisode,
           "what is acted: the mean of the last round, or the best candidate"},
          {EQ_FIELD(keep_best), kEpisode,
           "the best sequence so far, at first the last plan shifted, is a candidate of every round"},
      },
      Relations);
}

std::vector<float> CemProposal::Sample(int64_t count, bool shrink, Stream* stream) const {
  const size_t width = mean.size();
  std::vector<float> out(static_cast<size_t>(count) * width);
  stream->Normal(out.data(), out.size());
  for (size_t j = 0; j < width; ++j) {
    double sd = std::sqrt(variance[j]);
    if (shrink) sd = std::max(0.0, std::min({sd, (mean[j] + 1) / kCut, (1 - mean[j]) / kCut}));
    for (size_t i = j; i < out.size(); i += width) {
      double x = out[i];
      while (shrink && std::fabs(x) > kCut) x = stream->Normal();
      out[i] = std::clamp(static_cast<float>(mean[j] + sd * x), -1.0f, 1.0f);
    }
  }
  return out;
}

void CemProposal::Refit(const std::vector<float>& candidates, const std::vector<int64_t>& elites, double alpha,
                        double floor) {
  const size_t width = mean.size();
  const auto n = static_cast<double>(elites.size());
  for (size_t j = 0; j < width; ++j) {
    const auto at = [&](int64_t e) { return static_cast<double>(candidates[static_cast<size_t>(e) * width + j]); };
    double sum = 0, square = 0;
    for (int64_t e : elites) sum += at(e);
    const double m = sum / n;
    for (int64_t e : elites) square += (at(e) - m) * (at(e) - m);
    mean[j] = alpha * mean[j] + (1 - alpha) * m;
    variance[j] = std::max(alpha * variance[j] + (1 - alpha) * square / n, floor * floor);
  }
}

double CemProposal::width() const {
  double sum = 0;
  for (double v : variance) sum += std::sqrt(v);
  return sum / static_cast<double>(variance.size());
}

const std::string& Cem::id() const {
  static const std::string id = CemSettings::kSection;
  return id;
}

void Cem::Begin(const config::Settings& settings) {
  settings_ = settings.Of<CemSettings>();
  Forget();
}

Plan Cem::Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) {
  const CemSettings& s = settings_;
  const PlanShape& shape = problem->shape();
  const auto width = static_cast<size_t>(shape.size());
  const bool warm = !last_.empty();
  std::vector<float> best = Shifted(last_, draws.step - last_step_, shape, Behind::kZero);
  CemProposal proposal{{best.begin(), best.end()}, std::vector<double>(width, s.sd * s.sd)};
  double best_score = -std::numeric_limits<double>::infinity();
  bool known = warm;  // there is a best one to be kept
  for (int round = 0; round < s.iterations; ++round) {
    if (round > 0 && *std::max_element(proposal.variance.begin(), proposal.variance.end()) < s.stop_variance) break;
    Stream stream = draws.NewStream("cem.sample", round);
    std::vector<float> candidates = proposal.Sample(s.candidates, s.box == "shrink", &stream);
    if (s.keep_best && known) std::copy(best.begin(), best.end(), candidates.begin());
    const std::vector<double> scores = problem->Score(candidates);
    std::vector<int64_t> elites = Ranked(scores);
    const double top = scores[static_cast<size_t>(elites.front())];
    if (!std::isfinite(top)) {
      AddRound(scores, trace);
      break;
    }
    if (top > best_score) {
      best_score = top;
      std::copy_n(candidates.begin() + elites.front() * shape.size(), width, best.begin());
      known = true;
    }
    elites.resize(std::min(elites.size(), static_cast<size_t>(s.elites)));
    while (!std::isfinite(scores[static_cast<size_t>(elites.back())])) elites.pop_back();
    proposal.Refit(candidates, elites, s.alpha, s.sd_floor);
    AddRound(scores, trace);
    trace->rounds.back().width = proposal.width();
    std::vector<float> weights(scores.size(), 0.2f);
    for (int64_t e : elites) weights[static_cast<size_t>(e)] = 1.0f;
    ShowCandidates(scores, weights, trace);
  }
  if (!std::isfinite(best_score)) {
    Forget();
    return DoNothing(shape);
  }
  trace->numbers["cem.elite_spread"] = proposal.width();
  trace->numbers["cem.score_spread"] = trace->rounds.front().spread;
  if (s.act == "mean") std::copy(proposal.mean.begin(), proposal.mean.end(), best.begin());
  last_ = best;
  last_step_ = draws.step;
  return {std::move(best)};
}

}  // namespace equipoise::plan
