// The runs of one window: a training goes on while another run is looked at.
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
    runs_.Add(std::move(opened));
    return made;
  }
  bool Alive(const std::string& name) { return engines_.alive[Folder(name)]; }
  bool Wakes(const std::string& name) { return engines_.wake[Folder(name)] != nullptr; }

  fs::path root_;
  Engines engines_;
  OpenRuns runs_{[] {}};
};

TEST_F(OpenRunsTest, ATrainingGoesOnBesideWhatIsLookedAt) {
  FakeEngine* training = Add("a", run::RunState::kRunning, false);
  EXPECT_EQ(runs_.elsewhere(), nullptr);
  Add("b", run::RunState::kFinished, true);
  EXPECT_TRUE(Alive("a"));
  EXPECT_EQ(runs_.looked()->Folder(), Folder("b"));
  ASSERT_NE(runs_.elsewhere(), nullptr);
  EXPECT_EQ(runs_.elsewhere()->Folder(), Folder("a"));
  EXPECT_TRUE(Wakes("b"));
  EXPECT_FALSE(Wakes("a")) << "frames for what nobody sees take time from it";
  UiState state;
  ShowElsewhere(&runs_, &state);
  ASSERT_TRUE(state.window.elsewhere);
  EXPECT_EQ(state.window.elsewhere->words, "Training goes on: a, episode 12");
  EXPECT_EQ(state.window.elsewhere->folder, Folder("a"));

  Add("c", run::RunState::kFinished, true);
  EXPECT_TRUE(Alive("a"));
  EXPECT_FALSE(Alive("b")) << "one is looked at at a time";
  training->Become(run::RunState::kPaused);
  ShowElsewhere(&runs_, &state);
  EXPECT_EQ(state.window.elsewhere->words, "Training paused: a, episode 12");

  runs_.Back();
  EXPECT_TRUE(Alive("a"));
  EXPECT_FALSE(Alive("c"));
  EXPECT_EQ(runs_.looked()->Folder(), Folder("a"));
  EXPECT_TRUE(Wakes("a"));
  ShowElsewhere(&runs_, &state);
  EXPECT_FALSE(state.window.elsewhere);
}

TEST_F(OpenRunsTest, AnotherTrainingEndsTheFirst) {
  Add("a", run::RunState::kRunning, false);
  Add("b", run::RunState::kFinished, true);
  ASSERT_NE(runs_.training(), nullptr);
  EXPECT_EQ(runs_.training()->Folder(), Folder("a"));
  Add("c", run::RunState::kRunning, false);
  EXPECT_FALSE(Alive("a") || Alive("b"));
  EXPECT_EQ(runs_.training()->Folder(), Folder("c"));
  EXPECT_EQ(runs_.elsewhere(), nullptr);
}

TEST_F(OpenRunsTest, AnEndThatNobodySawIsKeptToBeSeen) {
  FakeEngine* training = Add("a", run::RunState::kRunning, false);
  Add("b", run::RunState::kFinished, true);
  training->Become(run::RunState::kFinished);
  EXPECT_EQ(runs_.training(), nullptr) << "nothing has to be asked any more";
  Add("c", run::RunState::kFinished, true);
  UiState state;
  ShowElsewhere(&runs_, &state);
  ASSERT_TRUE(state.window.elsewhere);
  EXPECT_EQ(state.window.elsewhere->words, "Training has finished: a");
  runs_.Back();
  Add("b", run::RunState::kFinished, true);
  EXPECT_FALSE(Alive("a")) << "it was seen";
}

TEST_F(OpenRunsTest, ARunThatIsOpenedAgainKeepsItsPictureMeanwhile) {
  Add("a", run::RunState::kFinished, false);
  EXPECT_EQ(runs_.Latest()->episode, 12);
  runs_.Release(Folder("a"));
  EXPECT_FALSE(Alive("a"));
  ASSERT_NE(runs_.Latest(), nullptr);
  EXPECT_EQ(runs_.Latest()->episode, 12);
  EXPECT_EQ(runs_.looked()->Folder(), Folder("a"));
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
  runs_.Back();
  runs_.Latest();
  EXPECT_EQ(runs_.looked()->NewRefusal(), "") << "it was said before";
}

}  // namespace
}  // namespace equipoise::ui
