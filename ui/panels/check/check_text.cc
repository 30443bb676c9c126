#include "ui/panels/check/check_text.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/ticks.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr const char* kDot = " \xc2\xb7 ";
constexpr const char* kDash = "\xe2\x80\x93";
constexpr const char* kDelta = "\xce\x94";

CheckRow::Tone Favours(double delta) {
  if (!std::isfinite(delta)) return CheckRow::Tone::kBroken;
  return delta > 0 ? CheckRow::Tone::kChallenger : delta < 0 ? CheckRow::Tone::kPreferred : CheckRow::Tone::kPlain;
}

bool Partial(const eps::Decision& decision) { return decision.evaluated < decision.masks; }

// A summary that is no number had nothing to be derived from.
std::string Known(double value, const std::string& text) { return std::isnan(value) ? kDash : text; }

// Within a mask one rollout tells nothing of its error.
bool HasErrors(const eps::Decision& decision) { return decision.rollouts != 1; }

// Differences get the decimals of their largest, so that the column can be compared; small ones their own, since none
// of them may read as zero.
struct Column {
  explicit Column(const eps::DecisionSummary& summary) {
    for (double v : {summary.mean, summary.least, summary.spread}) {
      if (std::isfinite(v)) size = std::max(size, std::fabs(v));
    }
  }
  int decimals() const { return size >= 1000 ? 0 : size >= 1 ? 1 : 2; }
  std::string Plain(double v) const { return Known(v, size >= 0.1 ? Fixed(v, decimals()) : Brief(v)); }
  std::string Signed(double v) const { return Known(v, size >= 0.1 ? SignedFixed(v, decimals()) : SignedBrief(v)); }
  double size = 0;
};

std::string NoCheck(const nets::PartList& parts) {
  const std::vector<const nets::PartInfo*> learners = parts.Learners();
  return "This agent has no check" +
         (learners.size() == 1 ? ": " + learners.front()->name + " acts in every episode." : std::string("."));
}

// "Planning, imitation, fine-tuning: who acts goes by the phase of the run, so this agent has no check."
std::string Turns(const nets::PartList& parts) {
  std::string names;
  for (const nets::Phase& phase : parts.phases()) names += (names.empty() ? "" : ", ") + phase.name;
  return eps::Capitalised(names) + ": who acts goes by the phase of the run, so this agent has no check.";
}

// "J model-based, SAC": as the columns of the numbers.
std::string Names(const eps::DecisionSummary& s, const nets::PartList& parts) {
  std::string names = "J";
  for (auto r = s.mean_returns.rbegin(); r != s.mean_returns.rend(); ++r)
    names += (r == s.mean_returns.rbegin() ? " " : ", ") + eps::NameOf(parts, r->policy);
  return names;
}
std::string Returns(const eps::DecisionSummary& s) {
  std::string text;
  for (auto r = s.mean_returns.rbegin(); r != s.mean_returns.rend(); ++r)
    text += (text.empty() ? "" : ", ") + Known(r->mean, Brief(r->mean));
  return text;
}

// Of what they would teach the model, as it counts beside those returns.
std::string Bonuses(const eps::Decision& decision) {
  std::string text;
  for (const BonusBar& bar : BonusBars(decision))
    text += (text.empty() ? "" : ", ") + Known(bar.bonus, SignedBrief(bar.bonus));
  return text;
}

}  // namespace

std::vector<BonusBar> BonusBars(const eps::Decision& decision) {
  std::vector<BonusBar> bars;
  if (decision.bonus <= 0) return bars;
  const eps::DecisionSummary s = eps::Summarise(decision);
  for (auto p = decision.policies.rbegin(); p != decision.policies.rend(); ++p) {
    double sum = 0;
    int count = 0;
    for (const double nats : p->information) {
      if (!std::isfinite(nats)) continue;
      sum += decision.bonus * nats;
      ++count;
    }
    bars.push_back({p->policy, s.MeanReturnOf(p->policy), count > 0 ? sum / count : std::nan("")});
  }
  return bars;
}

std::vector<CheckRow> CheckRows(const eps::Decision& decision, const nets::PartList& parts) {
  const eps::DecisionSummary s = eps::Summarise(decision);
  const Column column(s);
  const std::string evaluated = std::to_string(decision.evaluated);
  std::vector<CheckRow> rows;
  rows.push_back({eps::Capitalised(parts.Beliefs()) + " agreeing", std::to_string(s.positive) + " / " + evaluated});
  if (Partial(decision)) rows.push_back({"Not evaluated", std::to_string(decision.masks - decision.evaluated)});
  if (s.not_finite > 0) rows.push_back({"Not finite", std::to_string(s.not_finite), CheckRow::Tone::kBroken});
  rows.push_back({std::string("Least ") + kDelta, column.Signed(s.least), Favours(s.least)});
  // The check stops at what refutes it: the masks it saw are no fair sample, and these two say so.
  const std::string censored = Partial(decision) ? ", censored" : "";
  rows.push_back({std::string("Mean ") + kDelta + censored, column.Signed(s.mean)});
  const bool single = decision.delta().size() == static_cast<size_t>(s.not_finite) + 1;
  rows.push_back({Partial(decision) ? "Spread" + censored : "Spread over " + parts.Beliefs(),
                  single ? "one " + parts.Belief() : column.Plain(s.spread)});
  rows.push_back({"Monte-Carlo error", HasErrors(decision) ? column.Plain(s.monte_carlo_error) : "unknown"});
  rows.push_back({Names(s, parts), Returns(s)});
  if (decision.bonus > 0) rows.push_back({"Bonus for learning", Bonuses(decision)});
  if (HasErrors(decision)) rows.push_back({"Within own error", std::to_string(s.within_own_error)});
  return rows;
}

std::string PartialNote(const eps::Decision& decision, const nets::PartList& parts) {
  if (!Partial(decision)) return "";
  return decision.evaluated == 1
             ? "numbers of the only evaluated " + parts.Belief()
             : "numbers of the " + std::to_string(decision.evaluated) + " evaluated " + parts.Beliefs();
}

std::string CheckHint(const eps::Decision& decision, const nets::PartList& parts, bool compact) {
  std::string text = decision.episode > 0 ? "for episode " + std::to_string(decision.episode) : "before learning";
  if (!decision.checked) return text;
  const std::string whisker = HasErrors(decision) ? "whisker: 1 standard error" : "one rollout: no error known";
  if (compact) return text + kDot + whisker;
  const std::string masks = std::to_string(decision.masks);
  text += kDot + (Partial(decision)
                      ? std::to_string(decision.evaluated) + " of " + masks + " " + parts.Beliefs() + " evaluated"
                      : masks + " " + (decision.masks == 1 ? parts.Belief() : parts.Beliefs()));
  text += ", M = " + std::to_string(decision.rollouts);
  if (!decision.mask_rollouts.empty()) {
    const int most = *std::max_element(decision.mask_rollouts.begin(), decision.mask_rollouts.end());
    if (most > decision.rollouts) text += " to " + std::to_string(most);
  }
  if (!decision.pairing.empty() && HasErrors(decision))
    text += decision.pairing == "none" ? " rollouts each" : " paired rollouts";
  return text + kDot + whisker;
}

std::string NothingChecked(const run::Snapshot& snapshot, const eps::Decision* decision) {
  const nets::PartList& parts = PartsOf(snapshot);
  if (decision != nullptr) {
    switch (decision->reason) {
      case eps::Reason::kAlone:
        if (!parts.phases().empty()) return Turns(parts);
        if (const nets::PartInfo* acted = parts.Find(decision->pick.id()); acted != nullptr && acted->plans)
          return "This agent plans what it does: it has no policy that a check could compare.";
        if (const nets::PartInfo* acted = parts.Find(decision->pick.id()); acted != nullptr && !acted->imaginable())
          return "What this agent does follows from more than the state: it can neither be imagined nor checked.";
        if (parts.learners() > 1) return "Who acts goes by the stage of the run, so this agent has no check.";
        return "With a single learner there is nothing to compare, so this agent has no check.";
      case eps::Reason::kRandom:
        if (!Compares(snapshot)) return "Random episodes come first, as experience to start from. " + NoCheck(parts);
        return "Random episodes come first: both learners need experience to start from.";
      case eps::Reason::kNoModel:
        if (!Compares(snapshot)) return "There is no model to plan in yet: it has never been fitted.";
        return "The check asks the model, and this one has never been fitted.";
      default:
        return decision->evaluated > 0 ? "The numbers of the " + parts.Beliefs() +
                                             " were in a line of episodes.jsonl that is gone or changed."
                                       : "No " + parts.Belief() + " was evaluated for this episode.";
    }
  }
  if (!snapshot.settings) return "The run has not started yet.";
  const config::Settings& settings = *snapshot.settings;
  if (!parts.phases().empty()) return Turns(parts);
  if (!Compares(snapshot)) return NoCheck(parts);
  const int left = settings.run.random_episodes - snapshot.random_done;
  if (left > 0) {
    return "The first check comes after " + std::to_string(left) + " more random episode" + (left == 1 ? "" : "s") +
           " and the first training of both learners.";
  }
  return "The first check comes when both learners have been trained for episode " + std::to_string(snapshot.episode) +
         ".";
}

}  // namespace equipoise::ui
