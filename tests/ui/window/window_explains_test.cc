// The window explains itself: a mouse that rests, the key "?", the words of F1, and the tour, on a real run.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class ExplainsWindowTest : public WindowTest {
 protected:
  bool Said(const std::string& words) const {
    std::string joined = words;
    std::replace(joined.begin(), joined.end(), ' ', '_');
    return ReadText(folder_ / "trace").find(joined) != std::string::npos;
  }
  // Whether the window says so while the mouse rests on that widget.
  bool Answers(const std::string& widget, const std::string& words) {
    const auto [x, y] = Middle(widget);
    Move(x, y);
    return WaitFor([&] { return Said(words); }, 20);
  }
};

TEST_F(ExplainsWindowTest, AnswersAMouseThatRestsOnADotAPhaseANumberAndAWord) {
  StartProgram(SmallBut({"run.episodes=4", "eps.masks=4"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kFinished); })) << Output();
  Do("key Escape");
  EXPECT_TRUE(Answers("mask.first", "one version of the model; in it")) << "a dot";
  EXPECT_TRUE(Said("click to watch it imagine"));
  EXPECT_TRUE(Answers("scene.actor", "says:Who acted:")) << "who acted";
  EXPECT_TRUE(Answers("setting.eps.rollouts", "imagined episodes")) << "a setting";
  EXPECT_TRUE(Answers("log.line.0", "A click shows that episode everywhere")) << "a line of the log";
  EXPECT_TRUE(Answers("transport.loop", "Again and again, or once")) << "a button without words";
  EXPECT_TRUE(Answers("curves.return", "What the policy that acted earned")) << "a chart";
  // The phases stand in the row below the top bar.
  Move(700, 63);
  EXPECT_TRUE(WaitFor([this] { return Said("Done for this episode") || Said("Still to come"); }, 20)) << "a phase";
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << "asking is not steering";
}

TEST_F(ExplainsWindowTest, TheExplainingModeAnswersAtOnceAndF1HasTheMouseAndTheWords) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  Do("key Escape");
  Do("key space");
  WaitUntilPaused();
  Do("key question");
  ASSERT_TRUE(WaitFor([this] { return Widget("explaining", nullptr); })) << "no mode";
  EXPECT_TRUE(Answers("scene.actor", "says:Who acted:"));
  Do("key Escape");
  Do("key F1");
  Click("help.page.1");
  EXPECT_TRUE(WaitFor([this] { return Widget("help.mouse", nullptr); }));
  Click("help.page.2");
  EXPECT_TRUE(WaitFor([this] { return Widget("help.words", nullptr); }));
}

TEST_F(ExplainsWindowTest, TheTourLeadsThroughEveryCardAndTouchesNothing) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  Click("hint.tour");
  ASSERT_TRUE(WaitFor([this] { return Widget("tour.stop.1", nullptr); })) << "no tour";
  Do("key Right");
  ASSERT_TRUE(WaitFor([this] { return Widget("tour.stop.2", nullptr); }));
  Do("key Left");
  for (int stop = 2; stop <= 12; ++stop) {
    const std::string name = "tour.stop." + std::to_string(stop);
    EXPECT_TRUE(WaitFor([&] {
      if (Widget(name, nullptr)) return true;
      Click("tour.next");
      return Widget(name, nullptr);
    })) << name;
  }
  Do("key Escape");
  EXPECT_EQ(Events().find("intervention"), std::string::npos);
  EXPECT_EQ(ReadText(run_ / "run.json").find("\"steered\":true"), std::string::npos);
  EXPECT_TRUE(program_->Running()) << Output();
}

}  // namespace
}  // namespace equipoise::ui
