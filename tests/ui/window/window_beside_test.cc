// What goes on beside what the window shows: a training while another run is looked at, a film that is being made.
#include "tests/paths.h"
#include "tests/ui/window/window_fixture.h"
#include "ui/export/film.h"

namespace equipoise::ui {
namespace {

class BesideWindowTest : public WindowTest {
 protected:
  void StartBesideAFinishedRun() {
    other_ = folder_ / "done";
    std::vector<std::string> train = {tests::Program(), "train", "--out", other_.string()};
    const std::vector<std::string> small = SmallBut({"run.episodes=3"});
    train.insert(train.end(), small.begin(), small.end());
    ASSERT_EQ(Process(train, {}, folder_ / "train").Wait(), 0) << ReadText(folder_ / "train");
    StartProgram(kSmall);
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
    ASSERT_TRUE(X("key Escape"));  // the hint of the first start
  }
  void LookAtTheOther() {
    ASSERT_TRUE(X("key F3"));
    Click("runs.look." + other_.string());
    ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kFinished); })) << "the other run is not shown";
    ASSERT_TRUE(WaitFor([this] { return Widget(Tab(run_), nullptr); })) << "nothing leads back";
    WaitForFrames();
  }
  static std::string Tab(const fs::path& run) { return "run.tab." + run.string(); }
  static bool Says(const fs::path& run, const char* state) {
    return ReadText(run / "run.json").find(std::string("\"state\": \"") + state + "\"") != std::string::npos;
  }
  static long Lines(const fs::path& file) {
    const std::string text = ReadText(file);
    return std::count(text.begin(), text.end(), '\n');
  }
  bool GoesOn() {
    const long before = Episodes();
    return WaitFor([&] { return Episodes() > before + 2; });
  }
  // Whether the key that pauses meets the training: only the run that is looked at hears it.
  void ExpectThatSpacePausesTheTraining() {
    ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kRunning); })) << "the window does not show the training";
    ASSERT_TRUE(X("key space"));
    EXPECT_TRUE(WaitFor([this] { return Shows(run::RunState::kPaused); })) << "the training did not hear the key";
    ASSERT_TRUE(X("key space"));
    EXPECT_TRUE(GoesOn());
  }
  // Whether something lies in the export folder under a temporary name.
  bool BeingWritten() const {
    std::error_code absent;
    for (fs::directory_iterator it(run_ / "export", absent), end; !absent && it != end; it.increment(absent))
      if (it->path().filename().string().find(".equipoise-part-") != std::string::npos) return true;
    return false;
  }
  fs::path other_;
};

TEST_F(BesideWindowTest, ATrainingGoesOnWhileAnotherRunIsLookedAtAndItsTabOrEscLeadsBack) {
  StartBesideAFinishedRun();
  ASSERT_FALSE(HasFatalFailure());
  LookAtTheOther();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(X("key space"));  // of the run that is looked at, in which nobody acts
  EXPECT_TRUE(GoesOn()) << "looking has ended the training, or paused it";
  EXPECT_NE(ReadText(run_ / "run.json").find("\"running\""), std::string::npos);
  Click(Tab(run_));
  ExpectThatSpacePausesTheTraining();
  ASSERT_FALSE(HasFatalFailure());

  LookAtTheOther();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(X("key Escape"));
  ExpectThatSpacePausesTheTraining();
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << "looking is not steering";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(BesideWindowTest, ASecondTrainingTrainsBesideTheFirstAndOnlyAClosedTabEndsOneWhenAsked) {
  StartBesideAFinishedRun();
  ASSERT_FALSE(HasFatalFailure());
  LookAtTheOther();
  ASSERT_FALSE(HasFatalFailure());
  const long done = Lines(other_ / "episodes.jsonl");
  Click("run.pause");  // of a finished run: more episodes of it
  EXPECT_TRUE(WaitFor([&] { return Lines(other_ / "episodes.jsonl") > done; })) << "it does not go on";
  EXPECT_TRUE(GoesOn()) << "one training has ended the other";
  ASSERT_TRUE(X("key n"));
  Click("new.start");
  const fs::path third = folder_ / "cartpole-unified-cpu-s0";
  ASSERT_TRUE(WaitFor([&] { return Widget(Tab(third), nullptr); })) << Output();
  EXPECT_TRUE(GoesOn());
  // By the keyboard, to the first one, and it is closed: that is asked.
  Do("key ctrl+Tab");
  WaitForFrames();
  ExpectThatSpacePausesTheTraining();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(X("key ctrl+w"));
  Click("close.stay");
  EXPECT_TRUE(GoesOn());
  ASSERT_TRUE(X("key ctrl+w"));
  Click("close.end");
  EXPECT_TRUE(WaitFor([this] { return Says(run_, "stopped"); })) << "it ends with everything written";
  EXPECT_TRUE(Says(third, "running"));
  EXPECT_TRUE(program_->Running()) << Output();
  // A signal ends the others as it ends `train`.
  program_->Terminate();
  EXPECT_EQ(program_->Wait(), 75) << Output();
  EXPECT_TRUE(Says(third, "stopped"));
}

TEST_F(BesideWindowTest, AFilmIsMadeBesideTheWindowNamedAfterItsEpisodeAndCanBeGivenUp) {
  constexpr int kSteps = 60;
  constexpr double kStepSeconds = 0.01;  // of the cart-pole
  StartProgram(SmallBut({"run.episodes=4", "env.horizon=" + std::to_string(kSteps)}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() == 6; })) << Output();
  ASSERT_TRUE(X("key Escape key s"));
  Click("export.part.1");
  Click("export.rate.3");
  Click("export.film_speed.3");  // ten times slower: hundreds of frames
  Click("export.frames");
  ASSERT_TRUE(WaitFor([this] { return Widget("film.pill", nullptr); })) << "how far it is, is not said";
  ASSERT_TRUE(X("key Escape"));  // the sheet
  Click("film.pill");
  // The other buttons are there again as soon as there is no film.
  EXPECT_TRUE(WaitFor([this] { return !BeingWritten(); })) << "it is not given up";
  WaitForFrames();
  ASSERT_TRUE(X("key s"));
  Click("export.rate.0");
  Click("export.film_speed.0");
  const std::string name = "scene-episode-0004-1-frames";
  for (int i = 0; i < 20 && !Exported("scene-episode-0004"); ++i) {
    Click("export.frames");
    WaitFor([&] { return Exported("scene-episode-0004"); }, 10);
  }
  ASSERT_TRUE(WaitFor([&] { return fs::exists(run_ / "export" / name); })) << "not under the name of its episode";
  int frames = 0, others = 0;
  for (const auto& entry : fs::directory_iterator(run_ / "export" / name))
    frames += entry.path().filename().string().rfind("frame-", 0) == 0;
  for (const auto& entry : fs::directory_iterator(run_ / "export")) others += entry.path().filename().string() != name;
  EXPECT_EQ(frames, FilmLength(kSteps * kStepSeconds, 10, 1));
  EXPECT_EQ(others, 0) << "the film that was given up has left something";
  EXPECT_TRUE(program_->Running()) << Output();
}

}  // namespace
}  // namespace equipoise::ui
