// What TD3 and DDPG are called, what they tell, and what can be wrong with them.
#include <cmath>

#include "engine/learn/expanded/looking_ahead.h"
#include "engine/learn/td3.h"

namespace equipoise::learn {
namespace {

using nets::Finding;
using nets::Format;
using nets::Helping;
using nets::Readings;
using nets::Trend;

constexpr double kSaturated = 0.9;  // of the actions: an actor learns little where tanh is flat
constexpr double kApart = 1.0;      // of the size of Q: the critics say nothing about each other

struct Td3Names {
  static constexpr const char *kId = "td3", *kTitle = "TD3";
};
struct DdpgNames {
  static constexpr const char *kId = "ddpg", *kTitle = "DDPG";
};

template <class Names>
std::string Named(const char* what) {
  return std::string(Names::kId) + "." + what;
}

template <class Names>
std::vector<Finding> Findings(const Readings& r) {
  const auto named = [](const char* what) { return Named<Names>(what); };
  const Td3Settings& s = r.settings.Of<Td3Settings>(Names::kId);
  if (s.updates_per_step <= 0) return {};
  std::vector<Finding> found;
  if (const double saturated = r.Mean(named("saturated")); saturated >= kSaturated)
    found.push_back(
        {named("saturated"),
         Format("%.0f %% of %s's actions lie at their bounds, where tanh is flat and the actor hardly learns.",
                100 * saturated, Names::kTitle),
         Helping({{s.pretanh_penalty <= 0, "set " + named("pretanh_penalty") + " to 0.001"},
                  {s.pretanh_penalty > 0, "raise " + named("pretanh_penalty")},
                  {s.actor_lr > 0, "lower " + named("actor_lr")}})});
  const double q = r.Mean(named("q")), best = r.Mean(named("best_return"));
  if (q > best + std::fabs(best))
    found.push_back(
        {named("overestimates"),
         Format("%s values its own actions at %.3g on average, and the best that was ever recorded is worth "
                "%.3g: its critic overestimates them.",
                Names::kTitle, q, best),
         Helping({{s.critic_lr > 0, "lower " + named("critic_lr")},
                  {s.tau > 0, "lower " + named("tau")},
                  {s.target_noise <= 0, "raise " + named("target_noise")}})});
  const double apart = r.Mean(named("critics_apart")), size = std::fabs(r.Mean(named("data_q")));
  if (s.critics > 1 && apart > kApart * size && r.TrendOf(named("critics_apart")) != Trend::kFalling)
    found.push_back({named("critics-apart"),
                     Format("%s's critics differ by %.3g where they say %.3g: they have not learned enough.",
                            Names::kTitle, apart, size),
                     {"raise " + named("updates_per_step")}});
  return found;
}

template <class Names>
std::vector<nets::PartChart> Charts() {
  const auto named = [](const char* what) { return Named<Names>(what); };
  const std::string name = Names::kTitle;
  return {{"saturated",
           "Actions at their bounds",
           "share",
           "Of " + name + "'s own actions, where tanh is flat and the actor hardly learns.",
           {{named("saturated"),
             "beyond tanh(\xc2\xb1"
             "3)"}},
           nets::PartChart::kShare},
          {"apart",
           "Critics apart",
           "discounted raw reward",
           "How far the critics are from each other where they train: far means that they have not learned enough.",
           {{named("critics_apart"), "mean"}},
           nets::PartChart::kLogarithmic}};
}

template <class Names>
nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = Names::kId;
  info.title = info.name = info.short_name = Names::kTitle;
  info.unit = "update";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings* s) -> std::vector<std::string> {
    std::vector<std::string> names;
    for (const char* what :
         {"actor_gradient_norm", "actor_steps", "best_return", "critic_gradient_norm", "critic_loss", "data_q", "max_q",
          "monte_carlo", "monte_carlo_tail", "q", "q_acted", "q_minus_return", "saturated"})
      names.push_back(Named<Names>(what));
    if (s == nullptr || s->Of<Td3Settings>(Names::kId).critics > 1) names.push_back(Named<Names>("critics_apart"));
    return names;
  };
  info.new_policy = [](int64_t states, int64_t actions, const config::Settings& s) {
    return NewTd3Policy(Names::kId, states, actions, s);
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{Named<Names>("noise_sd"), std::string(Names::kTitle) + " noise", nets::Dial::kFirst},
            {Named<Names>("updates_per_step"), std::string(Names::kTitle) + " updates", nets::Dial::kWork}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (s.Of<Td3Settings>(Names::kId).updates_per_step <= 0) return {};
    return {Named<Names>("critic_lr"), Named<Names>("actor_lr")};
  };
  info.charts = Charts<Names>;
  info.findings = Findings<Names>;
  return info;
}

// The same, whose targets look ahead.
template <class Names>
nets::PartInfo Ahead() {
  nets::PartInfo ahead = Info<Names>();
  ahead.title = std::string(Names::kTitle) + " that looks ahead";
  ahead.scalars = [](const config::Settings* s) {
    std::vector<std::string> names = Info<Names>().scalars(s);
    AddScalarsAhead(Names::kId, s, &names);
    return names;
  };
  ahead.charts = [] {
    std::vector<nets::PartChart> charts = Charts<Names>();
    AddChartsAhead(Names::kId, &charts);
    return charts;
  };
  ahead.findings = [](const Readings& r) {
    std::vector<Finding> found = Findings<Names>(r);
    AddFindingsAhead(Names::kId, r, &found);
    return found;
  };
  ahead.dials = [](const config::Settings& s) {
    std::vector<nets::Dial> dials = Info<Names>().dials(s);
    AddDialsAhead(&dials);
    return dials;
  };
  return ahead;
}

}  // namespace

const nets::PartInfo& ExpandedTd3Info() {
  static const nets::PartInfo info = Ahead<Td3Names>();
  return info;
}
const nets::PartInfo& ExpandedDdpgInfo() {
  static const nets::PartInfo info = Ahead<DdpgNames>();
  return info;
}
const nets::PartInfo& Td3Info() {
  static const nets::PartInfo info = Info<Td3Names>();
  return info;
}
const nets::PartInfo& DdpgInfo() {
  static const nets::PartInfo info = Info<DdpgNames>();
  return info;
}

}  // namespace equipoise::learn
