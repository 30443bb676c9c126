// What the dropout LSTM is called, what it tells, and what can be wrong with it.
#include <cmath>

#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/model_info.h"
#include "engine/nets/part_info.h"

namespace equipoise::model {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;
using nets::Trouble;

constexpr double kAsleepShare = 0.05;
constexpr double kPriorMatters = 0.1;   // eta/N from which a lower eta can be of help
constexpr double kLargeStep = 0.01;     // step size above which a model that learns nothing is not too slow
constexpr double kFarWorse = 2;         // times what guessing costs
constexpr double kStrongDropout = 0.3;  // noise enough to be the reason
constexpr double kOverfitShare = 0.25;  // of what guessing costs: NLL on unseen episodes above that of the fit
constexpr double kClippedShare = 0.9;   // of the gradient steps
constexpr double kLargeNorm = 20;       // times the limit

// What findings are judged by: whether it still learns, and what can still be tried.
struct Case {
  explicit Case(const Readings& readings)
      : r(readings),
        s(readings.settings),
        lstm(s.Of<DropoutLstmSettings>()),
        learns(lstm.steps > 0 && lstm.lr > 0),
        prior_share(lstm.eta / static_cast<double>(r.trajectories)),
        guessing(GuessingNll(r)),
        by_heart(r.comparable && r.unseen_minus_fit > kOverfitShare * guessing) {}

  nets::Remedy wait() const { return {r.goes_on && learns, "wait for data"}; }
  nets::Remedy more_steps() const { return {learns && !by_heart, "raise model.steps"}; }
  nets::Remedy thaw() const {
    return {!learns, lstm.steps == 0 ? "let the model learn again (model.steps)" : "set model.lr above 0"};
  }
  nets::Remedy lower_prior() const {
    return {learns && prior_share >= kPriorMatters, Format("lower model.eta (eta/N = %.3g)", prior_share)};
  }
  nets::Remedy raise_prior() const { return {learns && by_heart, "raise model.eta"}; }
  nets::Remedy more_dropout() const {
    return {lstm.dropout < config::FindSpec("model.dropout")->highest, "raise model.dropout"};
  }
  nets::Remedy less_dropout() const { return {lstm.dropout > 0, "lower model.dropout"}; }

  const Readings& r;
  const config::Settings& s;
  const DropoutLstmSettings& lstm;
  bool learns;
  double prior_share;
  double guessing;  // NLL of the data's mean and spread
  bool by_heart;
};

void FindUnfit(const Case& c, std::vector<Finding>* found) {
  if (!std::isfinite(c.r.Last("model.eta_over_n")) || !c.learns) return;
  // As it will weigh in the next fit: a setting that was changed is judged at once.
  if (c.prior_share >= 1.0) {
    const int awake = static_cast<int>(std::floor(c.lstm.eta)) + 2 - c.s.run.random_episodes;
    found->push_back({"model.asleep",
                      Format("The model sleeps: its prior outweighs %d trajectories (eta/N = %.3g).", c.r.trajectories,
                             c.prior_share),
                      Helping({{true, Format("lower model.eta below %d", c.r.trajectories)},
                               {awake <= c.s.run.episodes, Format("wait for episode %d", awake)}}),
                      true});
    return;
  }
  const double nll = c.r.Last("model.train_nll");
  if (!c.r.comparable || !std::isfinite(nll)) return;
  // One fit's number scatters by a tenth: the window's median decides, unless the newest says clearly otherwise.
  const double median = c.r.Median("model.train_nll"), usual = std::isfinite(median) ? median : nll;
  if (usual < (1 - kAsleepShare) * c.guessing || nll < (1 - 2 * kAsleepShare) * c.guessing) return;
  const bool large = c.lstm.lr > kLargeStep;
  const std::string numbers = Format("its NLL is %.3g a step, guessing the data's mean gives %.3g", nll, c.guessing);
  if (c.r.TrendOf("model.train_nll") == Trend::kFalling && !large) {
    found->push_back({"model.hardly-begun",
                      "The model has hardly begun to learn: " + numbers + ". It is getting better.",
                      Helping({c.wait(), c.more_steps(), c.lower_prior()}), true});
  } else if (large || usual > kFarWorse * c.guessing) {
    // A model that starts from nothing predicts about the mean's worth: what is far worse is not slow.
    found->push_back({"model.unsettled", "The model does not settle: " + numbers + ".",
                      Helping({{true, Format("lower model.lr (%.3g)", c.lstm.lr)},
                               {c.lstm.dropout >= kStrongDropout, "lower model.dropout"}}),
                      true});
  } else {
    found->push_back({"model.learned-nothing", "The model has learned next to nothing: " + numbers + ".",
                      Helping({c.more_steps(), {2 * c.lstm.lr <= kLargeStep, "raise model.lr"}, c.lower_prior()}),
                      true});
  }
}

// Clipping alone is normal (Adam undoes a common factor), so the loss must say so too.
void FindExploding(const Case& c, std::vector<Finding>* found) {
  const double share = c.r.Mean("model.clipped_share"), norm = c.r.Mean("model.gradient_norm"), limit = c.lstm.clip;
  if (!c.learns || !(limit > 0 && share >= kClippedShare && norm >= kLargeNorm * limit)) return;
  if (c.r.TrendOf("model.train_nll") != Trend::kRising) return;
  found->push_back({"model.exploding",
                    Format("Gradients of the model are clipped in %.0f %% of the steps, from a norm of %.3g to %.3g, "
                           "and its loss rises.",
                           100 * share, norm, limit),
                    {"lower model.lr"}});
}

std::vector<Finding> Findings(const Readings& readings) {
  const Case c(readings);
  std::vector<Finding> found;
  FindUnfit(c, &found);
  FindExploding(c, &found);
  return found;
}

std::vector<std::string> Remedies(const Readings& readings, Trouble trouble) {
  const Case c(readings);
  switch (trouble) {
    case Trouble::kLeavesData:
      return Helping({c.wait(), c.thaw()});
    case Trouble::kOverratesOwn:
      return Helping({c.thaw(), c.more_steps(), c.more_dropout(), c.raise_prior(), c.wait()});
    case Trouble::kOverrates:
    case Trouble::kUnderrates:
      return Helping({c.thaw(), c.more_steps(), c.raise_prior(), c.wait()});
    case Trouble::kTooSure:
      return Helping({c.more_dropout(), c.raise_prior(), c.thaw()});
    case Trouble::kUnsure:
      return Helping({c.thaw(), c.more_steps(), c.less_dropout(), c.lower_prior(), c.wait()});
    case Trouble::kGivesNoAnswer:
      return Helping({{c.learns, "lower model.lr"}});
  }
  return {};
}

std::vector<std::string> StepSizes(const config::Settings& s) {
  const DropoutLstmSettings& lstm = s.Of<DropoutLstmSettings>();
  return lstm.steps > 0 && lstm.lr > 0 ? std::vector<std::string>{"model.lr"} : std::vector<std::string>{};
}

nets::PartInfo Info() {
  nets::PartInfo info = LearnedModelInfo("model");
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"model.train_nll", "model.gradient_norm", "model.clipped_share", "model.prior", "model.eta_over_n"};
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"model.eta", "\xce\xb7, weight prior", nets::Dial::kOften},
            {"model.dropout", "Dropout", nets::Dial::kOften},
            {"model.steps", "Model fit", nets::Dial::kWork}};
  };
  info.new_model = NewDropoutLstm;
  info.step_sizes = StepSizes;
  info.freezes = "model.steps";
  info.belief = "mask";
  info.blurs = "model.dropout";
  info.findings = Findings;
  info.remedies = Remedies;
  return info;
}

}  // namespace

const nets::PartInfo& DropoutLstmInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::model
