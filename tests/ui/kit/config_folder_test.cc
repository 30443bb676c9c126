// Where a person's choices are kept, under every state of the two variables that say so.
#include "ui/kit/config_folder.h"

#include <gtest/gtest.h>
#include <cstdlib>
#include <optional>
#include <string>

#include "ui/kit/keys.h"

namespace equipoise::ui {
namespace {

class ConfigFolderTest : public ::testing::Test {
 protected:
  void TearDown() override {
    Set("XDG_CONFIG_HOME", config_);
    Set("HOME", home_);
  }
  static std::optional<std::string> Get(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  }
  static void Set(const char* name, const std::optional<std::string>& value) {
    value ? setenv(name, value->c_str(), 1) : unsetenv(name);
  }
  static std::string With(const std::optional<std::string>& config, const std::optional<std::string>& home) {
    Set("XDG_CONFIG_HOME", config);
    Set("HOME", home);
    return ConfigFolder();
  }
  const std::optional<std::string> config_ = Get("XDG_CONFIG_HOME"), home_ = Get("HOME");
};

TEST_F(ConfigFolderTest, IsTheVariablesFolderOrTheHomesOne) {
  EXPECT_EQ(With("/some/where", "/home/ada"), "/some/where/equipoise");
  EXPECT_EQ(With(std::nullopt, "/home/ada"), "/home/ada/.config/equipoise");
}

TEST_F(ConfigFolderTest, AnEmptyVariableCountsAsNone) {
  EXPECT_EQ(With("", "/home/ada"), "/home/ada/.config/equipoise");
  EXPECT_EQ(With("/some/where", ""), "/some/where/equipoise");
  EXPECT_EQ(With("", ""), "");
  EXPECT_EQ(With(std::nullopt, std::nullopt), "");
  EXPECT_EQ(KeysFile(), "");
}

TEST_F(ConfigFolderTest, APathThatIsNotAbsoluteIsPassedOver) {
  EXPECT_EQ(With("relative/folder", "/home/ada"), "/home/ada/.config/equipoise");
  EXPECT_EQ(With("relative/folder", "also/relative"), "");
  With("relative/folder", "/home/ada");
  EXPECT_EQ(KeysFile(), "/home/ada/.config/equipoise/keys");
}

}  // namespace
}  // namespace equipoise::ui
