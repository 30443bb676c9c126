// From what a person fills in to a run.
#include "ui/view/run_request.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/learn/model_based_settings.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

class ResolveTest : public ::testing::Test {
 protected:
  void SetUp() override { draft_.parent = folder_.path(); }
  fs::path InFolder(const char* name) const { return fs::path(folder_.path()) / name; }
  testing_support::TemporaryFolder folder_;
  NewRunDraft draft_;
};

TEST_F(ResolveTest, TakesThePresetOfTheTaskAndNamesAFolder) {
  draft_.task = "hopper";
  draft_.preset = "paper";
  draft_.agent = "mbrl";
  draft_.seed = "3";
  NewRun made = Resolve(draft_);
  EXPECT_FALSE(made.problems.any()) << made.problems.folder << made.problems.other;
  const config::Settings& s = made.request.settings;
  EXPECT_EQ(s.run.task, "hopper");
  EXPECT_EQ(s.run.agent, "mbrl");
  EXPECT_EQ(s.run.preset, "paper");
  EXPECT_EQ(s.run.seed, 3);
  EXPECT_EQ(s.Of<learn::ModelBasedSettings>().hidden, 1024) << "of the paper";
  EXPECT_EQ(made.request.folder, InFolder("hopper-mbrl-paper-s3"));
  draft_.episodes = "7";
  draft_.folder = InFolder("mine");
  made = Resolve(draft_);
  EXPECT_EQ(made.request.settings.run.episodes, 7);
  EXPECT_EQ(made.request.folder, InFolder("mine"));
}

TEST_F(ResolveTest, SaysWhatIsWrongAtItsFieldInPlainWordsAndKeepsTheOthers) {
  for (const char* seed : {"three", "", "-1", "3.5", "99999999999999999999"}) {
    draft_.seed = seed;
    draft_.episodes = "7";
    const NewRun made = Resolve(draft_);
    EXPECT_EQ(made.problems.seed, "A whole number from 0 to 2147483647.") << seed;
    EXPECT_EQ(made.problems.episodes + made.problems.folder + made.problems.other, "") << seed;
    EXPECT_EQ(made.request.settings.run.episodes, 7) << "the other fields hold";
    EXPECT_EQ(made.request.folder, InFolder("cartpole-unified-cpu-s0"));
  }
  draft_.seed = "3";
  draft_.episodes = "-4";
  const NewRun made = Resolve(draft_);
  EXPECT_EQ(made.problems.seed, "");
  EXPECT_EQ(made.problems.episodes.find("A whole number from 1 to "), 0u) << made.problems.episodes;
  EXPECT_EQ(made.request.settings.run.seed, 3);
  EXPECT_GT(made.request.settings.run.episodes, 0) << "as the preset says";
}

TEST_F(ResolveTest, SaysAtOnceThatAFolderCannotBeUsedAndOffersOneThatCan) {
  fs::create_directories(InFolder("run"));
  std::ofstream(InFolder("run") / "run.json") << "{}";
  fs::create_directories(InFolder("run-2"));
  fs::create_directories(InFolder("full"));
  std::ofstream(InFolder("full") / "letter") << "dear";
  std::ofstream(InFolder("file")) << "text";
  fs::create_directories(InFolder("empty"));
  const auto with = [&](const fs::path& folder) {
    draft_.folder = folder;
    return Resolve(draft_);
  };
  EXPECT_EQ(with(InFolder("run")).problems.folder, "There is a run in it already.");
  EXPECT_EQ(with(InFolder("run")).free_folder, InFolder("run-3"));
  EXPECT_EQ(with(InFolder("run") / "").free_folder, InFolder("run-3"));
  EXPECT_EQ(with(InFolder("full")).problems.folder, "It is not empty, and a run needs a folder of its own.");
  EXPECT_EQ(with(InFolder("file")).problems.folder, "There is a file of that name.");
  const std::string inside = with(InFolder("file") / "run").problems.folder;
  EXPECT_NE(inside.find("is a file: no folder can be made in it"), std::string::npos) << inside;
  EXPECT_EQ(with(InFolder("empty")).problems.folder, "");
  EXPECT_EQ(with(InFolder("new") / "deep" / "run").problems.folder, "");
  EXPECT_FALSE(fs::exists(InFolder("new"))) << "looking makes nothing";
  EXPECT_EQ(with(InFolder("run")).problems.seed, "");
}

// Two windows, or a window and a terminal: both looked, and only one of them can have the name that was free.
TEST_F(ResolveTest, WhatBothSawFreeOnlyOneOfThemGets) {
  const NewRun first = Resolve(draft_), second = Resolve(draft_);
  ASSERT_FALSE(first.problems.any());
  EXPECT_EQ(first.request.folder, second.request.folder);
  EXPECT_TRUE(fs::is_empty(folder_.path())) << "whoever cancels the sheet leaves nothing";
  const auto one = MakeEngine(first.request), other = MakeEngine(second.request);
  ASSERT_TRUE(one.ok()) << one.error().message;
  ASSERT_TRUE(other.ok()) << other.error().message;
  EXPECT_EQ(one.value()->Latest()->info->directory, InFolder("cartpole-unified-cpu-s0"));
  EXPECT_EQ(other.value()->Latest()->info->directory, InFolder("cartpole-unified-cpu-s0-2"));
  draft_.folder = InFolder("mine");  // a name that a person chose is that name, or none
  const NewRun third = Resolve(draft_), fourth = Resolve(draft_);
  const auto chosen = MakeEngine(third.request), late = MakeEngine(fourth.request);
  ASSERT_TRUE(chosen.ok()) << chosen.error().message;
  EXPECT_FALSE(late.ok());
}

TEST(Resolve, EveryTaskHasBothPresets) {
  for (const std::string& task : config::FindSpec("run.task")->choices) {
    const auto presets = PresetsOf(task, "unified");
    for (const char* wanted : {"cpu", "paper"})
      EXPECT_NE(std::find(presets.begin(), presets.end(), wanted), presets.end()) << task << " " << wanted;
  }
}

TEST(MakeEngine, FailsOnAFolderThatIsNoRunAndLeavesItAlone) {
  const auto folder = std::filesystem::temp_directory_path() / ("equipoise-request-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  for (const auto kind : {RunRequest::Kind::kContinue, RunRequest::Kind::kLook}) {
    RunRequest request;
    request.kind = kind;
    request.folder = folder.string();
    const auto engine = MakeEngine(request);
    ASSERT_FALSE(engine);
    EXPECT_NE(engine.error().message.find(folder.string()), std::string::npos) << engine.error().message;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace equipoise::ui
