// The policy that was not picked acts in the shadow of the other: what it earns is what it would have earned, and the
// run is the same without it.
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

using Shadow = RunTest;

struct Seen {
  std::vector<std::string> rest;               // the lines without what the shadow added
  std::vector<std::optional<double>> mb, sac;  // in its shadow
  std::vector<std::string> pick;
  std::vector<double> earned;
};

Seen Read(const std::vector<std::string>& lines) {
  Seen seen;
  for (const std::string& line : lines) {
    auto json = nlohmann::json::parse(line);
    const auto take = [&json](const char* name) {
      std::optional<double> value;
      if (json["scalars"].contains(name)) value = json["scalars"][name].get<double>();
      json["scalars"].erase(name);
      return value;
    };
    seen.mb.push_back(take("shadow.mb"));
    seen.sac.push_back(take("shadow.sac"));
    seen.pick.push_back(json["pick"].get<std::string>());
    seen.earned.push_back(json["episode_return"].get<double>());
    seen.rest.push_back(json.dump());
  }
  return seen;
}

TEST_F(Shadow, ChangesNothingOfARunAndIsSeenInOneEpisodeOfSoMany) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("none")).get());
  const Seen none = Read(Episodes(Path("none")));
  for (const int every : {1, 3}) {
    s.log.shadow_every = every;
    const std::string folder = Path("every-" + std::to_string(every));
    Finish(MustCreate(s, folder).get());
    const Seen seen = Read(Episodes(folder));
    EXPECT_EQ(seen.rest, none.rest);
    for (size_t i = 0; i < seen.pick.size(); ++i) {
      const int episode = static_cast<int>(i) - 1;  // two random ones before the first
      const bool due = episode >= 1 && episode % every == 0;
      EXPECT_EQ(seen.mb[i].has_value(), due && seen.pick[i] == "sac") << episode;
      EXPECT_EQ(seen.sac[i].has_value(), due && seen.pick[i] == "mb") << episode;
    }
  }
}

TEST_F(Shadow, EarnsWhatItsPolicyEarnsWhereItIsForcedToAct) {
  config::Settings s = TinySettings();
  s.run.episodes = 1;
  s.log.shadow_every = 1;
  int proved = 0;
  for (int seed = 0; seed < 30 && proved < 3; ++seed) {
    s.run.seed = seed;
    test::Put(&s, "eps.force_every", 10);
    const std::string name = std::to_string(seed);
    Finish(MustCreate(s, Path("free-" + name)).get());
    const Seen free = Read(Episodes(Path("free-" + name)));
    if (free.pick.back() != "mb") continue;
    ++proved;
    test::Put(&s, "eps.force_every", 1);
    Finish(MustCreate(s, Path("forced-" + name)).get());
    const Seen forced = Read(Episodes(Path("forced-" + name)));
    ASSERT_EQ(forced.pick.back(), "sac");
    EXPECT_EQ(free.sac.back(), forced.earned.back());
    EXPECT_EQ(forced.mb.back(), free.earned.back());
    EXPECT_NE(forced.earned.back(), free.earned.back());
  }
  EXPECT_GT(proved, 0) << "no seed proved the model-based policy: nothing was tested";
}

}  // namespace
}  // namespace equipoise::run
