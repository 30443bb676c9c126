// Every setting of a new run, in the window, and its presets side by side.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class NewRunWindowTest : public WindowTest {
 protected:
  void Type(const std::string& field, const std::string& text) {
    Click(field);
    WaitForFrames();
    WaitForFrames();
    Do("key ctrl+a");
    Do("type " + text);
    Do("key Return");
  }
};

TEST_F(NewRunWindowTest, ASettingThatMayNeverChangeLaterIsChosenBeforeTheStart) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 2; })) << Output();
  ASSERT_TRUE(X("key Escape key n"));
  Click("new.page.2");
  ASSERT_TRUE(WaitFor([this] { return Widget("new.differs.model.hidden", nullptr); })) << "presets are not compared";
  Click("new.page.1");
  Type("new.search", "model.hidden");
  Type("setting.model.hidden", "24");
  ASSERT_TRUE(WaitFor([this] { return Widget("new.changed.model.hidden", nullptr); })) << "it is not marked";
  Type("new.search", "run.threads");
  Type("setting.run.threads", "1");
  Click("new.paused");
  const fs::path made = folder_ / "cartpole-unified-cpu-s0" / "run.json";
  ASSERT_TRUE(WaitFor([&] { return fs::exists(made); })) << Output();
  const std::string json = ReadText(made);
  EXPECT_NE(json.find("\"hidden\": 24"), std::string::npos) << json;
  EXPECT_NE(json.find("\"threads\": 1"), std::string::npos) << json;
  EXPECT_TRUE(program_->Running()) << Output();
}

}  // namespace
}  // namespace equipoise::ui
