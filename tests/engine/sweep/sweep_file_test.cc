// Sweep files: which runs they name, and what is said of mistakes.
#include "engine/sweep/sweep_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/eps/check_settings.h"
#include "tests/engine/temporary_folder.h"
#include "tests/paths.h"

namespace equipoise::sweep {
namespace {

class SweepFiles : public ::testing::Test {
 protected:
  Result<SweepFile> Read(const std::string& text) { return ReadSweepFile(folder_.Write("s.toml", text)); }
  std::vector<std::string> Names(const std::string& text) {
    const auto file = Read(text);
    EXPECT_TRUE(file.ok()) << file.error().message;
    std::vector<std::string> names;
    if (file.ok())
      for (const PlannedRun& run : file.value().runs) names.push_back(NameOf(run));
    return names;
  }
  std::string Problem(const std::string& text) {
    const auto file = Read(text);
    return file.ok() ? "" : file.error().message;
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(SweepFiles, AreMultipliedOut) {
  EXPECT_EQ(Names("seeds = 2\npreset = \"cpu\"\n[[runs]]\ntasks = [\"cartpole\", \"hopper\"]\nagents = [\"unified\", "
                  "\"sac\"]\n"),
            (std::vector<std::string>{"cartpole-unified-cpu-s0", "cartpole-unified-cpu-s1", "cartpole-sac-cpu-s0",
                                      "cartpole-sac-cpu-s1", "hopper-unified-cpu-s0", "hopper-unified-cpu-s1",
                                      "hopper-sac-cpu-s0", "hopper-sac-cpu-s1"}));
  EXPECT_EQ(Names("seeds = [3]\nagents = \"sac\"\n[[runs]]\ntasks = \"cartpole\"\npresets = [\"cpu\", \"paper\"]\n"
                  "[[runs]]\ntasks = \"hopper\"\nseeds = [7]\npreset = \"cpu\"\n"),
            (std::vector<std::string>{"cartpole-sac-cpu-s3", "cartpole-sac-paper-s3", "hopper-sac-cpu-s7"}));
}

TEST_F(SweepFiles, SettingsAreThoseOfTheFileThenTheBlockThenTheNamedOne) {
  const auto file = Read(
      "seeds = 1\nagents = \"unified\"\nepisodes = 9\n[set]\n\"eps.masks\" = 3\n\"eps.rollouts\" = 4\n\"run.threads\" "
      "= 1\n"
      "[[runs]]\ntasks = \"cartpole\"\nset = { \"eps.rollouts\" = 5 }\nsettings = [{ name = \"few\" }, { name = "
      "\"many\", "
      "set = { \"eps.masks\" = 7, \"run.schedule\" = \"5 distractors.active=true\" } }]\n");
  ASSERT_TRUE(file.ok()) << file.error().message;
  ASSERT_EQ(file.value().runs.size(), 2u);
  const auto& few = file.value().runs[0];
  const auto& many = file.value().runs[1];
  EXPECT_EQ(NameOf(few), "cartpole-unified-few-cpu-s0");
  EXPECT_EQ(few.settings.Of<eps::CheckSettings>().masks, 3);
  EXPECT_EQ(many.settings.Of<eps::CheckSettings>().masks, 7);
  EXPECT_EQ(many.settings.Of<eps::CheckSettings>().rollouts, 5);
  EXPECT_EQ(many.settings.run.schedule, "5 distractors.active=true");
  EXPECT_EQ(many.settings.run.threads, 1);
  EXPECT_EQ(many.episodes, 9);
}

TEST_F(SweepFiles, WhatIsNamedTwiceAlikeIsOneRun) {
  const std::string block = "[[runs]]\ntasks = \"cartpole\"\nagents = \"sac\"\nseeds = 2\n";
  EXPECT_EQ(Names(block + block).size(), 2u);
  EXPECT_NE(
      Problem(block + block + "set = { \"sac.batch\" = 32 }\n").find("s.toml:5: cartpole-sac-cpu-s0 is named twice"),
      std::string::npos)
      << Problem(block + block + "set = { \"sac.batch\" = 32 }\n");
}

TEST_F(SweepFiles, MistakesAreToldWithTheirLine) {
  const std::string block = "[[runs]]\ntasks = \"cartpole\"\nagents = \"sac\"\nseeds = 2\n";
  const auto expect = [&](const std::string& text, const std::string& words) {
    EXPECT_NE(Problem(text).find(words), std::string::npos) << "said: " << Problem(text);
  };
  expect("seeds = 2\n", "names no runs");
  expect("[[runs]]\ntasks = \"cartpole\"\nseeds = 1\n", "s.toml:1: these runs have no agents");
  expect("[[runs]]\ntasks = \"cartpole\"\nagents = \"sac\"\n", "these runs have no seeds");
  expect(block + "colour = 1\n", "s.toml:5: unknown key colour");
  expect(block + "set = { \"sac.bacth\" = 1 }\n",
         "s.toml:5: unknown setting sac.bacth; the nearest known one is sac.batch");
  expect(block + "set = { \"run.seed\" = 1 }\n", "run.seed is not set here");
  expect(block + "set = { \"sac.batch\" = -1 }\n", "sac.batch = -1");
  expect(block + "settings = [{ name = \"a/b\" }]\n", "part of a folder's name");
  expect(block + "settings = [{ name = \"a\" }, { name = \"a\" }]\n", "two settings are named");
  expect("[[runs]]\ntasks = \"cartpool\"\nagents = \"sac\"\nseeds = 2\n", "cartpool");
  expect("[[runs]]\ntasks = \"cartpole\"\nagents = \"sacc\"\nseeds = 2\n", "sacc");
  expect("seeds = -1\n" + block, "s.toml:1: seeds should be");
  expect("preset = \"large\"\n" + block, "large");
  expect(block + "[slurm]\ncpu = 1\n", "s.toml:6: unknown key cpu in [slurm]");
  expect(block + "[slurm]\noptions = [\"account\"]\n", "should begin with --");
  expect("[[runs]\n", "s.toml:1:");
}

// Every run of every one of them resolves, and each says what it is for.
TEST_F(SweepFiles, ThoseThatComeAlongCanBeRead) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tests::SourceFolder() + "/configs/sweeps")) {
    const auto file = ReadSweepFile(entry.path().string());
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_FALSE(file.value().runs.empty());
    EXPECT_NE(file.value().text.find("equipoise sweep configs/sweeps/" + entry.path().filename().string()),
              std::string::npos)
        << entry.path();
    ++files;
  }
  EXPECT_GE(files, 5u);
  const auto table1 = ReadSweepFile(tests::SourceFolder() + "/configs/sweeps/table1.toml");
  EXPECT_EQ(table1.value().runs.size(), 6u * 9u * 5u);
}

}  // namespace
}  // namespace equipoise::sweep
