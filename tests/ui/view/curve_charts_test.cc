// A chart that can be chosen has something to show once there are episodes to which it applies.
#include "ui/view/curve_charts.h"

#include "engine/agent/recipes.h"
#include "engine/config/settings.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::ui {
namespace {

class OfferedCharts : public run::RunTest {};

TEST_F(OfferedCharts, HaveNumbersOnceTheAgentHasActed) {
  for (const char* agent : {"unified", "mbrl", "hybrid", "hybrid-d"}) {
    const config::Settings tiny = run::TinySettings();
    config::Settings s = tiny;
    if (std::string(agent).rfind("hybrid", 0) == 0) {
      s = config::DefaultsOf(agent);
      s.run = tiny.run;
      s.env = tiny.env;
      s.log = tiny.log;
      const std::pair<const char*, config::Value> few[] = {
          {"sac.hidden", 12}, {"sac.batch", 16}, {"sac.updates_per_step", 0.5}, {"mlp.hidden", 12},
          {"mlp.steps", 6},   {"mpc.knots", 3},  {"mix.candidates", 5}};
      for (const auto& [key, value] : few) test::Put(&s, key, value);
    } else {
      test::Put(&s, "mb.mode", "dreamer");  // which has a value network
    }
    s.run.agent = agent;
    s.run.episodes = 8;
    s.log.shadow_every = 1;
    const auto end = Finish(MustCreate(s, Path(agent)).get());
    const nets::PartList parts = agent::PartsOf(s);
    for (const ChartTable& table : ChartTables(parts)) {
      if (!Applies(table, parts)) continue;
      int numbers = 0;
      for (const SeriesSpec& series : table.series)
        for (const auto& episode : *end->episodes) numbers += ValueOf(series, *episode).has_value();
      EXPECT_GT(numbers, 0) << agent << " offers \"" << table.title << "\", which stays empty";
    }
  }
}

}  // namespace
}  // namespace equipoise::ui
