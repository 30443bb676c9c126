// A whole run stands, and each kind of lie about it is found and named, however well the checksums were made to fit.
#include "engine/inspect/audit.h"

#include <cstring>
#include <fstream>

#include "engine/agent/episode_block.h"
#include "engine/base/archive.h"
#include "engine/base/archive_edit.h"
#include "engine/base/atomic_file.h"
#include "engine/base/checksum.h"
#include "engine/store/checked_log.h"
#include "engine/store/decision_files.h"
#include "engine/store/replay_file.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

constexpr int kDistractedEpisode = 4;  // picked; the last
constexpr int kGroups = 2;

std::string All(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += sentence + "\n";
  return text;
}

void Write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

void Replace(const std::string& path, const std::string& from, const std::string& to) {
  std::string bytes = ReadFile(path).value();
  const size_t at = bytes.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  Write(path, bytes.replace(at, from.size(), to));
}

// One run for all: pushed by hand in an early episode, with distractors from the start.
class Audited : public RunTest {
 protected:
  static void SetUpTestSuite() {
    made_ = fs::temp_directory_path() / ("equipoise-audited-" + std::to_string(::getpid()));
    fs::remove_all(made_);
    fs::create_directories(made_);
    config::Settings s = TinySettings();
    s.run.episodes = kDistractedEpisode;
    s.log.tensorboard = true;
    for (const auto& [key, value] : {std::pair<const char*, config::Value>{"distractors.active", true},
                                     {"distractors.groups", kGroups},
                                     {"distractors.sinusoids", 3}})
      test::Put(&s, key, value);
    auto engine = MustCreate(s, (made_ / "run").string());
    engine->Post(SetSpeed{2.0});
    engine->Start(false);
    EXPECT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return now.live.acting && now.live.step > 3; }));
    engine->Post(PushBody{1, {30.0, 0, 0, 0, 0, 0}});
    EXPECT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return now.live.pushed_body == 1 && now.live.step > 6; }));
    engine->Post(PushBody{});
    engine->Post(SetSpeed{0.0});
    engine->Wait();
  }
  static void TearDownTestSuite() { fs::remove_all(made_); }
  void SetUp() override {
    RunTest::SetUp();
    fs::copy(made_ / "run", Path("run"), fs::copy_options::recursive);
  }

  std::string File(const std::string& name) const { return Path("run/" + name); }
  AuditReport Report() const {
    const auto report = Audit(Path("run"), {});
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? report.value() : AuditReport{};
  }
  // One thing alone was found, and it is named.
  void ExpectDamaged(const std::string& what) const {
    const AuditReport report = Report();
    EXPECT_NE(All(report.damaged).find(what), std::string::npos) << All(report.damaged);
    EXPECT_EQ(All(report.differs), "");
  }
  void ExpectDiffers(const std::string& what) const {
    const AuditReport report = Report();
    EXPECT_NE(All(report.differs).find(what), std::string::npos) << All(report.differs);
    EXPECT_EQ(All(report.damaged), "");
  }

  // One block of replay.bin as `change` makes it, with a checksum that fits.
  template <class Change>
  void ChangeEpisode(int index, Change change) {
    const std::string path = File("checkpoints/replay.bin");
    const int64_t size = store::ReplayFile::BlockBytes(path).value();
    const BlockShape shape = BlockShape{20, 5, 1, 0, false}.FittedTo(size);
    replay::Episode episode = DecodeBlock(store::ReplayFile::ReadOne(path, size, index).value(), shape);
    change(&episode);
    const std::string block = EncodeBlock(episode, shape, kGroups);
    const uint32_t sum = Crc32(block.data(), block.size());
    std::string bytes = ReadFile(path).value();
    const auto at = static_cast<size_t>(store::ReplayFile::SizeOf(size, index));
    bytes.replace(at, block.size(), block);
    std::memcpy(bytes.data() + at + block.size(), &sum, sizeof sum);
    Write(path, bytes);
  }

  static fs::path made_;
};
fs::path Audited::made_;

TEST_F(Audited, AWholeRunComesOutAgain) {
  const AuditReport report = Report();
  EXPECT_EQ(All(report.damaged) + All(report.differs) + All(report.unjudged), "");
  EXPECT_EQ(report.episodes, kDistractedEpisode + 2);
  EXPECT_EQ(report.simulated, report.episodes);
  EXPECT_EQ(report.distracted, report.episodes);
  EXPECT_EQ(report.pushed, 1);
  EXPECT_EQ(report.decisions, kDistractedEpisode);
  EXPECT_EQ(report.decided, report.decisions);
}

TEST_F(Audited, ADigitInALogIsFoundInItsLine) {
  Replace(File("episodes.jsonl"), "\"environment_steps\":40", "\"environment_steps\":41");
  ExpectDamaged("episodes.jsonl:2");
}

TEST_F(Audited, ADigitInTheEventsIsFoundInItsLine) {
  Replace(File("events.jsonl"), "\"to\":\"0 ", "\"to\":\"1 ");
  const AuditReport report = Report();
  EXPECT_NE(All(report.damaged).find("events.jsonl:1"), std::string::npos) << All(report.damaged);
  EXPECT_NE(All(report.differs).find("simulated again"), std::string::npos)
      << "no hand pushed so: " << All(report.differs);
}

// The chain is made to fit, and then the checkpoint as well.
TEST_F(Audited, AReturnThatWasNotReachedIsFoundBehindChecksThatFit) {
  std::vector<store::LogLine> lines = store::ExamineLog(File("episodes.jsonl")).value();
  std::string& body = lines[3].body;
  const size_t at = body.find("\"episode_return\":") + 17;
  ASSERT_GT(at, size_t{17}) << body;
  const size_t digit = body.find('.', at) + 5;
  body[digit] = body[digit] == '5' ? '6' : '5';
  std::vector<store::LogMark> marks;
  Write(File("episodes.jsonl"), store::ComposeLog(lines, &marks));
  const AuditReport chained = Report();
  EXPECT_NE(All(chained.damaged).find("state.eqps"), std::string::npos) << All(chained.damaged);
  EXPECT_NE(All(chained.differs).find("its return is"), std::string::npos) << All(chained.differs);
  for (const char* older : {"checkpoints/previous.eqps", "checkpoints/previous-2.eqps"}) fs::remove(File(older));
  const std::string path = File("checkpoints/state.eqps"), bytes = ReadFile(path).value();
  auto sizes = store::LogSizes::Unpack(ArchiveReader::Parse(bytes, path).value().Ints("engine.log_sizes")).value();
  sizes.episodes = marks.back().bytes;
  sizes.episodes_check = marks.back().check;
  Write(path, WithInts(bytes, "engine.log_sizes", sizes.Pack(), path).value());
  const AuditReport fitting = Report();
  EXPECT_NE(All(fitting.differs).find("episode 2: its return is"), std::string::npos) << All(fitting.differs);
}

TEST_F(Audited, AChangedDecisionIsFound) {
  const std::string path = store::DecisionPath(Path("run"), 2);
  std::string bytes = ReadFile(path).value();
  bytes[bytes.size() / 2] ^= 1;
  Write(path, bytes);
  ExpectDamaged("decision of episode 2");
  // Another weight, told as if it had been so.
  bytes = ReadFile(store::DecisionPath((made_ / "run").string(), 2)).value();
  const std::string name = "sac.policy.net";
  float weight = 0;
  char* at = bytes.data() + bytes.find(name) + name.size() + 1 + sizeof(uint64_t);
  std::memcpy(&weight, at, sizeof weight);
  weight += 0.01f;
  std::memcpy(at, &weight, sizeof weight);
  const uint32_t sum = Crc32(bytes.data(), bytes.size() - sizeof(uint32_t));
  std::memcpy(bytes.data() + bytes.size() - sizeof sum, &sum, sizeof sum);
  Write(path, bytes);
  ExpectDiffers("decision of episode 2");
}

TEST_F(Audited, ADamagedEpisodeIsFound) {
  const std::string path = File("checkpoints/replay.bin");
  std::string bytes = ReadFile(path).value();
  bytes[bytes.size() / 2] ^= 1;
  Write(path, bytes);
  ExpectDamaged("its checksum does not match");
}

TEST_F(Audited, AnEpisodeThatDidNotHappenIsFoundBehindAChecksumThatFits) {
  using replay::Episode;
  const struct {
    std::function<void(Episode*)> lie;
    const char* found;
  } lies[] = {
      {[](Episode* e) { e->rewards[7] += 0.01f; }, "episode 2: the reward of step 8 is"},
      {[](Episode* e) { e->actions[7] *= 0.9f; },
       "episode 2: simulated again from its actions, it leaves what was recorded after step 7"},
      {[](Episode* e) { e->states[5 * 9] += 0.01f; },
       "episode 2: simulated again from its actions, it leaves what was recorded after step 8"},
      {[](Episode* e) { e->states[0] += 0.01f; }, "episode 2: its first observation"},
      {[](Episode* e) { e->phases[1] += 0.01f; }, "episode 2: the phases of its distractors"},
      {[](Episode* e) { e->source = 9; }, "replay.bin that another did"},
  };
  for (const auto& [lie, found] : lies) {
    fs::copy(made_ / "run/checkpoints/replay.bin", File("checkpoints/replay.bin"),
             fs::copy_options::overwrite_existing);
    ChangeEpisode(3, lie);
    ExpectDiffers(found);
  }
}

TEST_F(Audited, APushThatIsLeftOutIsFound) {
  // Every check is made to fit a log without the push.
  Write(File("events.jsonl"), "");
  for (const char* older : {"checkpoints/previous.eqps", "checkpoints/previous-2.eqps"}) fs::remove(File(older));
  const std::string path = File("checkpoints/state.eqps"), bytes = ReadFile(path).value();
  auto sizes = store::LogSizes::Unpack(ArchiveReader::Parse(bytes, path).value().Ints("engine.log_sizes")).value();
  sizes.events = sizes.events_check = 0;
  Write(path, WithInts(bytes, "engine.log_sizes", sizes.Pack(), path).value());
  ExpectDiffers("simulated again from its actions");
}

TEST_F(Audited, WhatContradictsTheCheckpointIsNamed) {
  Replace(File("run.json"), "\"seed\": 7", "\"seed\": 8");
  ExpectDamaged("run.json: the seed is 8, but 7 in checkpoints/state.eqps");
}

TEST_F(Audited, ASettingThatContradictsTheCheckpointIsNamed) {
  Replace(File("run.json"), "\"gamma\": 0.99", "\"gamma\": 0.98");
  ExpectDamaged(".gamma is 0.98, but 0.99 in checkpoints/state.eqps");
}

TEST_F(Audited, EveryOtherFileIsHeldAgainstTheLog) {
  const std::string tensorboard = store::ReadDescription(Path("run")).value().tensorboard;
  for (const std::string& name : {std::string("progress.csv"), tensorboard, std::string("checkpoints/state.eqps"),
                                  std::string("checkpoints/previous.eqps")}) {
    std::string bytes = ReadFile(File(name)).value();
    const std::string was = bytes;
    bytes[bytes.size() / 2 + 1] ^= 1;
    Write(File(name), bytes);
    ExpectDamaged(fs::path(name).filename().string());
    Write(File(name), was);
  }
}

TEST_F(Audited, ARunThatWasKilledAndNotGoneOnWithIsNoLie) {
  config::Settings s = TinySettings();
  s.run.episodes = 1000;
  auto engine = MustCreate(s, Path("going"));
  engine->Start(false);
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return now.episodes->size() > 4; }));
  const auto held = Audit(Path("going"), {});
  ASSERT_FALSE(held.ok());
  EXPECT_NE(held.error().message.find("is being written by"), std::string::npos) << held.error().message;
  engine->Post(Pause{});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& now) { return now.state == RunState::kPaused; }));
  fs::copy(Path("going"), Path("killed"), fs::copy_options::recursive);
  std::ofstream(Path("killed/episodes.jsonl"), std::ios::app) << "{\"episode\":";  // in the middle of a line
  const auto report = Audit(Path("killed"), {});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(All(report.value().damaged) + All(report.value().differs), "");
}

}  // namespace
}  // namespace equipoise::run
