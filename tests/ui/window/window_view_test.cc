// What a person looks at, by real keys and mouse: every change of view is seen in a picture and can be taken back;
// nothing of it reaches the run.
#include "tests/paths.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class ViewWindowTest : public WindowTest {
 protected:
  // A run that stands still, so that two pictures differ by what was done between them alone.
  void StartAndHold(const std::vector<std::string>& arguments) {
    StartProgram(arguments);
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
    ASSERT_TRUE(X("key space"));
    WaitUntilPaused();
    ASSERT_FALSE(HasFailure());
    ASSERT_TRUE(X("key Escape"));  // the hint of the first start
    ASSERT_TRUE(X("key p"));       // the last episode is held as well
    WaitForFrames();
  }

  // The window as a picture, by its key; "" when none was made.
  std::string Shot() {
    const size_t before = Pictures().size();
    EXPECT_TRUE(X("key F12"));
    EXPECT_TRUE(WaitFor([&] { return Pictures().size() > before; })) << "no picture";
    const std::vector<fs::path> now = Pictures();
    if (now.size() <= before) return "";
    const fs::path newest = *std::max_element(now.begin(), now.end(), [](const fs::path& a, const fs::path& b) {
      return fs::last_write_time(a) < fs::last_write_time(b);
    });
    return ReadText(newest);
  }
  // The window when it stands still: two pictures after each other are equal. What is being answered, faded in or
  // drawn late is not yet what the keys led to. "" when it never stands still.
  std::string StillShot() {
    std::string before = Shot();
    for (int i = 0; i < 12; ++i) {
      std::string now = Shot();
      if (now == before) return now;
      before = std::move(now);
    }
    return "";
  }
  // Whether the window, once still, shows what `picture` does: a key may come late where others compute. Few `tries` are
  // for asking what need not be so.
  bool Becomes(const std::string& picture, bool same, int tries = 40) {
    for (int i = 0; i < tries; ++i) {
      const bool equal = Shot() == picture;
      if (equal && same) return true;
      if (equal || same) continue;
      const std::string still = StillShot();  // a difference must last
      if (!still.empty() && still != picture) return true;
    }
    return false;
  }
  std::vector<fs::path> Pictures() const {
    std::vector<fs::path> found;
    for (const fs::path& path : TakenAway())
      if (path.extension() == ".png") found.push_back(path);
    return found;
  }
  void Press(const std::string& keys) { Do("key --delay 150 " + keys); }
  std::string Remembered() const { return ReadText(folder_ / "equipoise" / "window.ini"); }
};

TEST_F(ViewWindowTest, EveryKeyOfTheSceneShowsSomethingAndTakesItBack) {
  StartAndHold(SmallBut({"run.task=ant", "env.horizon=40"}));  // whose feet touch the ground
  ASSERT_FALSE(HasFatalFailure());
  Press("v v");
  Press("--repeat 40 Right");  // the end of the last episode, wherever it was held
  std::string plain = StillShot();
  ASSERT_FALSE(plain.empty()) << "two pictures of the same moment differ";
  // A moment at which a foot is on the ground and bears something: the body falls from where it starts. Which episode is
  // held depends on the clock, and a foot that only just touches has no force to be drawn.
  bool touches = false;
  for (int i = 0; i < 20 && !touches; ++i) {
    if (i > 0) Press("Left Left");
    plain = StillShot();
    touches = true;
    for (const char* key : {"o", "f"}) {
      if (!touches) break;
      Press(key);
      touches = Becomes(plain, false, 4);
      Press(key);
      ASSERT_TRUE(Becomes(plain, true)) << key;
    }
  }
  ASSERT_TRUE(touches) << "no moment with a force at a contact";
  for (const char* key : {"o", "f", "j", "l", "b", "t", "c"}) {
    Press(key);
    EXPECT_TRUE(Becomes(plain, false)) << key << " shows nothing";
    Press(key);
    EXPECT_TRUE(Becomes(plain, true)) << key << " is not taken back";
  }
  Press("k");
  EXPECT_TRUE(Becomes(plain, false)) << "another camera";
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << "looking is not steering";
}

TEST_F(ViewWindowTest, ChoosesEpisodesMasksAndCurvesByKeysAlone) {
  StartAndHold(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  const std::string plain = StillShot();
  EXPECT_FALSE(Widget("check.now", nullptr));
  Press("Prior");
  EXPECT_TRUE(WaitFor([this] { return Widget("check.now", nullptr); })) << "no decision was chosen";
  Press("Prior");  // the newest one may be what the scene shows anyway
  EXPECT_TRUE(WaitFor([this] { return Widget("scene.recalled", nullptr); })) << "the scene does not show that episode";
  Press("Escape");
  Press("Up");
  EXPECT_TRUE(Becomes(plain, false)) << "the curves were not zoomed";
  Press("a");
  EXPECT_TRUE(Becomes(plain, true));
  Press("Prior");
  Press("m");
  EXPECT_TRUE(WaitFor([this] { return Widget("imagined.a", nullptr); })) << "no mask was chosen";
  EXPECT_FALSE(Widget("imagined.b", nullptr));
  Press("ctrl+m");
  EXPECT_TRUE(WaitFor([this] { return Widget("imagined.b", nullptr); })) << "no second mask";
  Press("p");
  const std::string lanes = StillShot();
  Click("imagined.lanes.1");
  Move(5, 5);
  EXPECT_TRUE(Becomes(lanes, false)) << "the bodies still stand in lanes";
}

TEST_F(ViewWindowTest, SizeAndThemeStopAtTheirEndsAndAreRemembered) {
  StartAndHold(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  Press("plus plus plus plus plus plus plus plus plus plus");
  Press("t c");
  EXPECT_TRUE(WaitFor([this] { return Remembered().find("zoom=2.00") != std::string::npos; })) << Remembered();
  EXPECT_NE(Remembered().find("light=1"), std::string::npos) << Remembered();
  EXPECT_NE(Remembered().find("safe_colours=1"), std::string::npos) << Remembered();
  EXPECT_FALSE(Shot().empty());
  Press("minus minus minus minus minus minus minus minus minus minus minus minus");
  EXPECT_TRUE(WaitFor([this] { return Remembered().find("zoom=0.75") != std::string::npos; })) << Remembered();
  program_->Terminate();
  program_->Wait();
  fs::remove(folder_ / "trace");
  StartCommand({tests::Program(), "gui", "--run", run_.string(), "--paused"});
  ASSERT_FALSE(HasFatalFailure());
  Press("0");
  EXPECT_TRUE(WaitFor([this] { return Remembered().find("zoom=1.00") != std::string::npos; })) << Remembered();
  EXPECT_NE(Remembered().find("light=1"), std::string::npos) << "what was not touched stays";
}

}  // namespace
}  // namespace equipoise::ui
