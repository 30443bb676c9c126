// The configuration files that come along: each preset loads, and says what the paper says.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "engine/config/config_file.h"
#include "engine/config/config_path.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/temporary_folder.h"
#include "tests/paths.h"

namespace equipoise::config {
namespace {

namespace fs = std::filesystem;

std::string PathOf(const std::string& task) { return tests::SourceFolder() + "/configs/" + task + ".toml"; }

const std::vector<std::string> kTasks = {"ant", "hopper", "walker2d", "halfcheetah", "cartpole", "dclaw"};

TEST(Presets, EveryPresetOfEveryFileLoads) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(tests::SourceFolder() + "/configs")) {
    if (entry.path().extension() != ".toml") continue;
    ++files;
    const std::string path = entry.path().string();
    const Result<std::vector<std::string>> presets = PresetsOf(path, "unified");
    ASSERT_TRUE(presets.ok()) << presets.error().message;
    EXPECT_TRUE(LoadFile(path, "", {}).ok()) << path;
    for (const std::string& preset : presets.value()) {
      const Result<Settings> settings = LoadFile(path, preset, {});
      ASSERT_TRUE(settings.ok()) << settings.error().message;
      EXPECT_EQ(settings.value().run.preset, preset);
    }
  }
  EXPECT_GE(files, 7);
}

TEST(Presets, EveryPresetOfEveryAgentLoadsAndFitsTogether) {
  for (const std::string& task : kTasks) {
    for (const std::string& agent : FindSpec("run.agent")->choices) {
      Settings bare = DefaultsOf(agent);
      bare.run.task = task;
      if (!Validate(bare).ok()) continue;  // not offered there
      const Result<std::vector<std::string>> presets = PresetsOf(PathOf(task), agent);
      ASSERT_TRUE(presets.ok()) << presets.error().message;
      for (const std::string& preset : presets.value()) {
        const Result<Settings> settings = LoadFile(PathOf(task), preset, {{"run.agent", agent}});
        ASSERT_TRUE(settings.ok()) << settings.error().message;
        const Status valid = Validate(settings.value());
        EXPECT_TRUE(valid.ok()) << task << " " << agent << " " << preset << ": " << valid.error().message;
      }
    }
  }
}

// As first published: what the paper's baseline changed is changed back.
TEST(Presets, PlainSacIsSacWithoutItsChanges) {
  for (const char* task : {"cartpole", "halfcheetah"}) {
    const Settings plain = LoadFile(PathOf(task), "plain", {{"run.agent", "sac"}}).value(),
                   cpu = LoadFile(PathOf(task), "cpu", {{"run.agent", "sac"}}).value();
    const learn::SacSettings &p = plain.Of<learn::SacSettings>(), &c = cpu.Of<learn::SacSettings>();
    EXPECT_EQ(plain.run.preset, "plain");
    EXPECT_FALSE(p.layer_norm);
    EXPECT_TRUE(p.entropy_in_target);
    EXPECT_EQ(p.actor_activation, "relu");
    EXPECT_EQ(p.sd, "log-clamp");
    EXPECT_EQ(p.hidden, c.hidden);
    EXPECT_EQ(p.batch, c.batch);
    EXPECT_EQ(p.updates_per_step, c.updates_per_step);
    EXPECT_EQ(p.entropy_bonus, c.entropy_bonus);
    EXPECT_EQ(p.target_entropy, -1);
    EXPECT_EQ(plain.run.episodes, cpu.run.episodes);
  }
}

TEST(Presets, EveryTaskHasBothAndTakesTheSmallOneByDefault) {
  for (const std::string& task : kTasks) {
    EXPECT_EQ(PresetsOf(PathOf(task), "unified").value(), (std::vector<std::string>{"cpu", "paper"})) << task;
    const Settings settings = LoadFile(PathOf(task), "", {}).value();
    const learn::SacSettings& sac = settings.Of<learn::SacSettings>();
    EXPECT_EQ(settings.run.task, task);
    EXPECT_EQ(settings.run.preset, "cpu");
    EXPECT_EQ(sac.entropy_bonus, task == "dclaw" ? 0.2 : 0.1);
    EXPECT_EQ(sac.entropy_auto, task != "dclaw");
  }
}

// Table 2 of Freed et al. 2024, typed in once more. alpha_mf < 0: tuned.
TEST(Presets, PaperIsTable2) {
  struct Line {
    int masks, rollouts;
    std::string mode;
    double sigma_max, alpha_mb, alpha_mf, eta;
  };
  const std::map<std::string, Line> table = {
      {"ant", {50, 5, "dreamer", 0, 0.2, -1, 200}},        {"hopper", {50, 100, "full", 0, 0.2, 0.2, 100}},
      {"walker2d", {50, 100, "full", 0.1, 0.2, 0.2, 100}}, {"halfcheetah", {50, 5, "dreamer", 0, 0.1, -1, 100}},
      {"cartpole", {50, 10, "dreamer", 0, 0.2, -1, 100}},  {"dclaw", {50, 10, "full", 0, 0.2, 0.2, 200}},
  };
  for (const auto& [task, line] : table) {
    const Settings s = LoadFile(PathOf(task), "paper", {}).value();
    const learn::SacSettings& sac = s.Of<learn::SacSettings>();
    const model::DropoutLstmSettings& lstm = s.Of<model::DropoutLstmSettings>();
    const learn::ModelBasedSettings& mb = s.Of<learn::ModelBasedSettings>();
    const eps::CheckSettings& eps = s.Of<eps::CheckSettings>();
    EXPECT_EQ(eps.masks, line.masks) << task;
    EXPECT_EQ(eps.rollouts, line.rollouts) << task;
    EXPECT_EQ(eps.force_every, 10) << task;
    EXPECT_EQ(mb.mode, line.mode) << task;
    EXPECT_EQ(mb.sigma_max, line.sigma_max) << task;
    EXPECT_EQ(mb.entropy_bonus, line.alpha_mb) << task;
    EXPECT_FALSE(mb.entropy_auto) << task;
    EXPECT_EQ(sac.entropy_auto, line.alpha_mf < 0) << task;
    if (line.alpha_mf >= 0) {
      EXPECT_EQ(sac.entropy_bonus, line.alpha_mf) << task;
    }
    EXPECT_EQ(lstm.eta, line.eta) << task;
    EXPECT_EQ(lstm.batch, 100) << task;
    EXPECT_EQ(mb.hidden, 1024) << task;
    EXPECT_EQ(sac.hidden, 256) << task;
    EXPECT_TRUE(sac.layer_norm) << task;
    EXPECT_FALSE(sac.entropy_in_target) << task;
  }
}

TEST(Presets, TheQuickStartIsCartpoleOnTwoCoresButShorter) {
  const Settings quick = LoadFile(PathOf("quickstart"), "", {}).value();
  const Settings cartpole = LoadFile(PathOf("cartpole"), "cpu", {}).value();
  for (const Spec& spec : Table()) {
    if (spec.key == "run.episodes") continue;
    EXPECT_TRUE(Get(quick, spec.key) == Get(cartpole, spec.key)) << spec.key;
  }
  EXPECT_LT(quick.run.episodes, cartpole.run.episodes);
}

TEST(ConfigPath, FindsTheFilesThatComeAlongByName) {
  for (const std::string name : {"cartpole", "cartpole.toml", "configs/cartpole.toml"}) {
    const Result<std::string> path = FindConfig(name);
    ASSERT_TRUE(path.ok()) << path.error().message;
    EXPECT_TRUE(fs::equivalent(path.value(), PathOf("cartpole"))) << path.value();
  }
  testing_support::TemporaryFolder folder;
  const std::string own = folder.Write("cartpole.toml", "");
  EXPECT_EQ(FindConfig(own).value(), own);
  EXPECT_FALSE(FindConfig(folder / "hopper.toml").ok()) << "a folder that was named is the only one to look in";
  EXPECT_NE(FindConfig("nope").error().message.find("there is no configuration file nope"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::config
