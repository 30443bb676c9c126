#include "engine/run/health.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <functional>

namespace equipoise::run {
namespace {

constexpr double kGaussianEntropy = 1.4189385332046727;  // 1/2 ln(2 pi e)
constexpr double kAsleepShare = 0.05;
constexpr double kLeavesData = 0.01;
constexpr double kTooSure = 0.5;
constexpr double kAlphaCollapsed = 1e-3;
constexpr double kClippedShare = 0.9;
constexpr double kModelNorm = 20, kPolicyNorm = 500;  // times the limit

std::string Format(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

struct Mean {
  int count = 0;
  double value = NAN;
};

// Over the newest kHealthWindow records for which `number` is finite; NaN when there are fewer than kHealthLeast.
Mean Recent(const Records& records, const std::function<double(const EpisodeRecord&)>& number) {
  Mean mean;
  double sum = 0;
  // Runs without such a number must not be searched to their first episode in every snapshot.
  size_t looked = 0;
  for (auto it = records.rbegin(); it != records.rend() && mean.count < kHealthWindow && looked < 20 * kHealthWindow;
       ++it, ++looked) {
    const double v = number(**it);
    if (!std::isfinite(v)) continue;
    sum += v;
    ++mean.count;
  }
  if (mean.count >= kHealthLeast) mean.value = sum / mean.count;
  return mean;
}

double Scalar(const EpisodeRecord& record, const char* name) {
  const auto at = record.scalars.find(name);
  return at != record.scalars.end() ? at->second : NAN;
}

Mean Recent(const Records& records, const char* scalar) {
  return Recent(records, [scalar](const EpisodeRecord& r) { return Scalar(r, scalar); });
}

std::string NoAnswer(const eps::Decision* newest) {
  if (newest == nullptr || !newest->checked) return "";
  const auto broken =
      std::count_if(newest->delta.begin(), newest->delta.end(), [](double d) { return !std::isfinite(d); });
  if (2 * broken <= static_cast<std::ptrdiff_t>(newest->delta.size())) return "";
  return "The model gives no finite return under most masks. Lower model.lr, or go back to a checkpoint.";
}

std::string Asleep(const config::Settings& s, const Records& records, int outputs) {
  const EpisodeRecord& last = *records.back();
  if (!std::isfinite(Scalar(last, "model.eta_over_n"))) return "";  // no model, or nothing fitted yet
  // As it will weigh in the next fit: a setting that was changed is judged at once.
  const double share = s.model.eta / static_cast<double>(records.size());
  if (share >= 1.0) {
    return Format(
        "The model sleeps: its prior outweighs %d trajectories (eta/N = %.3g). Lower model.eta below %d, or wait for "
        "episode %d.",
        static_cast<int>(records.size()), share, static_cast<int>(records.size()),
        static_cast<int>(std::floor(s.model.eta)) + 2 - s.run.random_episodes);
  }
  const double nll = Scalar(last, "model.train_nll"), blind = kGaussianEntropy * outputs;
  if (outputs <= 0 || !std::isfinite(nll) || nll < (1 - kAsleepShare) * blind) return "";
  return Format(
      "The model has learned next to nothing: its NLL is %.3g a step, guessing the data's mean gives %.3g. Raise "
      "model.steps or model.lr, or lower model.eta (eta/N = %.3g).",
      nll, blind, share);
}

std::string LeavesData(const Records& records) {
  const Mean clamped = Recent(
      records, [](const EpisodeRecord& r) { return r.decision.evaluated > 0 ? r.decision.clamped_fraction : NAN; });
  if (!(clamped.value >= kLeavesData)) return "";
  return Format(
      "Imagination leaves the data: %.2g %% of what the check imagined lies beyond anything seen, so its returns are "
      "guesses there. Give it more data, or lower mb.entropy_bonus or mb.steps so that the policy stays closer.",
      100 * clamped.value);
}

std::string Misjudges(const Records& records, eps::Pick policy) {
  const Bias bias = PredictionBias(records, policy);
  if (!(std::fabs(bias.mean) > bias.band_width)) return "";
  const char* who = policy == eps::Pick::kModelBased ? "the model-based policy" : "SAC";
  return Format(
      "The model %s %s by %.3g (predicted %s realised return, mean of its last %d episodes; the masks' band is %.3g "
      "wide). %s",
      bias.mean > 0 ? "overrates" : "underrates", who, std::fabs(bias.mean), "\xe2\x88\x92", bias.episodes,
      bias.band_width,
      policy == eps::Pick::kModelBased ? "Raise model.steps or model.dropout, or wait for data."
                                       : "Raise model.steps; the check compares against too "
                                         "rough a figure until then.");
}

std::string TooSure(const Records& records) {
  const Mean coverage = Recent(records, [](const EpisodeRecord& r) { return r.coverage; });
  if (!(coverage.value < kTooSure)) return "";
  return Format(
      "The masks are too sure of themselves: reality lies in their band in %.0f %% of the steps, 90 %% would be right. "
      "Raise model.dropout.",
      100 * coverage.value);
}

std::string AlphaCollapsed(const config::Settings& s, const Records& records) {
  const double alpha = Scalar(*records.back(), "sac.alpha");
  if (!s.sac.entropy_auto || !(alpha < kAlphaCollapsed)) return "";
  return Format(
      "SAC's alpha has collapsed to %.2g: entropy is worth nothing to it any more. Switch sac.entropy_auto off and set "
      "sac.entropy_bonus (0.05, say), or raise sac.target_entropy.",
      alpha);
}

std::string Clipped(const Records& records, const std::string& prefix, const char* who, double limit, double times,
                    const char* advice) {
  if (limit <= 0) return "";
  const Mean share = Recent(records, (prefix + ".clipped_share").c_str());
  const Mean norm = Recent(records, (prefix + ".gradient_norm").c_str());
  if (!(share.value >= kClippedShare) || !(norm.value >= times * limit)) return "";
  return Format("Gradients of %s are clipped in %.0f %% of the steps, from a norm of %.3g to %.3g. %s", who,
                100 * share.value, norm.value, limit, advice);
}

std::string Guarded(const Records& records) {
  int tripped = 0;
  const size_t look = std::min<size_t>(records.size(), kHealthWindow);
  for (size_t i = records.size() - look; i < records.size(); ++i) tripped += records[i]->guard_tripped;
  if (tripped == 0) return "";
  return Format(
      "Steps that were not finite were skipped in %d of the last %d episodes (see the log: problems). Lower that "
      "learner's lr.",
      tripped, static_cast<int>(look));
}

}  // namespace

Bias PredictionBias(const Records& records, eps::Pick policy) {
  Bias bias;
  const auto acted = [policy](const EpisodeRecord& r) {
    return r.decision.pick == policy && std::isfinite(r.predicted_mean) && std::isfinite(r.episode_return) &&
           std::isfinite(r.predicted_hi - r.predicted_lo);
  };
  const Mean gap =
      Recent(records, [&](const EpisodeRecord& r) { return acted(r) ? r.predicted_mean - r.episode_return : NAN; });
  const Mean width =
      Recent(records, [&](const EpisodeRecord& r) { return acted(r) ? r.predicted_hi - r.predicted_lo : NAN; });
  bias.episodes = gap.count;
  bias.mean = gap.value;
  bias.band_width = width.value;
  return bias;
}

std::vector<std::string> Diagnose(const config::Settings& s, const Records& records, const eps::Decision* newest,
                                  int outputs) {
  std::vector<std::string> sentences;
  const auto say = [&](std::string sentence) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  };
  say(NoAnswer(newest));
  if (records.empty()) return sentences;
  say(Asleep(s, records, outputs));
  say(Guarded(records));
  say(LeavesData(records));
  say(Misjudges(records, eps::Pick::kModelBased));
  say(Misjudges(records, eps::Pick::kModelFree));
  say(TooSure(records));
  say(AlphaCollapsed(s, records));
  say(Clipped(records, "model", "the model", s.model.clip, kModelNorm, "Lower model.lr."));
  say(Clipped(records, "mb", "the model-based policy", s.mb.clip, kPolicyNorm,
              s.mb.mode == "full" ? "Back-propagation through whole trajectories explodes here: shorten env.horizon or "
                                    "start a run with mb.mode = dreamer."
                                  : "Lower mb.lr."));
  return sentences;
}

std::vector<std::string> NewAilments(const std::vector<std::string>& health, std::set<std::string>* said) {
  std::vector<std::string> news;
  std::set<std::string> now;
  for (const std::string& sentence : health) {
    const std::string name = sentence.substr(0, sentence.find_first_of("0123456789"));
    now.insert(name);
    if (said->count(name) == 0) news.push_back(sentence);
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
