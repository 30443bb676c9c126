// One card in place of the others, one card for an audience, the whole screen: by the mouse and by keys alone.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class CardsWindowTest : public WindowTest {
 protected:
  void Start() {
    fs::create_directories(folder_ / "equipoise");
    std::ofstream(folder_ / "equipoise" / "window.ini") << "[Equipoise][Main]\nhint_closed=1\n\n";
    StartProgram(kSmall);
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  }
  // Of what is drawn in every frame: the trace is a log, so that what is gone keeps its last lines.
  int HeightOf(const std::string& name) const {
    Box box;
    return Widget(name, &box) ? box.h : -1;
  }
};

TEST_F(CardsWindowTest, ACardTakesThePlaceOfTheOthersAndGivesItBack) {
  Start();
  ASSERT_FALSE(HasFatalFailure());
  Box before, large;
  ASSERT_TRUE(Widget("scene.picture", &before));
  Click("large.Scene");
  ASSERT_TRUE(WaitFor([&] { return Widget("scene.picture", &large) && large.w > before.w && large.h > before.h; }))
      << "the scene is no larger than " << before.w << " x " << before.h;
  ASSERT_TRUE(X("key 2"));
  Box strip;
  ASSERT_TRUE(WaitFor([&] { return Widget("strip.last", &strip); }));
  ASSERT_TRUE(X("key 3"));
  Box chart;
  ASSERT_TRUE(WaitFor([&] { return Widget("curves.return", &chart) && chart.w > 400; }));
  ASSERT_TRUE(X("key Escape"));
  EXPECT_TRUE(WaitFor([&] {
    Box now;
    return Widget("scene.picture", &now) && now.w == before.w && now.h == before.h;
  })) << "it is not as it was";
}

TEST_F(CardsWindowTest, PresentingShowsOneCardInLettersTwiceAsLargeAndKeysLeadThroughTheCards) {
  Start();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(X("key F9"));
  ASSERT_TRUE(WaitFor([this] { return HeightOf("top.runs") == 2 * 28; })) << HeightOf("top.runs");
  ASSERT_TRUE(WaitFor([this] { return Widget("tab.Experiments", nullptr); })) << "the other cards are behind no tab";
  ASSERT_TRUE(X("key 6"));
  ASSERT_TRUE(WaitFor([this] { return HeightOf("run.pause") == 2 * 34; })) << HeightOf("run.pause");
  ASSERT_TRUE(X("key space"));
  WaitUntilPaused();
  ASSERT_TRUE(X("key F9"));
  EXPECT_TRUE(WaitFor([this] { return HeightOf("top.runs") == 28; }));
}

TEST_F(CardsWindowTest, TheWholeScreenIsTakenAndGivenBack) {
  Start();
  ASSERT_FALSE(HasFatalFailure());
  const auto size = [this] {
    std::string text;
    const std::string command = "DISPLAY=" + display_ +
                                " xdotool search --onlyvisible --name Equipoise getwindowgeometry > " +
                                (folder_ / "size").string() + " 2>/dev/null";
    return std::system(command.c_str()) == 0 ? ReadText(folder_ / "size") : text;
  };
  const std::string before = size();
  ASSERT_TRUE(X("key F11"));
  EXPECT_TRUE(WaitFor([&] { return size().find("1700x1100") != std::string::npos; })) << size();
  ASSERT_TRUE(X("key F11"));
  EXPECT_TRUE(WaitFor([&] { return size() == before; })) << before << size();
}

}  // namespace
}  // namespace equipoise::ui
