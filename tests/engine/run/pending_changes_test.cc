// Changes that wait: what is refused, what is noted before it is accepted, and what is in force when.
#include "engine/run/pending_changes.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace equipoise::run {
namespace {

// Accepts into memory what the engine writes to the disk.
class Asking : public testing::Test {
 protected:
  Asking()
      : changes([this](const std::string& line) {
          if (disk_is_full) return Status(Error{"no space left"});
          notes.push_back(line);
          return Status();
        }) {}

  Status Ask(const std::string& key, const config::Value& value) { return changes.Ask({key, value}, standing); }
  Status TakeBack(const std::string& key) { return changes.TakeBack({key}, standing); }
  // "eps.masks=9@3 ..."
  static std::string Text(const std::vector<PendingChange>& list) {
    std::string text;
    for (const PendingChange& c : list)
      text += (text.empty() ? "" : " ") + c.key + "=" + config::ToText(c.to) + "@" + std::to_string(c.episode);
    return text;
  }
  std::string Waiting() const { return Text(changes.waiting()); }

  config::Settings settings;  // 50 masks, 10 rollouts, eta 100, periods 5 to 100
  PendingChanges::Standing standing{settings, 4, 3, false};
  std::vector<std::string> notes;
  bool disk_is_full = false;
  PendingChanges changes;
};

TEST_F(Asking, IsAcceptedOrRefusedWithTheReason) {
  struct Case {
    const char *what, *key;
    config::Value value;
    const char *refused, *waiting;  // "": accepted
    int notes;
  };
  const Case cases[] = {
      {"a new value", "eps.masks", 9, "", "model.eta=2@3 eps.masks=9@3", 1},
      {"another for what waits", "model.eta", 3.0, "", "model.eta=3@3", 1},
      {"the same for what waits", "model.eta", 2.0, "", "model.eta=2@3", 1},
      {"back to what is in force", "model.eta", 100.0, "", "", 1},
      {"what is in force anyway", "eps.masks", 50, "", "model.eta=2@3", 0},
      {"no such setting", "model.etta", 1.0, "the nearest known one is model.eta.", "model.eta=2@3", 0},
      {"fixed", "model.hidden", 64, "model.hidden is fixed for the whole run", "model.eta=2@3", 0},
      {"outside its range", "model.dropout", 1.5, "outside", "model.eta=2@3", 0},
      {"room for it", "distractors.groups", 4, "", "model.eta=2@3 distractors.groups=4@3", 1},
      {"no room for it", "distractors.groups", 7, "have room for 4 groups", "model.eta=2@3", 0},
      {"against another one", "distractors.shortest_period", 200.0, "is below", "model.eta=2@3", 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    changes.Replace({{"model.eta", 100.0, 2.0, 3}});
    notes.clear();
    const Status status = Ask(c.key, c.value);
    const std::string refused = status ? "" : status.error().message;
    EXPECT_EQ(status.ok(), std::string(c.refused).empty()) << refused;
    EXPECT_NE(refused.find(c.refused), std::string::npos) << refused;
    EXPECT_EQ(Waiting(), c.waiting);
    EXPECT_EQ(notes.size(), static_cast<size_t>(c.notes));
  }
}

TEST_F(Asking, WhatWouldChangeNothingIsNoIntervention) {
  settings.run.agent = "mbrl";
  const Status asked = Ask("sac.batch", 64);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().message, "sac.batch would change nothing: this run's agent, mbrl, has no SAC.");
  EXPECT_EQ(notes.size(), 0u);
  EXPECT_TRUE(Ask("model.eta", 2.0));
  EXPECT_TRUE(Ask("run.episodes", 200));
}

TEST_F(Asking, WhatWaitsCanBeTakenBackUnlessAnotherOneNeedsIt) {
  ASSERT_TRUE(Ask("distractors.longest_period", 300.0));
  ASSERT_TRUE(Ask("distractors.shortest_period", 200.0));
  const Status needed = TakeBack("distractors.longest_period");
  ASSERT_FALSE(needed);
  EXPECT_NE(needed.error().message.find("is below"), std::string::npos) << needed.error().message;
  EXPECT_EQ(changes.waiting().size(), 2u);
  EXPECT_TRUE(TakeBack("distractors.shortest_period"));
  EXPECT_TRUE(TakeBack("distractors.longest_period"));
  EXPECT_EQ(Waiting(), "");
  const Status gone = TakeBack("distractors.longest_period");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "No change of distractors.longest_period is pending.");
  EXPECT_EQ(notes.size(), 4u) << "each that was accepted";
}

TEST_F(Asking, NothingIsAcceptedThatCouldNotBeNoted) {
  ASSERT_TRUE(Ask("eps.masks", 9));
  disk_is_full = true;
  const Status asked = Ask("eps.rollouts", 4), taken_back = TakeBack("eps.masks");
  ASSERT_FALSE(asked);
  ASSERT_FALSE(taken_back);
  EXPECT_EQ(asked.error().message, "Not changed: no space left.");
  EXPECT_EQ(taken_back.error().message, "Not changed: no space left.");
  EXPECT_EQ(Waiting(), "eps.masks=9@3");
}

TEST_F(Asking, WhatIsDueBeforeAnEpisode) {
  const PendingChange masks{"eps.masks", 50, 9, 3}, eta{"model.eta", 100.0, 2.0, 4};
  const PendingChange longer{kLengthKey, 100, 200, 3}, shorter{kLengthKey, 100, 2, 3}, just{kLengthKey, 100, 3, 3};
  struct Case {
    const char* what;
    std::vector<PendingChange> waiting;
    int episode;
    const char *due, *later;
    bool by_hand;
  };
  const Case cases[] = {
      {"nothing waits", {}, 3, "", "", false},
      {"not yet", {masks}, 2, "", "eps.masks=9@3", false},
      {"now", {masks}, 3, "eps.masks=9@3", "", true},
      {"late", {masks}, 7, "eps.masks=9@3", "", true},
      {"one now, one later", {eta, masks}, 3, "eps.masks=9@3", "model.eta=2@4", true},
      {"the length alone is no intervention", {longer}, 3, "run.episodes=200@3", "", false},
      {"with another it is", {longer, masks}, 3, "run.episodes=200@3 eps.masks=9@3", "", true},
      {"an end has no next episode", {masks, shorter}, 3, "run.episodes=2@3", "eps.masks=9@3", false},
      {"the last episode is one", {masks, just}, 3, "eps.masks=9@3 run.episodes=3@3", "", true},
      {"a later end is none yet", {masks, {kLengthKey, 100, 2, 4}}, 3, "eps.masks=9@3", "run.episodes=2@4", true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    changes.Replace(c.waiting);
    const PendingChanges::Due due = changes.DueBefore(c.episode);
    EXPECT_EQ(Text(due.changes), c.due);
    EXPECT_EQ(Text(due.later), c.later);
    EXPECT_EQ(due.by_hand, c.by_hand);
    EXPECT_EQ(Waiting(), Text(c.waiting)) << "asking changes nothing";
  }
}

TEST_F(Asking, ARunIsAsLongAsTheLongestThatWasAskedFor) {
  EXPECT_EQ(changes.Episodes(10), 10);
  changes.Replace({{"eps.masks", 50, 99, 3}, {kLengthKey, 10, 25, 3}});
  EXPECT_EQ(changes.Episodes(10), 25);
  changes.Replace({{kLengthKey, 10, 4, 3}});
  EXPECT_EQ(changes.Episodes(10), 10) << "it is shorter at its boundary only";
}

// The whole way of two changes; every line names what a continued run has to do again.
TEST_F(Asking, EachLineHoldsAllSinceTheLastCheckpoint) {
  const std::string masks = R"({"key":"eps.masks","to":"9","episode":3})",
                    eta = R"({"key":"model.eta","to":"2","episode":4})";
  const auto line = [](const std::string& list, bool steered) {
    return R"({"changes":[)" + list + R"(],"steered":)" + (steered ? "true}" : "false}");
  };
  ASSERT_TRUE(Ask("eps.masks", 9));
  const PendingChanges::Due due = changes.DueBefore(3);
  ASSERT_TRUE(changes.NoteAgain(true));
  changes.PutInForce(due);
  EXPECT_EQ(Waiting(), "");
  const PendingChanges::Standing later{settings, 4, 4, true};
  ASSERT_TRUE(changes.Ask({"model.eta", 2.0}, later));
  changes.OnCheckpoint();
  ASSERT_TRUE(changes.TakeBack({"model.eta"}, later));
  EXPECT_EQ(notes, (std::vector<std::string>{line(masks, false), line(masks, true), line(masks + "," + eta, true),
                                             line("", true)}));
}

TEST_F(Asking, WithoutItsCheckpointWhatWasInForceWaitsAgainAndFirst) {
  changes.Replace({{"eps.masks", 50, 9, 3}, {"model.eta", 100.0, 2.0, 4}});
  changes.PutInForce(changes.DueBefore(3));
  EXPECT_EQ(Waiting(), "model.eta=2@4");
  changes.WaitAgain();
  EXPECT_EQ(Waiting(), "eps.masks=9@3 model.eta=2@4");
}

TEST(ChangeEvent, SaysWhatIsInForceFromWhen) {
  struct Case {
    PendingChange change;
    config::Value from;
    const char *checkpoint, *text;
    Event::Kind kind;
  };
  const Case cases[] = {
      {{kLengthKey, 0, 200, 3},
       100,
       "",
       "The run was set to end after 200 episodes instead of 100.",
       Event::Kind::kNote},
      {{kLengthKey, 0, 200, 3},
       100,
       "before-1",
       "The run was set to end after 200 episodes instead of 100.",
       Event::Kind::kNote},
      {{"eps.masks", 0, 9, 3},
       50,
       "",
       "You set eps.masks from 50 to 9; in force from episode 5.",
       Event::Kind::kIntervention},
      {{"eps.masks", 0, 9, 3},
       50,
       "before-1",
       "You set eps.masks from 50 to 9; in force from episode 5. Checkpoint before-1 kept.",
       Event::Kind::kIntervention},
      {{"distractors.active", false, true, 3},
       false,
       "",
       "You injected 12 distractors; in force from episode 5.",
       Event::Kind::kIntervention},
      {{"distractors.active", true, false, 3},
       true,
       "before-2",
       "You removed 12 distractors; in force from episode 5. Checkpoint before-2 kept.",
       Event::Kind::kIntervention},
  };
  for (const Case& c : cases) {
    const Event event = ToEvent(c.change, c.from, 5, 12, c.checkpoint);
    EXPECT_EQ(event.text, c.text);
    EXPECT_EQ(event.kind, c.kind) << c.text;
    EXPECT_EQ(event.key, c.change.key);
    EXPECT_EQ(event.from, config::ToText(c.from));
    EXPECT_EQ(event.to, config::ToText(c.change.to));
    EXPECT_EQ(event.episode, 5);
    EXPECT_EQ(event.number, 0) << "numbered where it is added";
    EXPECT_EQ(event.checkpoint, c.kind == Event::Kind::kNote ? "" : c.checkpoint);
  }
}

}  // namespace
}  // namespace equipoise::run
