// The runs of one window: each goes on while another one is looked at.
#include "ui/window/open_runs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

// What happened to the engines of a test, by folder.
struct Engines {
  std::map<std::string, bool> alive;
  std::map<std::string, std::function<void()>> wake;
};

class FakeEngine : public run::Engine {
 public:
  FakeEngine(const std::string& folder, run::RunState state, Engines* engines) : folder_(folder), engines_(engines) {
    auto snapshot = std::make_shared<run::Snapshot>();
    auto info = std::make_shared<run::RunInfo>();
    info->directory = folder;
    snapshot->info = info;
    snapshot->state = state;
    snapshot->episode = 12;
    snapshot_ = snapshot;
    engines_->alive[folder] = true;
  }
  ~FakeEngine() override { engines_->alive[folder_] = false; }
  Status Change(const std::vector<run::ChangeSetting>&) override { return {}; }
  void Start(bool) override {}
  void Post(run::Command) override {}
  std::shared_ptr<const run::Snapshot> Latest() const override { return snapshot_; }
  void OnPublish(std::function<void()> callback) override { engines_->wake[folder_] = std::move(callback); }
  void Wait() override {}
  void Become(run::RunState state) { snapshot_->state = state; }
  void Refuse(const std::string& reason) { snapshot_->refused.push_back(reason); }

 private:
  std::string folder_;
  Engines* engines_;
  std::shared_ptr<run::Snapshot> snapshot_;
};

class OpenRunsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("equipoise-open-runs-" + std::to_string(::getpid()));
    for (const char* name : {"a", "b", "c"}) fs::create_directories(root_ / name);
  }
  void TearDown() override {
    runs_.Clear();
    fs::remove_all(root_);
  }
  std::string Folder(const std::string& name) const { return (root_ / name).string(); }
  FakeEngine* Add(const std::string& name, run::RunState state, bool watching) {
    OpenedRun opened;
    auto engine = std::make_unique<FakeEngine>(Folder(name), state, &engines_);
    FakeEngine* made = engine.get();
    opened.engine = std::move(engine);
    opened.watching = watching;
    runs_.LookAt(runs_.Add(std::move(opened)));
    return made;
  }
  bool Alive(const std::string& name) { return engines_.alive[Folder(name)]; }
  bool Wakes(const std::string& name) { return engines_.wake[Folder(name)] != nullptr; }

  fs::path root_;
  Engines engines_;
  OpenRuns runs_{[] {}};
};

TEST_F(OpenRunsTest, EveryRunGoesOnBesideTheOneThatIsLookedAt) {
  FakeEngine* training = Add("a", run::RunState::kRunning, false);
  Add("b", run::RunState::kFinished, true);
  Add("c", run::RunState::kRunning, false);
  EXPECT_TRUE(Alive("a") && Alive("b") && Alive("c"));
  EXPECT_EQ(runs_.looked()->Folder(), Folder("c"));
  EXPECT_TRUE(Wakes("c"));
  EXPECT_FALSE(Wakes("a") || Wakes("b")) << "frames for what nobody sees take time from it";
  UiState state;
  ShowRuns(&runs_, &state);
  ASSERT_EQ(state.window.runs.size(), 3u);
  EXPECT_EQ(state.window.runs[0].kind, RunTab::Kind::kTrains);
  EXPECT_EQ(state.window.runs[0].words.find("Trains: episode 12 of "), 0u);
  EXPECT_EQ(state.window.runs[1].kind, RunTab::Kind::kFinished);
  EXPECT_TRUE(state.window.runs[2].looked);
  EXPECT_EQ(state.window.shares.find("2 trainings, 4 threads on "), 0u) << state.window.shares;

  training->Become(run::RunState::kPaused);
  ShowRuns(&runs_, &state);
  EXPECT_EQ(state.window.runs[0].kind, RunTab::Kind::kPaused);
  EXPECT_EQ(state.window.shares, "") << "one that stands still takes nothing";

  runs_.LookAt(runs_.Find(Folder("a")));
  EXPECT_TRUE(Wakes("a"));
  EXPECT_FALSE(Wakes("c"));
}

TEST_F(OpenRunsTest, AClosedRunIsLetGoAndTheOneInItsPlaceIsLookedAt) {
  Add("a", run::RunState::kRunning, false);
  Add("b", run::RunState::kRunning, false);
  Add("c", run::RunState::kRunning, false);
  runs_.Close(runs_.Find(Folder("a")));
  EXPECT_FALSE(Alive("a"));
  EXPECT_EQ(runs_.looked()->Folder(), Folder("c")) << "the same one, wherever its tab is";
  runs_.Close(runs_.Find(Folder("c")));
  EXPECT_EQ(runs_.looked()->Folder(), Folder("b"));
  EXPECT_TRUE(Wakes("b"));
}

TEST_F(OpenRunsTest, AnEndThatNobodySawIsSaidOnce) {
  FakeEngine* training = Add("a", run::RunState::kRunning, false);
  Add("b", run::RunState::kRunning, false);
  training->Become(run::RunState::kFinished);
  UiState state;
  ShowRuns(&runs_, &state);
  EXPECT_EQ(state.message.text, "a has done its episodes.");
  state.message = {};
  ShowRuns(&runs_, &state);
  EXPECT_EQ(state.message.text, "");
}

TEST_F(OpenRunsTest, ARunThatIsOpenedAgainKeepsItsPictureAndItsTab) {
  Add("a", run::RunState::kFinished, false);
  Add("b", run::RunState::kRunning, false);
  runs_.LookAt(runs_.Find(Folder("a")));
  EXPECT_EQ(runs_.Latest()->episode, 12);
  runs_.Release(Folder("a"));
  EXPECT_FALSE(Alive("a"));
  ASSERT_NE(runs_.Latest(), nullptr);
  EXPECT_EQ(runs_.Latest()->episode, 12);
  Add("a", run::RunState::kRunning, false);
  EXPECT_EQ(runs_.all().size(), 2u);
  EXPECT_EQ(runs_.all()[0].Folder(), Folder("a"));
}

TEST_F(OpenRunsTest, ARefusalIsSaidOnceAndByItsOwnRun) {
  FakeEngine* training = Add("a", run::RunState::kRunning, false);
  training->Refuse("No change of sac.tau is pending.");
  runs_.Latest();
  EXPECT_EQ(runs_.looked()->NewRefusal(), "No change of sac.tau is pending.");
  EXPECT_EQ(runs_.looked()->NewRefusal(), "");
  Add("b", run::RunState::kFinished, true);
  runs_.Latest();
  EXPECT_EQ(runs_.looked()->NewRefusal(), "");
  runs_.LookAt(runs_.Find(Folder("a")));
  runs_.Latest();
  EXPECT_EQ(runs_.looked()->NewRefusal(), "") << "it was said before";
}

}  // namespace
}  // namespace equipoise::ui
