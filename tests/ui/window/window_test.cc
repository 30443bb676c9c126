#include "ui/window/window.h"

#include <map>

#include "tests/paths.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

TEST_F(WindowTest, SteersARunByMouseAndKeysAndLeavesItOnDisk) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();

  // An entropy bonus, typed into its field.
  Click("setting.mb.entropy_bonus");
  ASSERT_TRUE(WaitFor([this] { return Widget("edit", nullptr); })) << "the field did not open";
  ASSERT_TRUE(X("type 0.75"));
  ASSERT_TRUE(X("key Return"));
  EXPECT_TRUE(WaitFor([this] { return Events().find("mb.entropy_bonus") != std::string::npos; })) << Events();
  EXPECT_NE(Events().find("0.75"), std::string::npos) << Events();
  EXPECT_TRUE(WaitFor([this] { return Widget("answer.wall", nullptr); }))
      << "how soon the window showed that it waits for its boundary";

  // Distractors, by their button.
  EXPECT_EQ(Events().find("distractors.active"), std::string::npos);
  Click("experiment.distractors");
  EXPECT_TRUE(WaitFor([this] { return Events().find("distractors.active") != std::string::npos; })) << Events();

  // A picture of the window.
  ASSERT_TRUE(X("key F12"));
  EXPECT_TRUE(WaitFor([this] { return fs::exists(run_ / "export") && !fs::is_empty(run_ / "export"); })) << Output();

  // Space pauses; the run then stands still, and goes on with the next Space.
  ASSERT_TRUE(X("key space"));
  const long before = WaitUntilPaused();
  ASSERT_TRUE(X("key space"));
  EXPECT_TRUE(WaitFor([&] { return Episodes() > before + 1; })) << "the run did not resume";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(WindowTest, BreaksALearnerAndRollsBackFromTheWindow) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  Click("experiment.model_free");
  ASSERT_TRUE(WaitFor([this] { return fs::exists(run_ / "checkpoints" / "before-1.eqps"); })) << Events();
  Click("experiment.model_free.back");
  ASSERT_TRUE(WaitFor([this] { return Events().find("rolled back") != std::string::npos; })) << Events();
  EXPECT_TRUE(fs::exists(run_ / "rolled-back-1" / "run.json"));
  EXPECT_EQ(Events().find("sac.entropy_bonus"), std::string::npos) << "it is as if it had never been";
  const long before = Episodes();
  EXPECT_TRUE(WaitFor([&] { return Episodes() > before; })) << "the run goes on";
}

TEST_F(WindowTest, AReasonThatIsTypedStandsAtWhatIsDoneNextAndAtNothingElse) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  const auto type = [this](const std::string& words) {
    Click("experiments.why");
    ASSERT_TRUE(WaitFor([this] { return Widget("edit", nullptr); })) << "the field did not open";
    ASSERT_TRUE(X("type '" + words + "'"));
    WaitForFrames();
  };
  // Not even Enter is needed: the click that does it ends the typing.
  type("does noise blind it");
  Click("experiment.distractors");
  ASSERT_TRUE(WaitFor([this] { return Events().find("distractors.active") != std::string::npos; })) << Events();
  EXPECT_NE(Events().find("\"why\":\"does noise blind it\""), std::string::npos) << Events();
  Click("experiment.model_free");
  ASSERT_TRUE(WaitFor([this] { return Events().find("sac.entropy_bonus") != std::string::npos; })) << Events();
  EXPECT_EQ(Events().find("does noise blind it"), Events().rfind("does noise blind it")) << "it was used: " << Events();
  type("no it does not");
  Click("experiment.distractors.back");
  ASSERT_TRUE(WaitFor([this] { return Events().find("rolled back") != std::string::npos; })) << Events();
  EXPECT_NE(Events().find("no it does not"), std::string::npos) << Events();
}

TEST_F(WindowTest, AChangeThatWaitsCanBeCancelledUntilItsEpisode) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  ASSERT_TRUE(X("key space"));
  WaitUntilPaused();
  Click("experiment.freeze");
  Click("cancel.model.steps");
  Click("experiment.dropout");
  ASSERT_TRUE(X("key space"));
  ASSERT_TRUE(WaitFor([this] { return Events().find("model.dropout") != std::string::npos; })) << Events();
  EXPECT_EQ(Events().find("model.steps"), std::string::npos) << "it was taken back before it took effect";
  const long before = Episodes();
  EXPECT_TRUE(WaitFor([&] { return Episodes() > before + 1; })) << "the run goes on";
}

TEST_F(WindowTest, GoesOnByStepsOfEachSize) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  ASSERT_TRUE(X("key slash"));  // pauses after the episode
  const long before = WaitUntilPaused();
  const int steps = Said("run.steps");
  ASSERT_TRUE(X("key slash"));
  ASSERT_TRUE(WaitFor([&] { return Said("run.steps") == steps + 20; }));
  EXPECT_EQ(WaitUntilPaused(), before + 1) << "one episode, then a pause";
  // Twenty environment steps make an episode.
  for (int i = 1; i <= 20; ++i) {
    ASSERT_TRUE(X("key period"));
    ASSERT_TRUE(WaitFor([&] { return Said("run.steps") >= steps + 20 + i; })) << i;
    WaitUntilPaused();
    EXPECT_EQ(Said("run.steps"), steps + 20 + i);
    if (i == 10) {
      EXPECT_EQ(Episodes(), before + 1) << "half an episode";
    }
  }
  // The first gradient step comes after the episode that is being acted, whose record is written then.
  for (int i = 0; i < 2; ++i) {
    WaitForFrames();
    const int gradient_steps = Said("run.gradient_steps");
    ASSERT_TRUE(X("key comma"));
    ASSERT_TRUE(WaitFor([&] { return Said("run.gradient_steps") > gradient_steps; })) << i;
    EXPECT_EQ(WaitUntilPaused(), before + 2) << "learning, nothing is acted";
  }
  ASSERT_TRUE(X("key bracketleft key bracketleft key bracketright"));
  ASSERT_TRUE(X("key space"));
  EXPECT_TRUE(WaitFor([&] { return Episodes() > before + 3; })) << "the run goes on";
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << Events();
}

TEST_F(WindowTest, EveryLiveSettingIsFoundByAWordAndChangedInTheSheet) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  ASSERT_TRUE(X("key F2"));
  Click("settings.search");
  WaitForFrames();
  ASSERT_TRUE(X("type --delay 120 tau"));
  ASSERT_TRUE(WaitFor([this] { return Widget("setting.sac.tau", nullptr); })) << "tau was not found";
  Click("setting.sac.tau");
  ASSERT_TRUE(WaitFor([this] { return Widget("edit", nullptr); })) << "the field did not open";
  ASSERT_TRUE(X("key ctrl+a type --delay 120 0.5"));
  ASSERT_TRUE(X("key Return"));
  EXPECT_TRUE(WaitFor([this] { return Events().find("sac.tau") != std::string::npos; })) << Events();
}

TEST_F(WindowTest, StartsANewRunAndGoesBackToTheFirstByKeysAlone) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 1; })) << Output();
  const auto press = [this](const std::string& keys) { ASSERT_TRUE(X("key --delay 150 " + keys)); };
  press("n");
  ASSERT_TRUE(WaitFor([this] { return Widget("new.start", nullptr); }));
  press("shift+Tab");  // the last control of the sheet: Start paused
  press("Return");
  const fs::path other = folder_ / "cartpole-unified-cpu-s0";
  ASSERT_TRUE(WaitFor([&] { return fs::exists(other / "run.json"); })) << Output();
  ASSERT_TRUE(WaitFor([&] { return Widget("run.tab." + other.string(), nullptr); }));
  const auto goes_on = [this] {
    const long before = Episodes();
    return WaitFor([&] { return Episodes() > before; });
  };
  EXPECT_TRUE(goes_on()) << "the first run trains beside it";
  press("ctrl+Tab");
  WaitForFrames();
  ASSERT_TRUE(WaitFor([this] { return Shows(run::RunState::kRunning); })) << "the window shows the first run";
  press("ctrl+w");
  ASSERT_TRUE(WaitFor([this] { return Widget("close.end", nullptr); })) << "it was not asked";
  press("Escape");
  EXPECT_TRUE(goes_on()) << "it was asked about alone";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(WindowTest, AClickCountsWhereTheMouseWasEvenWhenItHasMovedOn) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  const auto [x, y] = Middle("experiment.freeze");
  const std::string there = "mousemove " + std::to_string(x) + " " + std::to_string(y);
  ASSERT_TRUE(X(there + " click 1 mousemove 5 5"));  // all of it between two frames
  EXPECT_TRUE(WaitFor([this] { return Events().find("model.steps") != std::string::npos; })) << Events();
}

TEST_F(WindowTest, TakesEvidenceAndPlotsAway) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  ASSERT_TRUE(X("key e"));
  EXPECT_TRUE(WaitFor([&] { return Exported("evidence-episode"); }));
  ASSERT_TRUE(X("key s"));
  Click("export.part.2");  // curves
  Click("export.plots");
  EXPECT_TRUE(WaitFor([&] { return Exported("return-episode") && Exported("nll-episode"); }));
  Click("export.visible");
  EXPECT_TRUE(WaitFor([&] { return Exported("episodes-episode"); }));
}

std::map<std::string, std::string> FilesOf(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().string()] = ReadText(entry.path());
  return files;
}

TEST_F(WindowTest, LooksAtAFinishedRunWithoutTouchingIt) {
  run_ = folder_ / "run";
  std::vector<std::string> train = {tests::Program(), "train", "--out", run_.string()};
  const std::vector<std::string> small = SmallBut({"run.episodes=3"});
  train.insert(train.end(), small.begin(), small.end());
  ASSERT_EQ(Process(train, {}, folder_ / "train").Wait(), 0) << ReadText(folder_ / "train");
  const auto before = FilesOf(run_);
  ASSERT_GT(before.size(), 5u);
  StartCommand({tests::Program(), "gui", "--run", run_.string()});
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Widget("mask.first", nullptr); })) << "the check is not shown";
  Click("mask.first");  // what that mask imagines is made anew from the folder
  ASSERT_TRUE(X("key F2"));
  ASSERT_TRUE(X("key Escape"));
  program_->Terminate();
  program_->Wait();
  EXPECT_EQ(FilesOf(run_), before);
}

TEST_F(WindowTest, DrawsNothingWhileIconified) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 1; })) << Output();
  WaitForFrames();
  ASSERT_TRUE(X("search --sync --onlyvisible --name Equipoise windowunmap"));
  int before = -1;
  const auto draws_while_it_runs = [&] {
    before = Said("frame");
    const long episodes = Episodes();
    EXPECT_TRUE(WaitFor([&] { return Episodes() > episodes + 5; })) << "the run goes on";
    return Said("frame") > before;
  };
  EXPECT_TRUE(WaitFor([&] { return !draws_while_it_runs(); })) << "it is drawn, and nobody sees it";
  ASSERT_TRUE(X("search --name Equipoise windowmap"));
  EXPECT_TRUE(WaitFor([&] { return Said("frame") > before; })) << "and is drawn again when it comes back";
}

TEST_F(WindowTest, QuestionsARunByMouse) {
  StartProgram(SmallBut({"model.eta=100000"}));  // a model that sleeps, which health must say
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 6; })) << Output();

  // Another chart, chosen from the list; its caption has a switch to a logarithmic axis.
  EXPECT_FALSE(Widget("curves.log.11", nullptr));
  Click("curves.show");
  Click("curves.chart.11");
  EXPECT_TRUE(WaitFor([this] { return Widget("curves.log.11", nullptr); })) << "no chart of alpha";
  ASSERT_TRUE(X("key Escape"));

  // An episode, clicked in the return: the check shows it and offers the way back.
  EXPECT_FALSE(Widget("check.now", nullptr));
  // A first click may still meet the list, which closes by it.
  for (int i = 0; i < 5 && !Widget("check.now", nullptr); ++i) {
    Click("curves.return");
    WaitFor([this] { return Widget("check.now", nullptr); }, 4);
  }
  EXPECT_TRUE(Widget("check.now", nullptr)) << "the click selected no episode";
  EXPECT_TRUE(Widget("strip.echo", nullptr)) << "the strip does not answer to the curves";
  Click("check.now");

  // Another rule over the stored decisions, with a number of its own.
  Click("check.what_if");
  EXPECT_TRUE(WaitFor([this] { return Widget("what_if.rule", nullptr); }));
  Click("what_if.value");
  ASSERT_TRUE(WaitFor([this] { return Widget("edit", nullptr); })) << "the field did not open";
  ASSERT_TRUE(X("type 25"));
  ASSERT_TRUE(X("key Return"));

  // What is wrong with the run, listed whole.
  Click("status.health");
  EXPECT_TRUE(WaitFor([this] { return Widget("status.health.list", nullptr); })) << "health was not listed";
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << "looking is not steering";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(WindowTest, LogStripAndModelAnswerTheMouse) {
  StartProgram(SmallBut({"run.episodes=5"}));
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() == 7; })) << Output();
  ASSERT_TRUE(X("key Escape"));  // the hint of the first start

  // A line of the log leads to its episode, in the check, the scene and what is taken away.
  Click("log.filter");
  Click("log.filters.1");  // the episodes alone, the newest first: the third is episode 3
  EXPECT_FALSE(Widget("check.now", nullptr));
  Click("log.line.2");
  EXPECT_TRUE(WaitFor([this] { return Widget("check.now", nullptr); })) << "the line leads nowhere";
  EXPECT_TRUE(WaitFor([this] { return Widget("scene.recalled", nullptr); })) << "the scene does not follow the log";
  ASSERT_TRUE(X("key e"));
  EXPECT_TRUE(WaitFor([this] { return Exported("evidence-episode-0003"); })) << "another episode was chosen";

  // A cell of the strip as well.
  Click("strip.last");
  WaitForFrames();
  ASSERT_TRUE(X("key e"));
  EXPECT_TRUE(WaitFor([this] { return Exported("evidence-episode-0005"); })) << "the strip leads nowhere";

  // The model's error reads out what is pointed at.
  EXPECT_FALSE(Widget("model.read_out", nullptr));
  const auto [x, y] = Middle("model.chart");
  ASSERT_TRUE(X("mousemove " + std::to_string(x) + " " + std::to_string(y)));
  EXPECT_TRUE(WaitFor([this] { return Widget("model.read_out", nullptr); })) << "the model's chart is silent";
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << "looking is not steering";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(WindowTest, EndsWithCodeTwoAndASentenceWhenTheDisplayCannotBeOpened) {
  const std::vector<std::string> command = {tests::Program(), "gui", "--out", (folder_ / "none").string()};
  Process program(command, {"DISPLAY=:4711", "WAYLAND_DISPLAY="}, folder_ / "output");
  EXPECT_EQ(program.Wait(), 2);
  EXPECT_NE(Output().find("no display"), std::string::npos) << Output();
}

}  // namespace
}  // namespace equipoise::ui
