// What lies in a folder of runs.
#include "engine/browse/run_list.h"
#include "engine/run/new_run.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

using Listing = RunTest;

const RunSummary* Find(const std::vector<RunSummary>& runs, const std::string& folder) {
  const auto found = std::find_if(runs.begin(), runs.end(), [&](const RunSummary& r) { return r.folder == folder; });
  return found == runs.end() ? nullptr : &*found;
}

TEST_F(Listing, TellsEveryRunByStateTaskEpisodesAndReturns) {
  const auto end = Finish(MustCreate(TinySettings(), Path("finished")).get());
  auto going = MustCreate(TinySettings(), Path("going"));
  going->Start(true);
  std::filesystem::create_directories(Path("no-run"));
  std::filesystem::create_directories(Path("broken"));
  std::ofstream(Path("broken") + "/run.json") << "{";
  RunList list;
  const auto& runs = list.Refresh(root_.string());
  ASSERT_EQ(runs.size(), 3u);
  const RunSummary* finished = Find(runs, Path("finished"));
  ASSERT_NE(finished, nullptr);
  EXPECT_STREQ(finished->State(), "finished");
  EXPECT_EQ(finished->description.task, "cartpole");
  EXPECT_EQ(finished->episodes, 6);
  EXPECT_EQ(finished->total, 6);
  ASSERT_EQ(finished->returns.size(), 8u);
  EXPECT_DOUBLE_EQ(finished->returns.back(), end->episodes->back()->episode_return);
  EXPECT_DOUBLE_EQ(finished->LastMean(1), end->episodes->back()->episode_return);
  EXPECT_STREQ(Find(runs, Path("going"))->State(), "running");
  EXPECT_TRUE(std::isnan(Find(runs, Path("going"))->LastMean(10)));
  EXPECT_STREQ(Find(runs, Path("broken"))->State(), "unreadable");
  EXPECT_NE(Find(runs, Path("broken"))->problem.find("run.json"), std::string::npos);
  going.reset();
  EXPECT_STREQ(Find(list.Refresh(root_.string()), Path("going"))->State(), "stopped") << "noticed at the next look";
}

TEST_F(Listing, KnowsHowLongAResumedRunIsMeantToBe) {
  Finish(MustCreate(TinySettings(), Path("run")).get());
  auto opened = Engine::Open(Path("run"), 9);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  RunList list;
  EXPECT_EQ(list.Refresh(root_.string())[0].total, 6) << "until it really goes on";
  opened.value()->Start(true);
  ASSERT_TRUE(WaitFor(*opened.value(), [](const Snapshot& p) { return p.state == RunState::kPaused; }));
  opened.value()->Post(Step{Step::Unit::kEpisode});
  ASSERT_TRUE(WaitFor(*opened.value(), [](const Snapshot& p) { return p.episodes->back()->episode == 7; }));
  const RunSummary& run = list.Refresh(root_.string())[0];
  EXPECT_EQ(run.total, 9);
  EXPECT_EQ(run.episodes, 7);
}

TEST_F(Listing, ShowsARunWhoseProcessDiedAsCutOff) {
  Finish(MustCreate(TinySettings(), Path("run")).get());
  const std::string path = store::RunPaths(Path("run")).run_json;
  std::string text = ReadFile(path).value();
  text.replace(text.find("\"finished\""), 10, "\"running\"");
  ASSERT_TRUE(WriteFileAtomically(path, text).ok());
  RunList list;
  EXPECT_STREQ(list.Refresh(root_.string())[0].State(), "cut off");
}

TEST_F(Listing, FindsWhatARollBackLeftBehind) {
  auto engine = MustCreate(TinySettings(), Path("run"));
  engine->Start(true);
  for (size_t n = 1; n <= 4; ++n) {
    if (n == 3) engine->Post(ChangeSetting{"eps.masks", 7});
    engine->Post(Step{Step::Unit::kEpisode});
    ASSERT_TRUE(
        WaitFor(*engine, [n](const Snapshot& p) { return p.episodes->size() >= n && p.state == RunState::kPaused; }));
  }
  engine->Post(RollBack{"before-1"});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.episodes->size() == 2; }));
  engine.reset();
  RunList list;
  const auto& runs = list.Refresh(root_.string());
  ASSERT_EQ(runs.size(), 2u);
  const RunSummary* aside = Find(runs, Path("run") + "/rolled-back-1");
  ASSERT_NE(aside, nullptr);
  EXPECT_EQ(aside->episodes, 2);
  EXPECT_TRUE(Find(runs, Path("run"))->description.steered);
}

TEST_F(Listing, AnAbsentFolderHasNone) { EXPECT_TRUE(RunList().Refresh(Path("nowhere")).empty()); }

TEST_F(Listing, NamesAFolderThatIsFree) {
  config::Settings s = TinySettings();
  s.run.preset = "cpu";
  const std::string first = FreeRunFolder(root_.string(), s);
  EXPECT_EQ(first, Path("cartpole-unified-cpu-s7"));
  std::filesystem::create_directories(first);
  EXPECT_EQ(FreeRunFolder(root_.string(), s), first + "-2");
}

}  // namespace
}  // namespace equipoise::run
