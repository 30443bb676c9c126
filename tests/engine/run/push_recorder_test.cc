// Who pushes at which step: asked for, noted, told once, and made again.
#include "engine/run/push_recorder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "engine/run/accepted.h"

namespace equipoise::run {
namespace {

constexpr int kHorizon = 6, kEpisode = 4;

PushBody Push(double force, int body = 1) { return {body, {force, 0, 0, 0, 0, 0}}; }

class PushRecording : public testing::Test {
 protected:
  PushRecording()
      : pushes(
            [this](const std::string& line) {
              if (disk_is_full) return Status(Error{"no space left"});
              notes.push_back(line);
              return Status();
            },
            [this](const Touch& touch) { told.push_back(touch); }) {}

  Status Ask(const PushBody& push, bool acting = true) {
    return pushes.Ask(push, acting, [](int body) { return body == 1 || body == 2; });
  }
  // The force at this step, 0: none.
  double At(int attempt, int step) {
    const Result<const PushBody*> push = pushes.At({kEpisode, attempt, step, kHorizon});
    EXPECT_TRUE(push.ok()) << push.error().message;
    return push.ok() && push.value() != nullptr ? push.value()->wrench[0] : 0;
  }
  // The steps of one attempt, with what was asked for before each.
  std::vector<double> Act(int attempt, int steps, const std::map<int, double>& asked) {
    std::vector<double> forces;
    for (int step = 0; step < steps; ++step) {
      if (const auto force = asked.find(step); force != asked.end()) {
        EXPECT_TRUE(Ask(Push(force->second)));
      }
      forces.push_back(At(attempt, step));
    }
    return forces;
  }
  static std::string Text(const Touch& touch) {
    return ToText(touch.strokes) + " | episode " + std::to_string(touch.episode) + ", end " + std::to_string(touch.end);
  }

  std::vector<std::string> notes;
  std::vector<Touch> told;
  bool disk_is_full = false;
  PushRecorder pushes;
};

TEST_F(PushRecording, IsAcceptedOrRefusedWithTheReason) {
  const PushBody release{}, held_still{2, {}};
  PushBody not_a_number = Push(5);
  not_a_number.wrench[4] = std::nan("");
  struct Case {
    const char* what;
    PushBody push;
    bool acting;
    const char* refused;
  };
  const Case cases[] = {
      {"a body of the robot", Push(5), true, ""},
      {"at the limit", Push(1e6), true, ""},
      {"beyond it", Push(1.1e6), true, "at most a million newtons"},
      {"not a number", not_a_number, true, "not understood"},
      {"the world", Push(5, 0), true, "not understood"},
      {"no body at all", Push(5, 9), true, "not understood"},
      {"a release needs no body", release, true, ""},
      {"nobody moves", Push(5), false, "Nobody moves"},
      {"letting go of nobody", release, false, ""},
      {"a force of zero lets go", held_still, true, ""},
  };
  for (const Case& c : cases) {
    const Status status = Ask(c.push, c.acting);
    const std::string refused = status ? "" : status.error().message;
    EXPECT_EQ(status.ok(), std::string(c.refused).empty()) << c.what << ": " << refused;
    EXPECT_NE(refused.find(c.refused), std::string::npos) << c.what << ": " << refused;
  }
}

TEST_F(PushRecording, NoHandIsFinerThanAThousandth) {
  ASSERT_TRUE(Ask(Push(1.23449)));
  EXPECT_EQ(At(0, 0), 1.234);
}

// One attempt of six steps, at the end of which the episode ends.
TEST_F(PushRecording, IsInForceUntilItIsLetGoAndToldOnce) {
  using Forces = std::vector<double>;
  struct Case {
    const char* what;
    std::map<int, double> asked;
    Forces forces;
    std::vector<std::string> told;
    std::vector<int> noted;  // steps
  };
  const Case cases[] = {
      {"nobody", {}, {0, 0, 0, 0, 0, 0}, {}, {}},
      {"letting go of nothing", {{2, 0}}, {0, 0, 0, 0, 0, 0}, {}, {}},
      {"held and let go",
       {{1, 5}, {3, 0}},
       {0, 5, 5, 0, 0, 0},
       {"0 1 1 5 0 0 0 0 0; 0 3 0 0 0 0 0 0 0 | episode 4, end 3"},
       {1, 2, 3}},
      {"held to the end", {{4, 5}}, {0, 0, 0, 0, 5, 5}, {"0 4 1 5 0 0 0 0 0 | episode 4, end 6"}, {4, 5}},
      {"harder, and the same again",
       {{0, 5}, {1, 7}, {2, 7}, {3, 0}},
       {5, 7, 7, 0, 0, 0},
       {"0 0 1 5 0 0 0 0 0; 0 1 1 7 0 0 0 0 0; 0 3 0 0 0 0 0 0 0 | episode 4, end 3"},
       {0, 1, 2, 3}},
      {"two touches",
       {{0, 5}, {1, 0}, {3, 7}, {4, 0}},
       {5, 0, 0, 7, 0, 0},
       {"0 0 1 5 0 0 0 0 0; 0 1 0 0 0 0 0 0 0 | episode 4, end 1",
        "0 3 1 7 0 0 0 0 0; 0 4 0 0 0 0 0 0 0 | episode 4, end 4"},
       {0, 1, 3, 4}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    notes.clear();
    told.clear();
    EXPECT_EQ(Act(0, kHorizon, c.asked), c.forces);
    pushes.End(kHorizon);
    pushes.Forget();
    ASSERT_EQ(told.size(), c.told.size());
    for (size_t i = 0; i < told.size(); ++i) EXPECT_EQ(Text(told[i]), c.told[i]);
    ASSERT_EQ(notes.size(), c.noted.size());
    for (size_t i = 0; i < notes.size(); ++i) {
      const PushBody now =
          c.forces[static_cast<size_t>(c.noted[i])] == 0 ? PushBody{} : Push(c.forces[static_cast<size_t>(c.noted[i])]);
      EXPECT_EQ(notes[i], PushLine({0, c.noted[i], now}));
    }
  }
}

TEST_F(PushRecording, AnAttemptThatDivergesEndsTheTouch) {
  EXPECT_EQ(Act(0, 3, {{1, 5}}), (std::vector<double>{0, 5, 5}));
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(Act(1, 3, {{2, 7}}), (std::vector<double>{0, 0, 7})) << "nobody pushes in the next one";
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(Text(told[0]), "0 1 1 5 0 0 0 0 0 | episode 4, end 6") << "it was never let go";
  pushes.End(kHorizon);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(Text(told[1]), "1 2 1 7 0 0 0 0 0 | episode 4, end 6");
}

TEST_F(PushRecording, StrokesAreMadeAgainAtTheirStepsAndAHandGoesBefore) {
  const std::vector<Stroke> strokes = {{0, 1, Push(5)}, {0, 4, {}}, {1, 0, Push(9)}};
  pushes.Repeat(strokes);
  EXPECT_EQ(Act(0, kHorizon, {}), (std::vector<double>{0, 5, 5, 5, 0, 0}));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(Text(told[0]), "0 1 1 5 0 0 0 0 0; 0 4 0 0 0 0 0 0 0 | episode 4, end 4") << "told in the same words";
  EXPECT_EQ(notes.size(), 4u) << "and noted, for it may be given up again";
  EXPECT_EQ(At(1, 0), 9);
  pushes.End(kHorizon);

  pushes.Repeat(strokes);
  EXPECT_EQ(Act(0, kHorizon, {{1, 8}, {2, 0}}), (std::vector<double>{0, 8, 0, 0, 0, 0}));
  pushes.Forget();
  EXPECT_EQ(Act(0, kHorizon, {}), (std::vector<double>(kHorizon, 0.0))) << "the next episode has none of them";
}

TEST_F(PushRecording, AReasonIsNotedWithEveryStepAndToldWithItsTouchAlone) {
  pushes.Explain("will it fall");
  EXPECT_EQ(Act(0, kHorizon, {{1, 5}, {2, 0}, {3, 7}, {4, 0}}), (std::vector<double>{0, 5, 0, 7, 0, 0}));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].why, "will it fall");
  EXPECT_EQ(told[1].why, "");
  ASSERT_EQ(notes.size(), 4u);
  EXPECT_EQ(notes[0], PushLine({0, 1, Push(5)}, "will it fall"));
  EXPECT_EQ(notes[2], PushLine({0, 3, Push(7)}));

  // A continued run has it from there.
  const auto accepted = AcceptedFrom(notes, config::Settings(), "accepted.jsonl");
  ASSERT_TRUE(accepted.ok()) << accepted.error().message;
  pushes.Forget();
  told.clear();
  pushes.Repeat(accepted.value().strokes, accepted.value().push_reasons);
  (void)Act(0, kHorizon, {});
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].why, "will it fall");
  EXPECT_EQ(told[1].why, "");
  // And one that is made again, from what its events say.
  Event event;
  event.key = kPushKey;
  event.episode = kEpisode;
  event.to = ToText(told[0].strokes);
  event.why = told[0].why;
  EXPECT_EQ(PushReasonsOf({event}, kEpisode), (PushReasons{{{0, 1}, "will it fall"}}));
  EXPECT_TRUE(PushReasonsOf({event}, kEpisode + 1).empty());
}

TEST_F(PushRecording, WhatWasAskedForInAnEpisodeIsNotDoneInTheNext) {
  ASSERT_TRUE(Ask(Push(5)));
  pushes.Forget();
  EXPECT_EQ(At(0, 0), 0);
}

TEST_F(PushRecording, TheHandOfAnEpisodeThatIsGivenUpLetsGoWhereItWas) {
  pushes.LetGo(0);
  pushes.End(0);
  EXPECT_TRUE(told.empty()) << "nobody pushed";
  Act(0, 3, {{1, 5}});
  pushes.LetGo(3);
  pushes.End(3);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(Text(told[0]), "0 1 1 5 0 0 0 0 0; 0 3 0 0 0 0 0 0 0 | episode 4, end 3");
  EXPECT_EQ(At(0, 4), 0);
}

TEST_F(PushRecording, NothingIsPushedThatCouldNotBeNoted) {
  ASSERT_TRUE(Ask(Push(5)));
  disk_is_full = true;
  const Result<const PushBody*> push = pushes.At({kEpisode, 0, 0, kHorizon});
  ASSERT_FALSE(push.ok());
  EXPECT_EQ(push.error().message, "no space left");
  pushes.End(1);
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace equipoise::run
