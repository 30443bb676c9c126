#include "ui/panels/check_text.h"

#include <cmath>

#include "ui/plot/ticks.h"

namespace equipoise::ui {
namespace {

constexpr const char* kDot = " \xc2\xb7 ";
constexpr const char* kDelta = "\xce\x94";

CheckRow::Tone Favours(double delta) {
  if (!std::isfinite(delta)) return CheckRow::Tone::kBroken;
  return delta > 0 ? CheckRow::Tone::kModelBased : delta < 0 ? CheckRow::Tone::kModelFree : CheckRow::Tone::kPlain;
}

bool Partial(const eps::Decision& decision) { return decision.evaluated < decision.masks; }

// Differences get the decimals of their largest, so that the column can be compared; small ones their own, since none
// of them may read as zero.
struct Column {
  explicit Column(const eps::DecisionSummary& summary) {
    for (double v : {summary.mean, summary.least, summary.spread}) {
      if (std::isfinite(v)) size = std::max(size, std::fabs(v));
    }
  }
  int decimals() const { return size >= 1000 ? 0 : size >= 1 ? 1 : 2; }
  std::string Plain(double v) const { return size >= 0.1 ? Fixed(v, decimals()) : Brief(v); }
  std::string Signed(double v) const { return size >= 0.1 ? SignedFixed(v, decimals()) : SignedBrief(v); }
  double size = 0;
};

}  // namespace

std::vector<CheckRow> CheckRows(const eps::Decision& decision) {
  const eps::DecisionSummary s = eps::Summarise(decision);
  const Column column(s);
  const std::string evaluated = std::to_string(decision.evaluated);
  std::vector<CheckRow> rows;
  rows.push_back({"Masks agreeing", std::to_string(s.positive) + " / " + evaluated});
  if (Partial(decision)) rows.push_back({"Not evaluated", std::to_string(decision.masks - decision.evaluated)});
  if (s.not_finite > 0) rows.push_back({"Not finite", std::to_string(s.not_finite), CheckRow::Tone::kBroken});
  rows.push_back({std::string("Least ") + kDelta, column.Signed(s.least), Favours(s.least)});
  // The check stops at what refutes it: the masks it saw are no fair sample, and these two say so.
  const std::string censored = Partial(decision) ? ", censored" : "";
  rows.push_back({std::string("Mean ") + kDelta + censored, column.Signed(s.mean)});
  rows.push_back({Partial(decision) ? "Spread" + censored : "Spread over masks", column.Plain(s.spread)});
  rows.push_back({"Monte-Carlo error", column.Plain(s.monte_carlo_error)});
  rows.push_back({"J model-based, SAC", Brief(s.mean_return_mb) + ", " + Brief(s.mean_return_mf)});
  rows.push_back({"Within own error", std::to_string(s.within_own_error)});
  return rows;
}

std::string PartialNote(const eps::Decision& decision) {
  if (!Partial(decision)) return "";
  return decision.evaluated == 1 ? "numbers of the only evaluated mask"
                                 : "numbers of the " + std::to_string(decision.evaluated) + " evaluated masks";
}

std::string CheckHint(const eps::Decision& decision, bool compact) {
  std::string text = decision.episode > 0 ? "for episode " + std::to_string(decision.episode) : "before learning";
  if (!decision.checked) return text;
  if (compact) return text + kDot + "whisker: 1 standard error";
  const std::string masks = std::to_string(decision.masks);
  text += kDot + (Partial(decision) ? std::to_string(decision.evaluated) + " of " + masks + " masks evaluated"
                                    : masks + (decision.masks == 1 ? " mask" : " masks"));
  text += ", M = " + std::to_string(decision.rollouts);
  if (!decision.pairing.empty()) text += decision.pairing == "none" ? " rollouts each" : " paired rollouts";
  return text + kDot + "whisker: 1 standard error";
}

std::string NothingChecked(const run::Snapshot& snapshot, const eps::Decision* decision) {
  if (decision != nullptr) {
    switch (decision->reason) {
      case eps::Reason::kOnlyModelBased:
      case eps::Reason::kOnlyModelFree:
        return "With a single learner there is nothing to compare, so this agent has no check.";
      case eps::Reason::kRandom:
        return "Random episodes come first: both learners need experience to start from.";
      case eps::Reason::kNoModel:
        return "The check asks the model, and this one has never been fitted.";
      default:
        return "No mask was evaluated for this episode.";
    }
  }
  if (!snapshot.settings) return "The run has not started yet.";
  const config::Settings& settings = *snapshot.settings;
  if (settings.run.agent != "unified") {
    return std::string("This agent has no check: ") + (settings.run.agent == "sac" ? "SAC" : "model-based") +
           " acts in every episode.";
  }
  const int left = settings.run.random_episodes - snapshot.random_done;
  if (left > 0) {
    return "The first check comes after " + std::to_string(left) + " more random episode" + (left == 1 ? "" : "s") +
           " and the first training of both learners.";
  }
  return "The first check comes when both learners have been trained for episode " + std::to_string(snapshot.episode) +
         ".";
}

}  // namespace equipoise::ui
