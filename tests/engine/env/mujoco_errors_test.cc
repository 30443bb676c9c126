#include "engine/env/mujoco_errors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/env/assets.h"
#include "engine/env/mujoco_model.h"
#include "tests/paths.h"

namespace equipoise::env {
namespace {

TEST(MujocoErrors, BecomeExceptionsOfOurs) {
  InstallMujocoHandlers();
  try {
    mju_error("the matrix is gone");
    FAIL() << "went on";
  } catch (const InternalError& error) {
    EXPECT_STREQ(error.what(), "MuJoCo: the matrix is gone");
  }
}

TEST(MujocoErrors, WarningsAreKeptForTheirThread) {
  InstallMujocoHandlers();
  (void)TakeMujocoWarnings();
  mju_warning("a little");
  std::thread([] {
    EXPECT_TRUE(TakeMujocoWarnings().empty());
    mju_warning("elsewhere");
  }).join();
  EXPECT_EQ(TakeMujocoWarnings(), std::vector<std::string>{"a little"});
  EXPECT_TRUE(TakeMujocoWarnings().empty());
  for (size_t i = 0; i < kMaxWarnings + 5; ++i) mju_warning(std::to_string(i).c_str());
  const std::vector<std::string> kept = TakeMujocoWarnings();
  ASSERT_EQ(kept.size(), kMaxWarnings);
  EXPECT_EQ(kept.front(), "5");
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

class Assets : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "equipoise_assets_test";
    std::filesystem::create_directories(folder_);
    setenv("EQUIPOISE_ASSETS", folder_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("EQUIPOISE_ASSETS");
    std::filesystem::remove_all(folder_);
  }
  std::string folder_;
};

TEST_F(Assets, AreFoundInTheSourceTreeWhenNothingIsSet) {
  unsetenv("EQUIPOISE_ASSETS");
  const Result<std::string> path = FindAsset("hopper.xml");
  ASSERT_TRUE(path.ok()) << path.error().message;
  EXPECT_EQ(path.value(), tests::SourceFolder() + "/assets/hopper.xml");
}

TEST_F(Assets, AreTakenFromTheFolderThatTheEnvironmentNames) {
  std::ofstream(folder_ + "/hopper.xml") << "<mujoco/>";
  ASSERT_TRUE(FindAsset("hopper.xml").ok());
  EXPECT_EQ(FindAsset("hopper.xml").value(), folder_ + "/hopper.xml");
}

TEST_F(Assets, ThatAreMissingAreReportedWithThePlacesTried) {
  const Result<ModelPtr> model = LoadModel("hopper");
  ASSERT_FALSE(model.ok());
  EXPECT_NE(model.error().message.find(folder_ + "/hopper.xml"), std::string::npos) << model.error().message;
  EXPECT_NE(model.error().message.find("EQUIPOISE_ASSETS"), std::string::npos);

  unsetenv("EQUIPOISE_ASSETS");
  const std::string message = FindAsset("nothing.xml").error().message;
  EXPECT_NE(message.find(tests::SourceFolder() + "/assets/nothing.xml"), std::string::npos) << message;
  EXPECT_NE(message.find(" and "), std::string::npos) << message;
}

TEST_F(Assets, ThatAreBrokenAreReportedWithFileAndLine) {
  std::ofstream(folder_ + "/hopper.xml")
      << "<mujoco>\n <worldbody>\n  <geom shape=\"ball\"/>\n </worldbody>\n</mujoco>\n";
  const Result<ModelPtr> model = LoadModel("hopper");
  ASSERT_FALSE(model.ok());
  EXPECT_NE(model.error().message.find(folder_ + "/hopper.xml"), std::string::npos) << model.error().message;
  EXPECT_NE(model.error().message.find("line 3"), std::string::npos) << model.error().message;
}

}  // namespace
}  // namespace equipoise::env
