#include "engine/inspect/reevaluated_sentence.h"

#include "engine/config/settings.h"
#include "engine/eps/decision.h"
#include "engine/run/lives.h"

namespace equipoise::run {
namespace {

std::string Number(double v) { return config::ToText(config::Value(v)); }

// "31 of 50 masks favour model-based".
std::string Favour(const eps::Decision& decision, const std::string& masks, const nets::PartList& parts) {
  return std::to_string(eps::Summarise(decision).positive) + " of " + std::to_string(decision.evaluated) + masks +
         " favour " + NameOf(parts, decision.turned_on().challenger);
}

}  // namespace

std::string SentenceOf(const Reevaluated& r, const nets::PartList& parts) {
  const std::string which = "episode " + std::to_string(r.request.episode);
  if (r.logged.evaluated == 0)
    return "The check was not made for " + which + ". Made now: " + Favour(r.again, " " + parts.Beliefs(), parts) + ".";
  if (r.same_but_for_rounding)
    return "The same numbers but for rounding: " + std::to_string(r.differs.size()) + " of " + which +
           " differ by less than " + Number(100 * kRoundingShare) +
           " % of the returns, or than the standard error of their " + parts.Belief() +
           ". They were computed elsewhere (" + r.elsewhere + "), where bits may differ; first, " + r.differs.front() +
           ".";
  if (!r.same && !r.elsewhere.empty())
    return "Not the same numbers for " + which + ": " + std::to_string(r.differs.size()) +
           " differ, by more than rounding explains, though they were computed elsewhere (" + r.elsewhere +
           "); first, " + r.differs.front() + ".";
  if (!r.same)
    return "Not the same numbers for " + which + ": " + std::to_string(r.differs.size()) + " differ; first, " +
           r.differs.front() + ".";
  std::string text = "The same numbers: all " + std::to_string(r.logged.evaluated) + " " + parts.Beliefs() + " of " +
                     which + " came out again, to the bit.";
  if (r.again.evaluated > r.logged.evaluated)
    text += " The other " + std::to_string(r.again.evaluated - r.logged.evaluated) +
            " are new: " + Favour(r.again, "", parts) + ".";
  return text;
}

std::string SentenceOfPlans(const Reevaluated& r, int actions) {
  const std::string which = " of episode " + std::to_string(r.request.episode);
  if (r.same)
    return "Planned again: all " + std::to_string(actions) + " actions" + which + " came out again, to the bit.";
  const std::string elsewhere = r.elsewhere.empty()
                                    ? ""
                                    : "They were computed elsewhere (" + r.elsewhere +
                                          "), where rounding may tip the choice between two candidates; ";
  return "Not the same plans: " + std::to_string(r.differs.size()) + " of " + std::to_string(actions) + " actions" +
         which + " differ. " + elsewhere + (elsewhere.empty() ? "First, " : "first, ") + r.differs.front() + ".";
}

}  // namespace equipoise::run
