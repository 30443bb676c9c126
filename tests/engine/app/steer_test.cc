// A run at work is spoken to by other processes, through files in its folder.
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

class Steering : public ProgramTest {
 protected:
  struct Said {
    int code = -1;
    std::string out, err;
  };
  Said Say(std::vector<std::string> words) {
    Start start;
    start.arguments = std::move(words);
    const std::string where = folder_ / "other";  // its output beside the run's
    std::filesystem::create_directories(where);
    start.arguments.insert(start.arguments.begin() + 1, Run());
    Program program(where, start);
    const int code = program.Wait().code;
    return {code, program.Out(), program.Err()};
  }
  std::vector<run::Event> Interventions() {
    std::vector<run::Event> out;
    for (const std::string& line : store::ReadLines(Run() + "/events.jsonl").value()) {
      auto event = run::EventFromLine(line, "events");
      if (event && event.value().kind == run::Event::Kind::kIntervention) out.push_back(event.value());
    }
    return out;
  }
};

TEST_F(Steering, ChangesARunAtWorkWithItsReasonAndTheRunIsMadeAgainFromIt) {
  Start start = Endless();
  start.arguments.insert(start.arguments.end(), {"--agent", "sac"});
  Program program(folder_.path(), start);
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 4));
  EXPECT_EQ(Say({"pause"}).out, "Paused.\n");
  const size_t paused = Episodes(Run());

  Said said = Say({"steer", "--set", "sac.entropy_bonus=3", "--set", "sac.gamma=0.9", "--why", "does it \"recover\"?"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("sac.entropy_bonus will be 3 from episode "), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("sac.gamma will be 0.9 from episode "), std::string::npos) << said.out;
  said = Say({"status"});
  EXPECT_EQ(said.code, 0) << said.err;
  for (const char* word : {"running by process ", "now: paused, episode ", "sac.entropy_bonus will be 3"})
    EXPECT_NE(said.out.find(word), std::string::npos) << said.out;
  EXPECT_LE(Episodes(Run()), paused + 1) << "it is paused";

  // The episode that it was paused in, and the one that the change was accepted for.
  for (int i = 0; i < 2; ++i) {
    const size_t had = Episodes(Run());
    EXPECT_EQ(Say({"step"}).code, 0);
    ASSERT_TRUE(WaitForEpisodes(&program, Run(), had + 1));
  }
  ASSERT_EQ(Interventions().size(), 2u);
  const std::vector<run::Event> events = Interventions();
  EXPECT_EQ(events[0].why, "does it \"recover\"?");
  EXPECT_EQ(events[1].key, "sac.gamma");

  // Nothing of it is done when one of it cannot be.
  said = Say({"steer", "--set", "sac.gamma=0.8", "--set", "sac.hidden=9"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("sac.hidden is fixed for the whole run"), std::string::npos) << said.err;
  EXPECT_EQ(Say({"status"}).out.find("sac.gamma will be"), std::string::npos);
  said = Say({"steer", "--roll-back", "before-77"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("before-1"), std::string::npos) << said.err;
  said = Say({"push", "--body", "elbow", "--force", "1,0,0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("The robot has no body \"elbow\": its bodies are "), std::string::npos) << said.err;
  said = Say({"steer", "--set", "sac.gamma=0.95", "--why", "two\nlines"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("A reason is one line"), std::string::npos) << said.err;

  EXPECT_EQ(Say({"unpause"}).code, 0);
  EXPECT_EQ(Say({"stop"}).code, 0);
  EXPECT_FALSE(program.Wait().late);
  EXPECT_TRUE(store::ReadDescription(Run()).value().steered);
  said = Say({"pause"});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.err.find("nobody works on "), std::string::npos) << said.err;
  EXPECT_EQ(Say({"status"}).code, 0) << "of a run that nobody works on, from its files";

  Start again;
  again.arguments = {"rerun", "run", "--out", "again"};
  Program rerun(folder_.path(), again);
  EXPECT_EQ(rerun.Wait().code, 0) << rerun.Out() << rerun.Err();
}

TEST_F(Steering, PushesABodyAndLetsGo) {
  Start start = Endless();
  start.arguments.insert(start.arguments.end(), {"--agent", "sac"});
  Program program(folder_.path(), start);
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 3));
  (void)Say({"pause"});
  // To where an episode is acted: step by step through what is learnt.
  Said said;
  for (int i = 0; i < 200 && said.out.find("acting, step 3") == std::string::npos; ++i) {
    (void)Say({"step", "--unit", "environment"});
    said = Say({"status"});
  }
  ASSERT_NE(said.out.find("acting, step "), std::string::npos) << said.out;
  const auto pushed = std::make_shared<Said>();
  std::thread hand([&, pushed] {
    *pushed = Say({"push", "--body", "cart", "--force", "30,0,0", "--seconds", "1", "--why", "does it hold"});
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  Start step;
  step.arguments = {"step", Run(), "--unit", "environment"};
  const std::string where = folder_ / "third";
  std::filesystem::create_directories(where);
  EXPECT_EQ(Program(where, step).Wait().code, 0);
  hand.join();
  EXPECT_EQ(pushed->code, 0) << pushed->err;
  EXPECT_EQ(pushed->out, "Pushed from the next environment step on.\nLet go.\n");
  EXPECT_EQ(Say({"unpause"}).code, 0);
  ASSERT_TRUE(WaitUntil([&] { return !Interventions().empty(); }));
  EXPECT_NE(Interventions()[0].text.find("cart"), std::string::npos) << Interventions()[0].text;
  EXPECT_EQ(Interventions()[0].why, "does it hold");
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Wait().code, 75);
}

// What lies in the mailbox is anybody's: nonsense is answered or left, and never does harm.
TEST_F(Steering, NonsenseInTheMailboxIsAnsweredAndTheRunGoesOn) {
  Program program(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), 3));
  const std::string box = Run() + "/mailbox";
  std::filesystem::create_directories(box + "/folder.ask");
  const std::pair<const char*, std::string> letters[] = {
      {"empty", ""},
      {"no-json", "{\"do\": "},
      {"array", "[1, 2]"},
      {"unknown", "{\"do\": \"dance\"}"},
      {"types", "{\"do\": \"set\", \"changes\": {\"sac.gamma\": [1]}}"},
      {"wrench", "{\"do\": \"push\", \"body\": \"cart\", \"wrench\": [1]}"},
      {"huge", std::string(1'000'000, 'x')}};
  for (const auto& [name, text] : letters) ASSERT_TRUE(WriteFileAtomically(box + "/" + name + ".ask", text).ok());
  for (const auto& [name, text] : letters) {
    const std::string answer = box + "/" + name + ".answer";
    ASSERT_TRUE(WaitUntil([&] { return std::filesystem::exists(answer); })) << name;
    EXPECT_NE(ReadFile(answer).value().find("\"done\":false"), std::string::npos) << name;
  }
  ASSERT_TRUE(WaitUntil([&] { return !std::filesystem::exists(box + "/folder.ask"); }));
  ASSERT_TRUE(WaitForEpisodes(&program, Run(), Episodes(Run()) + 2));
  EXPECT_FALSE(store::ReadDescription(Run()).value().steered);
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Wait().code, 75);
}

}  // namespace
}  // namespace equipoise::app
