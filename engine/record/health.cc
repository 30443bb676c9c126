#include "engine/record/health.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <utility>

#include "engine/model/diagnostics.h"

namespace equipoise::run {
namespace {

constexpr double kGaussianEntropy = 1.4189385332046727;  // 1/2 ln(2 pi e)
constexpr double kAsleepShare = 0.05;
constexpr double kPriorMatters = 0.1;   // eta/N from which a lower eta can be of help
constexpr double kLargeStep = 0.01;     // model.lr above which a model that learns nothing is not too slow
constexpr double kFarWorse = 2;         // times what guessing costs
constexpr double kStrongDropout = 0.3;  // noise enough to be the reason
constexpr double kOverfitShare = 0.25;  // of what guessing costs: NLL on unseen episodes above that of the fit
constexpr double kLeavesData = 0.01;
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

enum class Trend { kUnknown, kFalling, kFlat, kRising };

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

struct Option {
  bool holds;  // it can be done, and can help
  std::string text;
};

// " Raise model.steps, or wait for data." of those that hold; empty when none does.
std::string Try(std::initializer_list<Option> options) {
  std::vector<std::string> left;
  for (const Option& option : options)
    if (option.holds) left.push_back(option.text);
  if (left.empty()) return "";
  std::string text = left[0];
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  for (size_t i = 1; i < left.size(); ++i) text += (i + 1 < left.size() ? ", " : ", or ") + left[i];
  return " " + text + ".";
}

// What the sentences are judged by: what still learns, and what can still be tried.
struct Case {
  Case(const config::Settings& settings, const Records& all, int model_outputs)
      : s(settings), records(all), last(*all.back()), outputs(model_outputs) {
    model_learns = s.model.steps > 0 && s.model.lr > 0;
    policy_learns = s.mb.steps > 0 && s.mb.lr > 0;
    goes_on = last.episode < s.run.episodes;
    prior_share = s.model.eta / static_cast<double>(records.size());
    blind = kGaussianEntropy * outputs;
    // Its numbers are those of the observation that it had: distractors that came or went since change what they mean.
    comparable = outputs > 0 && std::isfinite(last.nll_distractors) == s.distractors.active;
    if (comparable && !s.distractors.active) {
      overfits = Recent(records, [](const EpisodeSummary& r) { return r.nll - Scalar(r, "model.train_nll"); }) >
                 kOverfitShare * blind;
    }
  }
  const config::Settings& s;
  const Records& records;
  const EpisodeSummary& last;
  int outputs;
  bool model_learns, policy_learns, goes_on, comparable, overfits = false;
  double prior_share, blind;

  Option wait() const { return {goes_on && model_learns, "wait for data"}; }
  Option more_steps() const { return {model_learns && !overfits, "raise model.steps"}; }
  Option thaw() const {
    return {!model_learns, s.model.steps == 0 ? "let the model learn again (model.steps)" : "set model.lr above 0"};
  }
  Option less_prior() const {
    return {model_learns && prior_share >= kPriorMatters, Format("lower model.eta (eta/N = %.3g)", prior_share)};
  }
  Option more_prior() const { return {model_learns && overfits, "raise model.eta"}; }
  Option more_dropout() const {
    return {s.model.dropout < config::FindSpec("model.dropout")->highest, "raise model.dropout"};
  }
  Option less_dropout() const { return {s.model.dropout > 0, "lower model.dropout"}; }
};

std::string NoAnswer(const config::Settings& s, const eps::Decision* newest) {
  if (newest == nullptr || !newest->checked) return "";
  const auto broken =
      std::count_if(newest->delta().begin(), newest->delta().end(), [](double d) { return !std::isfinite(d); });
  if (2 * broken <= static_cast<std::ptrdiff_t>(newest->delta().size())) return "";
  const bool learns = s.model.steps > 0 && s.model.lr > 0;
  return "The model gives no finite return under most masks." +
         Try({{learns, "lower model.lr"}, {true, "roll back to a checkpoint from before, where one was kept"}});
}

// A model that says no more than the data's mean, or less: what else is judged of it follows from that.
std::string Unfit(const Case& c) {
  if (!std::isfinite(Scalar(c.last, "model.eta_over_n")) || !c.model_learns) return "";
  const int trajectories = static_cast<int>(c.records.size());
  // As it will weigh in the next fit: a setting that was changed is judged at once.
  if (c.prior_share >= 1.0) {
    const int awake = static_cast<int>(std::floor(c.s.model.eta)) + 2 - c.s.run.random_episodes;
    return Format("The model sleeps: its prior outweighs %d trajectories (eta/N = %.3g).", trajectories,
                  c.prior_share) +
           Try({{true, Format("lower model.eta below %d", trajectories)},
                {awake <= c.s.run.episodes, Format("wait for episode %d", awake)}});
  }
  const double nll = Scalar(c.last, "model.train_nll");
  if (!c.comparable || !std::isfinite(nll)) return "";
  // One fit's number scatters by a tenth: the window's median decides, unless the newest says clearly otherwise.
  std::vector<double> fits = Newest(c.records, ScalarOf("model.train_nll"));
  const double usual = fits.empty() ? nll : model::Quantile(fits, 0.5);
  if (usual < (1 - kAsleepShare) * c.blind || nll < (1 - 2 * kAsleepShare) * c.blind) return "";
  const bool large = c.s.model.lr > kLargeStep;
  const std::string numbers = Format("its NLL is %.3g a step, guessing the data's mean gives %.3g", nll, c.blind);
  if (TrendOf(c.records, "model.train_nll") == Trend::kFalling && !large) {
    return "The model has hardly begun to learn: " + numbers + ". It is getting better." +
           Try({c.wait(), c.more_steps(), c.less_prior()});
  }
  // A model that starts from nothing predicts about the mean's worth: what is far worse is not slow.
  if (large || usual > kFarWorse * c.blind) {
    return "The model does not settle: " + numbers + "." +
           Try({{true, Format("lower model.lr (%.3g)", c.s.model.lr)},
                {c.s.model.dropout >= kStrongDropout, "lower model.dropout"}});
  }
  return "The model has learned next to nothing: " + numbers + "." +
         Try({c.more_steps(), {2 * c.s.model.lr <= kLargeStep, "raise model.lr"}, c.less_prior()});
}

std::string LeavesData(const Case& c) {
  const double clamped = Recent(
      c.records, [](const EpisodeSummary& r) { return r.decision.evaluated > 0 ? r.decision.clamped_fraction : NAN; });
  if (!(clamped >= kLeavesData)) return "";
  // The check imagines both policies; where it is not the model-based one, only data of SAC's help.
  const double own = Recent(c.records, ScalarOf("mb.clamped_fraction"));
  const bool by_policy = c.policy_learns && !(own < kLeavesData);
  return Format(
             "Imagination leaves the data: %.2g %% of what the masks imagined lies beyond anything seen, so its "
             "returns "
             "are guesses there.",
             100 * clamped) +
         Try({c.wait(),
              c.thaw(),
              {by_policy && !c.s.mb.entropy_auto && c.s.mb.entropy_bonus > 0, "lower mb.entropy_bonus"},
              {by_policy && c.s.mb.entropy_auto, "lower mb.target_entropy"},
              {by_policy && c.s.mb.steps > 1, "lower mb.steps so that the policy stays closer"}});
}

std::string Misjudges(const Case& c, const nets::PartInfo& part) {
  const Bias bias = PredictionBias(c.records, eps::Pick::Of(part.id));
  if (!(std::fabs(bias.mean) > bias.band_width)) return "";
  const bool over = bias.mean > 0, own = part.kind == nets::PartInfo::Kind::kModelBased;
  return Format(
             "The model %s %s by %.3g (predicted %s realised return, mean of its last %d episodes; the masks' band is "
             "%.3g wide).",
             over ? "overrates" : "underrates", nets::WithArticle(part.title).c_str(), std::fabs(bias.mean),
             "\xe2\x88\x92", bias.episodes, bias.band_width) +
         Try({c.thaw(),
              c.more_steps(),
              {own && over && c.more_dropout().holds, "raise model.dropout"},
              c.more_prior(),
              c.wait()});
}

std::string Uncalibrated(const Case& c) {
  const std::vector<double> values = Newest(c.records, [](const EpisodeSummary& r) { return r.coverage; });
  const double mean = Mean(values, 0, values.size()), right = model::CalibratedCoverage(c.s.log.holdout_masks);
  const std::string numbers =
      Format("reality lies in their band in %.0f %% of the steps, %.0f %% would be right", 100 * mean, 100 * right);
  switch (JudgeCoverage(mean, c.s.log.holdout_masks)) {
    case Calibration::kTooSure:
      return "The masks are too sure of themselves: " + numbers + "." +
             Try({c.more_dropout(), c.more_prior(), c.thaw()});
    case Calibration::kUnsure:
      if (values.size() < kHealthWindow) return "";
      return "The masks are less sure than they could be: " + numbers + ". The check then proves less." +
             Try({c.thaw(), c.more_steps(), c.less_dropout(), c.less_prior(), c.wait()});
    case Calibration::kRight:
      break;
  }
  return "";
}

std::string AlphaCollapsed(const Case& c) {
  const double alpha = Scalar(c.last, "sac.alpha");
  if (!c.s.sac.entropy_auto || c.s.sac.updates_per_step <= 0 || !(alpha < kAlphaCollapsed)) return "";
  return Format(
             "SAC's alpha has collapsed to %.2g: entropy is worth nothing to it any more. If it explores too little,",
             alpha) +
         " switch sac.entropy_auto off and set sac.entropy_bonus, or raise sac.target_entropy.";
}

bool Explodes(const Case& c, const std::string& prefix, double limit, double times, double* share, double* norm) {
  *share = Recent(c.records, ScalarOf(prefix + ".clipped_share"));
  *norm = Recent(c.records, ScalarOf(prefix + ".gradient_norm"));
  return limit > 0 && *share >= kClippedShare && *norm >= times * limit;
}
std::string Clipped(const char* who, double share, double norm, double limit) {
  return Format("Gradients of %s are clipped in %.0f %% of the steps, from a norm of %.3g to %.3g", who, 100 * share,
                norm, limit);
}

// Clipping alone is normal (Adam undoes a common factor), so the loss must say so too.
std::string ModelExplodes(const Case& c) {
  double share = 0, norm = 0;
  if (!c.model_learns || !Explodes(c, "model", c.s.model.clip, kModelNorm, &share, &norm)) return "";
  if (TrendOf(c.records, "model.train_nll") != Trend::kRising) return "";
  return Clipped("the model", share, norm, c.s.model.clip) + ", and its loss rises. Lower model.lr.";
}

std::string PolicyExplodes(const Case& c) {
  double share = 0, norm = 0;
  if (!c.policy_learns || !Explodes(c, "mb", c.s.mb.clip, kPolicyNorm, &share, &norm)) return "";
  if (TrendOf(c.records, "mb.imagined_return") == Trend::kRising) return "";
  const std::string what =
      Clipped("the model-based policy", share, norm, c.s.mb.clip) + ", and what it imagines to earn does not rise.";
  if (c.s.mb.mode == "full") {
    return what +
           " Back-propagation through whole trajectories explodes here: start a run with mb.mode = dreamer or a "
           "shorter env.horizon.";
  }
  return what + Try({{true, "lower mb.lr"}, {c.s.mb.value_lr > 0, "lower mb.value_lr"}});
}

// What guards did lately (trainer_learn.cc writes it), learner by learner.
std::string Skipped(const Case& c, const char* key, const char* who, bool learns, const char* sizes) {
  int episodes = 0;
  const size_t look = std::min<size_t>(c.records.size(), kHealthWindow);
  for (size_t i = c.records.size() - look; i < c.records.size(); ++i)
    episodes += Scalar(*c.records[i], std::string("guard.") + key + "_skipped") > 0;
  if (episodes == 0 || !learns) return "";
  return Format(
      "Steps of %s that were not finite were skipped in %d of the last %d episodes (see the log: problems). "
      "Lower %s.",
      who, episodes, static_cast<int>(look), sizes);
}

std::string Halved(const Case& c) {
  std::string text;
  for (const char* setting : {"model.lr", "mb.lr", "mb.value_lr", "sac.actor_lr", "sac.critic_lr"}) {
    const double share = Scalar(c.last, std::string("guard.") + setting);
    if (!std::isfinite(share)) continue;
    text += text.empty() ? "A guard went back and left a part of a step size:" : ",";
    text += Format(" %.3g of %s", share, setting);
  }
  return text.empty() ? "" : text + ". That stays so until it is set by hand.";
}

std::string Restarted(const Case& c) {
  int restarts = 0, unnamed = 0;
  const size_t look = std::min<size_t>(c.records.size(), kHealthWindow);
  for (size_t i = c.records.size() - look; i < c.records.size(); ++i) {
    const EpisodeSummary& r = *c.records[i];
    const bool again = Scalar(r, "guard.restarts") > 0;
    restarts += again;
    const bool named = again || r.scalars.AnyBegins("guard.");
    unnamed += r.guard_tripped && !named;  // recorded by an older version
  }
  if (restarts > 0) {
    return Format(
        "The simulation diverged and its episode was started again in %d of the last %d episodes (see the "
        "log: problems).",
        restarts, static_cast<int>(look));
  }
  if (unnamed == 0) return "";
  return Format("A guard acted in %d of the last %d episodes: the log says which (problems).", unnamed,
                static_cast<int>(look));
}

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
  bias.band_width =
      Recent(records, [&](const EpisodeSummary& r) { return acted(r) ? r.predicted_hi - r.predicted_lo : NAN; });
  return bias;
}

std::vector<std::string> Diagnose(const config::Settings& s, const nets::PartList& parts, const Records& records,
                                  const eps::Decision* newest, int outputs) {
  std::vector<std::string> sentences;
  const auto say = [&](std::string sentence) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  };
  say(NoAnswer(s, newest));
  if (records.empty()) return sentences;
  const Case c(s, records, outputs);
  const bool mb_learns = s.mb.steps > 0 && (s.mb.lr > 0 || s.mb.value_lr > 0), full = s.mb.mode == "full";
  const std::string unfit = Unfit(c);
  say(unfit);
  say(Skipped(c, "model", "the model fit", c.model_learns, "model.lr"));
  say(Skipped(c, "mb", "the model-based policy", mb_learns, full ? "mb.lr" : "mb.lr or mb.value_lr"));
  say(Skipped(c, "sac", "SAC", s.sac.updates_per_step > 0, "sac.critic_lr or sac.actor_lr"));
  say(Halved(c));
  say(Restarted(c));
  if (unfit.empty()) {  // of a model that predicts nothing the rest follows
    say(LeavesData(c));
    for (const nets::PartInfo& part : parts.all())
      if (part.acts()) say(Misjudges(c, part));
    say(Uncalibrated(c));
    say(ModelExplodes(c));
  }
  say(AlphaCollapsed(c));
  say(PolicyExplodes(c));
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
