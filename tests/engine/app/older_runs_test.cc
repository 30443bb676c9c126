// Run folders as earlier versions of the program wrote them are looked at, replayed and gone on with.
//
//   fixtures/runs/run-before-checks.tar.gz   by commit 9cf547f: logs without checks, run.json without lives and without
//                                            the name of the event file, settings that were added since are absent
//   fixtures/runs/run-with-checks.tar.gz     by commit 25ded0e: a check in every line, lives, the event file's name
//
// Both hold two random episodes of cart-pole and three that were decided, with their decisions.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/store/checked_log.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class OlderRun : public ProgramTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    const std::string archive = tests::FixtureFolder() + "/runs/" + GetParam() + ".tar.gz";
    ASSERT_EQ(std::system(("tar -xzf '" + archive + "' -C '" + folder_.path() + "'").c_str()), 0);
  }
  std::string Run() const { return folder_ / "cartpole"; }
  std::string EventFile() const {
    for (const auto& entry : fs::directory_iterator(Run()))
      if (entry.path().filename().string().rfind("events.out.tfevents.", 0) == 0) return entry.path().string();
    return "";
  }
  // The values of a column of a table, as they stand there.
  static std::vector<std::string> Column(const std::string& path, const std::string& name) {
    const auto cells = [](const std::string& line) {
      std::vector<std::string> out;
      std::istringstream in(line);
      for (std::string cell; std::getline(in, cell, ',');) out.push_back(cell);
      return out;
    };
    const std::vector<std::string> lines = store::ReadLines(path).value();
    const std::vector<std::string> names = cells(lines.at(0));
    const auto at = static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    std::vector<std::string> values;
    for (size_t i = 1; i < lines.size(); ++i) values.push_back(cells(lines[i]).at(at));
    return values;
  }
  std::string Out(const std::vector<std::string>& arguments, int code) {
    Start start;
    start.arguments = arguments;
    Program program(folder_.path(), start);
    EXPECT_EQ(program.Wait().code, code) << arguments[0] << ": " << program.Out() << program.Err();
    return program.Out();
  }
};

TEST_P(OlderRun, ItsDecisionsComeOutAgain) {
  for (const char* episode : {"1", "2", "3"}) {
    const std::string said = Out({"replay", "--run", "cartpole", "--episode", episode}, 0);
    EXPECT_EQ(said.rfind("The same numbers", 0), 0u) << said;
  }
}

TEST_P(OlderRun, ItsCurvesAreExported) {
  if (Out({"export", "--help"}, 0).find("--csv") == std::string::npos) GTEST_SKIP() << "this build has no exports";
  Out({"export", "--run", "cartpole", "--of", "curves", "--csv", "curves.csv"}, 0);
  EXPECT_EQ(Column(folder_ / "curves.csv", "episode"), (std::vector<std::string>{"-1", "0", "1", "2", "3"}));
  const auto returns = Column(folder_ / "curves.csv", "episode_return");
  const auto table = Column(Run() + "/progress.csv", "episode_return");
  ASSERT_EQ(returns.size(), table.size());
  for (size_t i = 0; i < table.size(); ++i)
    EXPECT_DOUBLE_EQ(std::strtod(returns[i].c_str(), nullptr), std::strtod(table[i].c_str(), nullptr));
}

using Table = std::vector<std::map<std::string, std::string>>;

Table Rows(const std::string& csv) {
  const auto cells = [](const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
      if (c == ',')
        out.emplace_back();
      else
        out.back() += c;
    }
    return out;
  };
  Table table;
  std::istringstream in(csv);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = cells(line);
  while (std::getline(in, line)) {
    const std::vector<std::string> row = cells(line);
    table.emplace_back();
    for (size_t i = 0; i < names.size() && i < row.size(); ++i) table.back()[names[i]] = row[i];
  }
  return table;
}

// The table is made again with today's names of the learners: every number of then is in it.
void ExpectSameNumbers(const std::string& then, const std::string& now) {
  const Table before = Rows(then), after = Rows(now);
  ASSERT_GT(before.size(), 0u);
  ASSERT_EQ(after.size(), before.size() + 1);
  for (size_t i = 0; i < before.size(); ++i) {
    for (const auto& [name, cell] : before[i]) {
      if (name == "pick" || name == "reason") continue;  // in other words
      const std::string today = name == "imagined_return_mf" ? "imagined_return_sac" : name;
      ASSERT_EQ(after[i].count(today), 1u) << name;
      EXPECT_EQ(after[i].at(today), cell) << name << " of row " << i;
    }
  }
}

TEST_P(OlderRun, GoesOnAndKeepsWhatItWrote) {
  const std::string event_file = EventFile(), events = ReadFile(event_file).value();
  const std::string table = ReadFile(Run() + "/progress.csv").value();
  const std::vector<std::string> lines = store::ReadLines(Run() + "/episodes.jsonl").value();
  folder_.Write("cartpole/events.out.tfevents.9999999999.other.1.0", "another tool's");
  const std::string said = Out({"resume", "cartpole", "--episodes", "4"}, 0);
  EXPECT_NE(said.find("finished: 4 of 4"), std::string::npos) << said;
  const std::vector<std::string> now = store::ReadLines(Run() + "/episodes.jsonl").value();
  ASSERT_EQ(now.size(), lines.size() + 1);
  EXPECT_TRUE(std::equal(lines.begin(), lines.end(), now.begin())) << "what was written stays, to the byte";
  EXPECT_FALSE(store::VerifyLog(Run() + "/episodes.jsonl").value().damage);
  ExpectSameNumbers(table, ReadFile(Run() + "/progress.csv").value());
  EXPECT_EQ(store::ReadLines(Run() + "/progress.csv").value().size(), 7u);
  EXPECT_EQ(ReadFile(event_file).value().rfind(events, 0), 0u);
  const store::RunDescription description = store::ReadDescription(Run()).value();
  if (GetParam() == std::string("run-with-checks")) {
    EXPECT_GT(ReadFile(event_file).value().size(), events.size()) << "the event file goes on";
    EXPECT_EQ(description.tensorboard, fs::path(event_file).filename().string());
  } else {
    // Nothing says how long it was, and what is made again has other names for the learners: another file has it all.
    EXPECT_GT(ReadFile(Run() + "/" + description.tensorboard).value().size(), events.size());
  }
  EXPECT_EQ(ReadFile(Run() + "/events.out.tfevents.9999999999.other.1.0").value(), "another tool's");
  ASSERT_EQ(description.lives.size(), 2u);
  EXPECT_EQ(description.lives[1].first_episode, 4);
  // And it is whole in the eyes of the program.
  EXPECT_EQ(Out({"repair", "cartpole"}, 0), "cartpole is whole: equipoise resume cartpole goes on after episode 4\n");
}

// Of a version that is yet to come: refused by everything, and left as it is.
TEST_P(OlderRun, OfANewerFormatIsRefusedAndLeftAsItIs) {
  const std::string path = Run() + "/run.json";
  std::string json = ReadFile(path).value();
  json.insert(json.find('{') + 1, "\"format\": 99,");
  ASSERT_TRUE(WriteFileAtomically(path, json).ok());
  const auto bytes = [this] {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(Run()))
      if (entry.is_regular_file()) all[entry.path().string()] = ReadFile(entry.path().string()).value();
    return all;
  };
  const auto before = bytes();
  const std::vector<std::vector<std::string>> commands = {{"resume", "cartpole", "--episodes", "9"},
                                                          {"repair", "cartpole"},
                                                          {"audit", "cartpole"},
                                                          {"recheck", "--run", "cartpole", "--episode", "1"},
                                                          {"rerun", "cartpole", "--out", "again"}};
  for (const std::vector<std::string>& arguments : commands) {
    Start start;
    start.arguments = arguments;
    Program program(folder_.path(), start);
    const int code = program.Wait().code;
    EXPECT_TRUE(code == 1 || code == 2) << arguments[0] << ": " << code;
    EXPECT_NE((program.Out() + program.Err()).find("run format 99"), std::string::npos)
        << arguments[0] << ": " << program.Out() << program.Err();
    EXPECT_TRUE(bytes() == before) << arguments[0];
  }
}

INSTANTIATE_TEST_SUITE_P(From, OlderRun, ::testing::Values("run-before-checks", "run-with-checks"),
                         [](const auto& one) {
                           return one.param == std::string("run-before-checks") ? "9cf547f" : "25ded0e";
                         });

}  // namespace
}  // namespace equipoise::app
