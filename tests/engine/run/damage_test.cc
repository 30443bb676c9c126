// Every file of a finished run, damaged in every simple way: what resume makes of it, and what repair does.
#include <filesystem>
#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/run/repair.h"
#include "engine/store/checked_log.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

enum class Outcome {
  kNothing,     // the run does not need it, or it still says the same
  kResume,      // resume goes on to the same numbers, and says what was wrong
  kRepair,      // resume refuses and points to repair, which brings the run back; the numbers of its curves are whole
  kOlderState,  // the same, and repair can only go back to a kept checkpoint
  kGone,        // nothing brings it back; what can be read stays
};

struct Case {
  const char* file;
  const char* damage;
  Outcome outcome;
};

const char* const kDamages[] = {"one byte less", "half of it", "a byte changed", "deleted", "garbage behind"};

// In the order of kDamages.
struct Row {
  const char* file;
  Outcome outcomes[5];
};
constexpr Outcome N = Outcome::kNothing, M = Outcome::kResume, R = Outcome::kRepair, O = Outcome::kOlderState,
                  G = Outcome::kGone;
const Row kTable[] = {
    {"run.json", {N, M, M, M, M}},  // its last byte is a line break
    {"episodes.jsonl", {M, R, R, R, M}},
    {"events.jsonl", {M, R, R, R, M}},
    {"progress.csv", {M, M, M, M, M}},
    {"the TensorBoard file", {M, M, M, M, M}},
    {"checkpoints/state.eqps", {M, M, M, M, M}},
    {"checkpoints/previous.eqps", {M, M, M, N, M}},
    {"checkpoints/previous-2.eqps", {M, M, M, N, M}},
    {"checkpoints/before-1.eqps", {M, M, M, N, M}},
    {"checkpoints/replay.bin", {M, O, O, G, M}},
    {"decisions/000004.eqps", {N, N, N, N, N}},
};

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const Row& row : kTable)
    for (size_t i = 0; i < 5; ++i) cases.push_back({row.file, kDamages[i], row.outcomes[i]});
  return cases;
}

void Damage(const std::string& path, const std::string& damage) {
  std::string bytes = ReadFile(path).value();
  ASSERT_GT(bytes.size(), 4u) << path;
  if (damage == "one byte less") bytes.pop_back();
  if (damage == "half of it") bytes.resize(bytes.size() / 2);
  if (damage == "a byte changed") bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  if (damage == "garbage behind") bytes += "\x01garbage";
  std::ofstream(path, std::ios::binary) << bytes;
  if (damage == "deleted") fs::remove(path);
}

// One run for all cases: six episodes, of which two are random, steered once so that it has an event and a kept
// checkpoint; and the same run taken on to six picked ones without any damage.
class Damaged : public RunTest, public testing::WithParamInterface<Case> {
 protected:
  static void SetUpTestSuite() {
    made_ = fs::temp_directory_path() / ("equipoise-damaged-" + std::to_string(::getpid()));
    fs::remove_all(made_);
    fs::create_directories(made_);
    config::Settings s = TinySettings();
    s.run.episodes = 4;
    s.log.tensorboard = true;
    auto engine = MustCreate(s, (made_ / "run").string());
    engine->Post(ChangeSetting{"sac.entropy_bonus", 3.0});
    Finish(engine.get());
    engine.reset();
    fs::copy(made_ / "run", made_ / "further", fs::copy_options::recursive);
    Finish(Engine::Open((made_ / "further").string(), 6).value().get());
  }
  static void TearDownTestSuite() { fs::remove_all(made_); }

  void SetUp() override {
    RunTest::SetUp();
    fs::copy(made_ / "run", Path("run"), fs::copy_options::recursive);
    std::string file = GetParam().file;
    if (file == "the TensorBoard file") file = store::ReadDescription(Path("run")).value().tensorboard;
    Damage(Path("run/" + file), GetParam().damage);
    name_ = fs::path(file).filename().string();
  }

  static std::vector<double> Returns(const std::string& dir) {
    std::vector<double> out;
    for (const EpisodeRecord& r : ReadHistory(dir).value().episodes) out.push_back(r.episode_return);
    return out;
  }
  std::string Further() const { return (made_ / "further").string(); }

  // Goes on to six episodes and looks at what was written.
  void GoesOnToTheEnd() {
    auto engine = Engine::Open(Path("run"), 6);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    const auto last = Finish(engine.value().get());
    EXPECT_EQ(last->state, RunState::kFinished) << last->stopped_reason;
    const store::RunPaths paths(Path("run"));
    EXPECT_EQ(Returns(Path("run")).size(), 8u);
    EXPECT_EQ(store::ReadLines(paths.progress).value().size(), 9u);
    EXPECT_FALSE(store::VerifyLog(paths.episodes).value().damage);
    EXPECT_FALSE(store::VerifyLog(paths.events).value().damage);
  }
  static std::string All(const std::vector<std::string>& sentences) {
    std::string text;
    for (const std::string& sentence : sentences) text += sentence + "\n";
    return text;
  }

  static fs::path made_;
  std::string name_;
};
fs::path Damaged::made_;

TEST_P(Damaged, ResumeEndsInADocumentedWay) {
  const Outcome outcome = GetParam().outcome;
  auto engine = Engine::Open(Path("run"), 6);
  if (outcome == Outcome::kNothing || outcome == Outcome::kResume) {
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    const std::string notes = All(engine.value()->Notes());
    if (outcome == Outcome::kResume)
      EXPECT_NE(notes.find(name_), std::string::npos) << "what was wrong is not named: " << notes;
    else
      EXPECT_EQ(notes, "");
    engine = Error{"closed"};
    GoesOnToTheEnd();
    EXPECT_EQ(Episodes(Path("run")), Episodes(Further())) << "not the same numbers";
    std::string told;
    for (const Event& event : ReadHistory(Path("run")).value().events) told += event.text + "\n";
    EXPECT_EQ(told.find(name_) != std::string::npos, outcome == Outcome::kResume) << "on record: " << told;
  } else {
    ASSERT_FALSE(engine.ok());
    const std::string& message = engine.error().message;
    EXPECT_NE(message.find(name_), std::string::npos) << message;
    EXPECT_NE(message.find("equipoise repair"), std::string::npos) << message;
    EXPECT_EQ(fs::exists(Path("run/cut-1.jsonl")), false) << "a refusal changes nothing";
  }
}

TEST_P(Damaged, RepairBringsBackWhatCanBe) {
  const Outcome outcome = GetParam().outcome;
  const auto report = Repair(Path("run"));
  ASSERT_TRUE(report.ok()) << report.error().message;
  const std::string said = All(report.value().mended) + All(report.value().lost);
  if (outcome == Outcome::kNothing) {
    EXPECT_EQ(said, "");
  } else {
    EXPECT_NE(said.find(name_), std::string::npos) << said;
  }
  EXPECT_EQ(report.value().goes_on, outcome != Outcome::kGone) << said;
  if (outcome == Outcome::kNothing || outcome == Outcome::kResume) {
    EXPECT_TRUE(report.value().lost.empty()) << said;
  }
  if (outcome == Outcome::kGone) {
    EXPECT_FALSE(report.value().lost.empty());
    EXPECT_EQ(Returns(Path("run")).size(), 6u) << "what can be read is still there";
    return;
  }
  const auto again = Repair(Path("run"));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(All(again.value().mended) + All(again.value().lost), "") << "once is enough";
  GoesOnToTheEnd();
  if (outcome == Outcome::kOlderState) {
    EXPECT_EQ(Returns(Path("run/rolled-back-1")).size(), 6u) << "what it could not go on from is kept";
  } else {
    EXPECT_EQ(Returns(Path("run")), Returns(Further()));
  }
}

INSTANTIATE_TEST_SUITE_P(Once, Damaged, testing::ValuesIn(AllCases()), [](const auto& one) {
  std::string name = std::string(one.param.file) + "_" + one.param.damage;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

}  // namespace
}  // namespace equipoise::run
