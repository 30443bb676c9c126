#include "engine/learn/expanded/looking_ahead.h"

#include "engine/learn/expanded/value_expansion_settings.h"

namespace equipoise::learn {
namespace {

constexpr double kFurther = 10;  // times the squared error at recorded steps: what is imagined does not fit

}  // namespace

void AddScalarsAhead(const std::string& id, const config::Settings* settings, std::vector<std::string>* names) {
  const auto* looking = settings != nullptr ? &settings->Of<ValueExpansionSettings>() : nullptr;
  const bool blended = looking != nullptr && looking->targets == "blended";
  const auto add = [&](const char* what) { names->push_back(id + "." + what); };
  add("td_error_recorded");
  if (looking == nullptr || (!blended && looking->horizon > 0 && looking->all_steps)) {
    add("td_error_imagined");
    add("td_error_furthest");
  }
  if (looking == nullptr || (blended && looking->horizon > 0)) {
    add("steps_trusted");
    add("weight_of_none");
  }
}

void AddChartsAhead(const std::string& id, std::vector<nets::PartChart>* charts) {
  charts->push_back({"td-error",
                     "Error by look-ahead",
                     "raw reward squared",
                     "Squared error of the critics at recorded steps and at those imagined behind them.",
                     {{id + ".td_error_recorded", "recorded"},
                      {id + ".td_error_imagined", "imagined"},
                      {id + ".td_error_furthest", "furthest"}},
                     nets::PartChart::kLogarithmic});
  charts->push_back({"trusted",
                     "Steps trusted",
                     "steps",
                     "How far ahead STEVE's targets look on average, as far as models and critics agree.",
                     {{id + ".steps_trusted", "mean"}}});
}

void AddFindingsAhead(const std::string& id, const nets::Readings& r, std::vector<nets::Finding>* found) {
  const ValueExpansionSettings& s = r.settings.Of<ValueExpansionSettings>();
  if (s.horizon == 0 || !s.all_steps || s.targets == "blended") return;
  const double here = r.Mean(id + ".td_error_recorded"), there = r.Mean(id + ".td_error_furthest");
  if (there > kFurther * here && here > 0)
    found->push_back(
        {id + ".looks-too-far",
         nets::Format("The critics' squared error is %.3g at recorded steps and %.3g at imagined ones %d steps "
                      "further: the model leads them astray.",
                      here, there, s.horizon),
         nets::Helping({{true, "lower expansion.horizon"}, {true, "set expansion.all_steps to false"}})});
}

void AddDialsAhead(std::vector<nets::Dial>* dials) {
  dials->push_back({"expansion.horizon", "Look-ahead", nets::Dial::kOften});
}

}  // namespace equipoise::learn
