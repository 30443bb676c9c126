// From what a person fills in to a run.
#include "ui/run_request.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace equipoise::ui {
namespace {

TEST(Resolve, TakesThePresetOfTheTaskAndNamesAFolder) {
  NewRunDraft draft;
  draft.task = "hopper";
  draft.preset = "paper";
  draft.agent = "mbrl";
  draft.seed = "3";
  draft.parent = "somewhere";
  const auto request = Resolve(draft);
  ASSERT_TRUE(request) << request.error().message;
  const config::Settings& s = request.value().settings;
  EXPECT_EQ(s.run.task, "hopper");
  EXPECT_EQ(s.run.agent, "mbrl");
  EXPECT_EQ(s.run.preset, "paper");
  EXPECT_EQ(s.run.seed, 3);
  EXPECT_EQ(s.mb.hidden, 1024) << "of the paper";
  EXPECT_EQ(request.value().folder, "somewhere/hopper-mbrl-paper-s3");
  draft.episodes = "7";
  draft.folder = "mine";
  EXPECT_EQ(Resolve(draft).value().settings.run.episodes, 7);
  EXPECT_EQ(Resolve(draft).value().folder, "mine");
}

TEST(Resolve, SaysWhatIsWrongWithWhatWasTyped) {
  NewRunDraft draft;
  draft.seed = "three";
  const auto request = Resolve(draft);
  ASSERT_FALSE(request);
  EXPECT_NE(request.error().message.find("run.seed"), std::string::npos) << request.error().message;
  draft.seed = "3";
  draft.episodes = "-4";
  ASSERT_FALSE(Resolve(draft));
  EXPECT_NE(Resolve(draft).error().message.find("run.episodes"), std::string::npos);
}

TEST(Resolve, EveryTaskHasBothPresets) {
  for (const std::string& task : config::FindSpec("run.task")->choices) {
    const auto presets = PresetsOf(task);
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
