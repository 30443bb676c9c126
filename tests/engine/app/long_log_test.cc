// The index of a long run from outside: kept by the trainer, made again by whoever reads, never believed against the
// log.
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/base/atomic_file.h"
#include "engine/record/episode_index.h"
#include "engine/record/episode_reader.h"
#include "engine/record/episode_row.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

// Few episodes of many masks each: a log that is long enough for an index, in a second.
class LongLog : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    Train("run", "1");
    ASSERT_GT(static_cast<int64_t>(fs::file_size(folder_ / "run/episodes.jsonl")), run::kIndexFrom);
  }
  void Train(const std::string& name, const std::string& seed) {
    Start start;
    start.arguments = {"train", "--task", "cartpole", "--episodes", "4", "--seed", seed, "--out", name};
    for (const char* setting :
         {"env.horizon=2", "run.random_episodes=2", "model.steps=2", "model.hidden=4", "mb.steps=1", "mb.hidden=4",
          "sac.hidden=4", "eps.masks=25000", "eps.rollouts=1", "eps.force_every=0", "log.tensorboard=false"})
      start.arguments.insert(start.arguments.end(), {"--set", setting});
    ASSERT_EQ(RunToEnd(start).code, 0) << ReadFile(folder_ / "stderr").value();
  }
  std::string Index() const { return run::IndexPath(folder_ / "run"); }
  // What a command says on standard output; it must end well.
  std::string Say(const std::vector<std::string>& arguments) {
    Start start;
    start.arguments = arguments;
    EXPECT_EQ(RunToEnd(start).code, 0) << ReadFile(folder_ / "stderr").value();
    return ReadFile(folder_ / "stdout").value();
  }
  std::string Table() {
    EXPECT_TRUE(Say({"export", "--run", "run", "--of", "curves", "--csv", "curves.csv", "--overwrite"}).size() > 0);
    return ReadFile(folder_ / "curves.csv").value();
  }
  // How many episodes the next reader takes from the index and from lines; it writes nothing.
  std::pair<size_t, size_t> Sources() const {
    run::EpisodeReader reader(folder_ / "run", {run::kIndexFrom, false});
    EXPECT_TRUE(reader.Read([] {}, [](const run::EpisodeSummary&) {}).ok());
    return {reader.work().from_index, reader.work().from_lines};
  }
  void DamageARow() const {
    std::string bytes = ReadFile(Index()).value();
    bytes[bytes.size() - 30] ^= 1;
    std::ofstream(Index(), std::ios::binary) << bytes;
  }
};

constexpr std::pair<size_t, size_t> kAllFromIndex{6, 0}, kAllFromLines{0, 6};

TEST_F(LongLog, TheTrainerKeepsTheIndexAndAReaderMakesALostOneAgain) {
  EXPECT_EQ(Sources(), kAllFromIndex);
  const std::string table = Table();
  fs::remove(Index());
  EXPECT_EQ(Sources(), kAllFromLines);
  EXPECT_EQ(Table(), table);
  EXPECT_EQ(Sources(), kAllFromIndex);
  EXPECT_EQ(Table(), table) << "the same numbers from the index";
}

TEST_F(LongLog, RepairMakesTheIndexAgainAndSaysSo) {
  const std::string table = Table();
  EXPECT_EQ(Say({"repair", "run"}).find("episodes.index"), std::string::npos) << "it fits";
  DamageARow();
  ASSERT_NE(Sources(), kAllFromIndex);
  EXPECT_NE(Say({"repair", "run"}).find("mended: episodes.index did not fit: it was made again from episodes.jsonl.\n"),
            std::string::npos);
  EXPECT_EQ(Sources(), kAllFromIndex);
  fs::remove(Index());
  EXPECT_NE(Say({"repair", "run"}).find("mended: episodes.index was not there: it was made again"), std::string::npos);
  EXPECT_EQ(Sources(), kAllFromIndex);
  EXPECT_EQ(Table(), table);
}

// Of the same length, with the same first lines, copied over: the sums of the lines tell.
TEST_F(LongLog, TheIndexOfAnotherRunIsMadeAgain) {
  const std::string table = Table();
  Train("other", "2");
  fs::copy_file(run::IndexPath(folder_ / "other"), Index(), fs::copy_options::overwrite_existing);
  EXPECT_EQ(Sources(), kAllFromLines);
  EXPECT_EQ(Table(), table);
  EXPECT_EQ(Sources(), kAllFromIndex);
}

// It is a table for people, who edit it.
TEST_F(LongLog, TheIndexIsNeverMadeFromProgressCsv) {
  const std::string table = Table();
  const std::string progress = ReadFile(folder_ / "run/progress.csv").value();
  std::ofstream(folder_ / "run/progress.csv") << progress.substr(0, progress.find('\n') + 1) + "1,99999\n";
  fs::remove(Index());
  EXPECT_EQ(Table(), table);
  fs::remove(Index());
  fs::remove(folder_ / "run/progress.csv");
  EXPECT_EQ(Table(), table);
}

// Another user's run: as somebody who may read it and no more.
TEST_F(LongLog, AFolderThatMayOnlyBeReadIsReadAndGetsNoIndex) {
  fs::remove(Index());
  fs::permissions(folder_.path(), fs::perms(0755));
  fs::permissions(folder_ / "run", fs::perms(0555));
  const uid_t before = ::geteuid();
  constexpr uid_t kNobody = 65534;
  if (before == 0) {
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  run::EpisodeReader reader(folder_ / "run");
  size_t episodes = 0;
  const Status read = reader.Read([] {}, [&episodes](const run::EpisodeSummary&) { ++episodes; });
  if (before == 0) {
    ASSERT_EQ(::seteuid(before), 0);
  }
  fs::permissions(folder_ / "run", fs::perms(0755));
  EXPECT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(episodes, 6u);
  EXPECT_FALSE(reader.work().wrote_index);
  for (const auto& entry : fs::directory_iterator(folder_ / "run"))
    EXPECT_EQ(entry.path().string().find("index"), std::string::npos) << entry.path();
}

// As a run leaves it that is killed between a line and its row.
TEST_F(LongLog, AnIndexThatIsBehindTheLogIsNotCalledDamaged) {
  run::IndexColumns columns;
  run::EpisodeReader reader(folder_ / "run", {run::kIndexFrom, false});
  ASSERT_TRUE(reader.Read([] {}, [&](const run::EpisodeSummary& e) { columns.Add(e); }).ok());
  fs::resize_file(Index(), fs::file_size(Index()) - run::RowBytes(columns));
  EXPECT_NE(Say({"repair", "run"}).find("mended: episodes.index had fewer episodes than the log: it was made again"),
            std::string::npos);
  EXPECT_EQ(Sources(), kAllFromIndex);
}

}  // namespace
}  // namespace equipoise::app
