// Comparing runs by a real mouse: found, sorted, ticked, drawn by name, their difference, and their numbers taken away.
#include "engine/sweep/manifest.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class CompareWindowTest : public WindowTest {
 protected:
  void Train(const fs::path& folder, const std::string& seed) {
    std::vector<std::string> command = {tests::Program(), "train", "--out", folder.string(), "--seed", seed};
    const std::vector<std::string> small = SmallBut({"run.episodes=12"});
    command.insert(command.end(), small.begin(), small.end());
    Process train(command, {}, folder_ / ("train-" + seed));
    ASSERT_EQ(train.Wait(), 0) << ReadText(folder_ / ("train-" + seed));
  }
};

TEST_F(CompareWindowTest, TickedRunsAreDrawnByNameAndTakenAway) {
  const fs::path elsewhere = folder_ / "elsewhere" / "twin";  // any folder
  fs::create_directories(elsewhere.parent_path());
  Train(folder_ / "other", "5");
  Train(elsewhere, "6");
  ASSERT_FALSE(HasFatalFailure());
  StartProgram(SmallBut({"run.episodes=10"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kFinished); })) << Output();
  Do("key Escape");
  Do("key F3");
  Click("runs.sort.mean");
  Click("runs.search");
  WaitForFrames();
  Do("type --delay 80 other");
  Do("key Return");
  Click("runs.tick." + (folder_ / "other").string());
  WaitForFrames();
  Click("runs.folder");
  WaitForFrames();
  Do("key ctrl+a");
  Do("type --delay 30 " + elsewhere.parent_path().string());
  Do("key Return");
  Click("runs.search");
  WaitForFrames();
  Do("key ctrl+a");
  Do("key BackSpace");
  Do("key Return");
  Click("runs.tick." + elsewhere.string());
  WaitForFrames();
  Do("key Escape");
  EXPECT_TRUE(WaitFor([this] { return Widget("curves.run.other", nullptr); })) << "not drawn by its name";
  EXPECT_TRUE(WaitFor([this] { return Widget("curves.run.twin", nullptr); })) << "a run of another folder";
  Click("curves.show");
  Click("curves.difference");
  WaitForFrames();
  Do("key Escape");
  Do("key s");
  Click("export.part.2");  // curves
  Click("export.all");
  ASSERT_TRUE(WaitFor([this] { return Exported("runs"); })) << "no table of all runs";
  std::string table;
  for (const fs::path& path : TakenAway())
    if (path.filename().string().rfind("runs", 0) == 0) table = ReadText(path);
  for (const char* name : {"\r\nrun,", "\r\nother,", "\r\ntwin,"})
    EXPECT_NE(table.find(name), std::string::npos) << name;
}

// The folder of a sweep: a curve for each of its runs, those that wait too; a click looks at one.
TEST_F(CompareWindowTest, ASweepIsAGridOfCurvesThatOpen) {
  const fs::path sweep = folder_ / "sweep", file = folder_ / "two.toml";
  std::ofstream(file) << "preset = 'cpu'\n[[runs]]\ntasks = ['cartpole']\nagents = ['unified']\nseeds = [5, 6]\n";
  const auto asked = sweep::ReadSweepFile(file.string());
  ASSERT_TRUE(asked.ok()) << asked.error().message;
  ASSERT_TRUE(sweep::Plan(asked.value(), sweep.string(), false).ok());
  Train(sweep / "runs" / "cartpole-unified-cpu-s5", "5");
  ASSERT_FALSE(HasFatalFailure());
  StartProgram(SmallBut({"run.episodes=100000"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kRunning); })) << Output();
  Do("key Escape");
  Do("key F3");
  Click("runs.view.1");
  Click("runs.folder");
  WaitForFrames();
  Do("key ctrl+a");
  Do("type --delay 30 " + sweep.string());
  Do("key Return");
  EXPECT_TRUE(WaitFor([this] { return Widget("runs.tile.cartpole.unified.6", nullptr); })) << "a run that waits";
  Click("runs.tile." + (sweep / "runs" / "cartpole-unified-cpu-s5").string());
  EXPECT_TRUE(WaitFor([this] { return Shows(run::RunState::kFinished); })) << "the run of the tile is not shown";
}

}  // namespace
}  // namespace equipoise::ui
