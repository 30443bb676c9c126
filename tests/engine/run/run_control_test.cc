// A run's pause, steps and end, without a run: as tables; and nobody who waits is forgotten.
#include "engine/run/run_control.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <future>
#include <vector>

#include "engine/base/interrupt.h"

namespace equipoise::run {
namespace {

using Unit = Step::Unit;
constexpr Unit kUnits[] = {Unit::kEnvironmentStep, Unit::kGradientStep, Unit::kEpisode};

// Whoever of RunControl's own commands it is.
void Obey(RunControl* control, const Command& command) {
  std::visit(
      [control](const auto& c) {
        using Kind = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<Kind, Pause> || std::is_same_v<Kind, Resume> || std::is_same_v<Kind, Step> ||
                      std::is_same_v<Kind, SetSpeed> || std::is_same_v<Kind, Quit>)
          EXPECT_TRUE(control->Obey(c).ok());
        else
          ADD_FAILURE() << "a command for somebody else";
      },
      command);
}

bool Ends(const RunControl& control) {
  try {
    control.ThrowIfEnding();
    return false;
  } catch (const Interrupted&) {
    return true;
  }
}

TEST(RunControl, AStepPausesAfterItsOwnUnitAndNoOther) {
  for (const Unit asked : kUnits) {
    for (const Unit done : kUnits) {
      RunControl control;
      Obey(&control, Pause{});
      Obey(&control, Step{asked});
      EXPECT_FALSE(control.paused());
      const bool pauses = asked == done;
      EXPECT_EQ(control.Ended(done), pauses) << static_cast<int>(asked) << " " << static_cast<int>(done);
      EXPECT_EQ(control.paused(), pauses);
      if (pauses) {
        EXPECT_FALSE(control.Ended(done)) << "one step is one pause";
      }
    }
  }
}

TEST(RunControl, TheLastWordHolds) {
  const Step step{Unit::kEpisode}, other{Unit::kGradientStep};
  struct Case {
    const char* what;
    std::vector<Command> commands;
    bool paused, stops;  // now; after the next episode
  };
  const Case cases[] = {
      {"nothing asked", {}, false, false},
      {"pause", {Pause{}}, true, false},
      {"pause twice", {Pause{}, Pause{}}, true, false},
      {"pause and resume", {Pause{}, Resume{}}, false, false},
      {"resume what runs", {Resume{}}, false, false},
      {"step while it runs", {step}, false, true},
      {"step out of a pause", {Pause{}, step}, false, true},
      {"resume takes the step back", {step, Resume{}}, false, false},
      {"so does a pause", {step, Pause{}, Resume{}}, false, false},
      {"and a step of another kind", {step, other}, false, false},
      {"the other way round", {other, step}, false, true},
      {"speed is no word on it", {Pause{}, SetSpeed{2}}, true, false},
      {"the end neither", {Pause{}, Quit{}}, true, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    RunControl control;
    for (const Command& command : c.commands) Obey(&control, command);
    EXPECT_EQ(control.paused(), c.paused);
    EXPECT_EQ(control.Ended(Unit::kEpisode), c.stops);
    EXPECT_EQ(control.paused(), c.paused || c.stops);
  }
}

TEST(RunControl, ASpeedOutsideIsRefusedAndChangesNothing) {
  struct Case {
    double factor;
    bool accepted;
  };
  for (const Case& c : std::vector<Case>{{0, true},
                                         {0.25, true},
                                         {1000, true},
                                         {-0.001, false},
                                         {1000.5, false},
                                         {std::nan(""), false},
                                         {INFINITY, false}}) {
    RunControl control;
    Obey(&control, SetSpeed{3});
    const Status status = control.Obey(SetSpeed{c.factor});
    EXPECT_EQ(status.ok(), c.accepted) << c.factor;
    EXPECT_EQ(control.speed(), c.accepted ? c.factor : 3);
    if (!status.ok()) {
      EXPECT_NE(status.error().message.find("between 0"), std::string::npos) << status.error().message;
    }
  }
}

TEST(RunControl, CommandsComeOutOnceAndInTheirOrder) {
  RunControl control;
  EXPECT_FALSE(control.has_commands());
  EXPECT_TRUE(control.TakeCommands().empty());
  control.Post(CancelChange{"first"});
  control.Post(CancelChange{"second"});
  EXPECT_TRUE(control.has_commands());
  EXPECT_FALSE(control.paused()) << "what is posted is not obeyed yet";
  const auto commands = control.TakeCommands();
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(std::get<CancelChange>(commands[0]).key, "first");
  EXPECT_EQ(std::get<CancelChange>(commands[1]).key, "second");
  EXPECT_FALSE(control.has_commands());
  EXPECT_TRUE(control.TakeCommands().empty());
}

TEST(RunControl, AnEpisodeIsGivenUpUntilThatIsOverAndAnEndIsForGood) {
  RunControl control;
  EXPECT_FALSE(Ends(control));
  control.Abandon();
  EXPECT_TRUE(Ends(control));
  EXPECT_FALSE(control.quits());
  control.AbandonIsOver();
  EXPECT_FALSE(Ends(control));
  Obey(&control, Quit{});
  control.AbandonIsOver();
  EXPECT_TRUE(Ends(control));
  EXPECT_TRUE(control.quits());
}

// What lets go of a thread that learns beside, and whether it goes on. Often, so that one of them does wait.
TEST(RunControl, WhoeverIsHeldGoesOnOrEnds) {
  struct Case {
    const char* what;
    std::function<void(RunControl*)> act;
    bool goes_on;
  };
  const Case cases[] = {
      {"resume", [](RunControl* c) { Obey(c, Resume{}); }, true},
      {"step", [](RunControl* c) { Obey(c, Step{Unit::kGradientStep}); }, true},
      {"quit", [](RunControl* c) { Obey(c, Quit{}); }, false},
      {"abandon", [](RunControl* c) { c->Abandon(); }, false},
  };
  for (const Case& c : cases) {
    for (int i = 0; i < 50; ++i) {
      RunControl control;
      Obey(&control, Pause{});
      auto went_on = std::async(std::launch::async, [&control] {
        try {
          control.Hold();
          return true;
        } catch (const Interrupted&) {
          return false;
        }
      });
      if (i % 2 == 0) (void)went_on.wait_for(std::chrono::milliseconds(1));
      c.act(&control);
      EXPECT_EQ(went_on.get(), c.goes_on) << c.what;
    }
  }
}

TEST(RunControl, APausedRunWakesForACommandAndForTheEndOfThePause) {
  for (const bool posts : {true, false}) {
    for (int i = 0; i < 50; ++i) {
      RunControl control;
      Obey(&control, Pause{});
      auto woken = std::async(std::launch::async, [&control] { control.WaitForCommand(60); });
      if (i % 2 == 0) (void)woken.wait_for(std::chrono::milliseconds(1));
      if (posts)
        control.Post(Pause{});
      else
        Obey(&control, Resume{});
      woken.get();
      EXPECT_EQ(control.has_commands(), posts);
    }
  }
}

}  // namespace
}  // namespace equipoise::run
