// What the table is called, what it tells, and what can be wrong with it.
#include "engine/learn/table/table_learner.h"
#include "engine/learn/table/table_settings.h"

namespace equipoise::learn {
namespace {

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "table";
  info.title = "action values";
  info.name = info.short_name = "Q";
  info.unit = "value";
  info.kind = nets::PartInfo::Kind::kModelFree;
  info.scalars = [](const config::Settings*) -> std::vector<std::string> {
    return {"table.error", "table.pairs_met", "table.planned_error"};
  };
  info.dials = [](const config::Settings&) -> std::vector<nets::Dial> {
    return {{"table.epsilon", "\xce\xb5", nets::Dial::kFirst}, {"table.planning", "planned values", nets::Dial::kWork}};
  };
  info.charts = []() -> std::vector<nets::PartChart> {
    return {{"error",
             "Error of values",
             "raw reward",
             "Of the table where it is changed, after real steps and in planning.",
             {{"table.error", "real"}, {"table.planned_error", "planned"}},
             nets::PartChart::kLogarithmic},
            {"met",
             "Pairs met",
             "of a cell and an action",
             "That were ever acted: planning knows no others.",
             {{"table.pairs_met", "pairs"}}}};
  };
  info.step_sizes = [](const config::Settings& s) -> std::vector<std::string> {
    if (s.Of<TableSettings>().alpha == 0) return {};
    return {"table.alpha"};
  };
  return info;
}

}  // namespace

const nets::PartInfo& TableInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

}  // namespace equipoise::learn
