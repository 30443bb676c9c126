// What becomes of a run whose folder somebody else moves, exchanges or hides between a look at it and the write.
#include <cerrno>
#include <map>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/record/push.h"
#include "tests/engine/disk_moments.h"
#include "tests/engine/run/accepting_fixture.h"

namespace equipoise::run {
namespace {

using testing_support::DiskLooks;

class ExchangedFolder : public Accepting {
 protected:
  static config::Settings Short() {
    config::Settings s = Small();
    s.run.episodes = 2;
    return s;
  }
  // Every file in the folder, with its bytes.
  using Files = std::map<std::string, std::string>;
  static Files FilesIn(const std::string& dir) {
    Files all;
    for (const auto& entry : fs::recursive_directory_iterator(dir))
      all[entry.path().lexically_relative(dir).string()] =
          entry.is_regular_file() ? ReadFile(entry.path().string()).value() : "";
    return all;
  }
  // The names of those that are not in both with the same bytes.
  static std::vector<std::string> Unlike(const Files& a, const Files& b) {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : a)
      if (const auto same = b.find(name); same == b.end() || same->second != bytes) names.push_back(name);
    for (const auto& [name, bytes] : b)
      if (a.count(name) == 0) names.push_back(name);
    return names;
  }
  using Names = std::vector<std::string>;
  void Exchange() const {
    fs::rename(Path("run"), Path("moved"));
    fs::rename(Path("other"), Path("run"));
  }
  static bool SaysMoved(const std::string& text) { return text.find("moved or removed") != std::string::npos; }
};

// After every single look that the trainer takes at the folder's name.
TEST_F(ExchangedFolder, NothingIsWrittenToTheOneThatTookItsName) {
  config::Settings s = Short();
  s.run.episodes = 1;
  Finish(MustCreate(s, Path("undisturbed")).get());
  const auto undisturbed = Episodes(Path("undisturbed"));
  config::Settings of_other = s;
  of_other.run.seed = 8;
  Finish(MustCreate(of_other, Path("run")).get());
  const Files other = FilesIn(Path("run"));
  fs::rename(Path("run"), Path("other"));
  int looks = 0, exchanged_at = 1;
  for (bool exchanged = true; exchanged; ++exchanged_at) {
    exchanged = false;
    looks = 0;
    std::string reason;
    {
      auto engine = MustCreate(s, Path("run"));
      ASSERT_TRUE(engine);
      const DiskLooks hook([&](const std::string& path) {
        if (path == Path("run") && ++looks == exchanged_at) exchanged = true, Exchange();
        return 0;
      });
      reason = Finish(engine.get())->stopped_reason;
      // Not before the last file is written: then nobody looks any more.
      if (exchanged && store::ReadDescription(Path("moved")).value().condition == store::RunCondition::kRunning) {
        EXPECT_TRUE(SaysMoved(reason)) << exchanged_at << ": " << reason;
        EXPECT_EQ(reason.find("/proc/"), std::string::npos) << reason;
      }
    }
    if (!exchanged) break;
    ASSERT_EQ(Unlike(FilesIn(Path("run")), other), Names()) << "exchanged after look " << exchanged_at;
    fs::rename(Path("run"), Path("other"));
    auto again = MustOpen(Path("moved"));
    ASSERT_TRUE(again) << exchanged_at;
    EXPECT_EQ(Finish(again.get())->stopped_reason, "") << exchanged_at;
    again.reset();
    EXPECT_EQ(Episodes(Path("moved")), undisturbed) << "exchanged after look " << exchanged_at;
    fs::remove_all(Path("moved"));
  }
  EXPECT_GT(looks, 10);
}

// Before the look, or right after it: then what was asked for is kept where the folder lies by now.
TEST_F(ExchangedFolder, IsNotPushedInUnderItsOldName) {
  for (const bool after_the_look : {false, true}) {
    for (const char* name : {"run", "moved"}) fs::remove_all(Path(name));
    auto engine = MustCreate(Short(), Path("run"));
    StartPaused(*engine);
    StepOnce(*engine);
    engine->Post(PushBody{1, {30.0, 0, 0, 0, 0, 0}});
    StepOnce(*engine);
    fs::copy(Path("run"), Path("other"), fs::copy_options::recursive);
    const Files other = FilesIn(Path("other"));
    bool exchanged = !after_the_look;
    if (exchanged) Exchange();
    {
      const DiskLooks hook([&](const std::string& path) {
        if (path == Path("run") && !std::exchange(exchanged, true)) Exchange();
        return 0;
      });
      engine->Post(PushBody{1, {-30.0, 0, 0, 0, 0, 0}});
      engine->Post(Resume{});
      engine->Wait();
    }
    EXPECT_TRUE(SaysMoved(engine->Latest()->stopped_reason)) << engine->Latest()->stopped_reason;
    EXPECT_FALSE(engine->FolderToWrite().has_value());
    engine.reset();
    EXPECT_EQ(Unlike(FilesIn(Path("run")), other), Names());
    auto again = MustOpen(Path("moved"));
    ASSERT_TRUE(again);
    const auto last = Finish(again.get());
    EXPECT_EQ(last->stopped_reason, "");
    ASSERT_EQ(last->events->size(), 1u);
    const auto strokes = StrokesFromText(last->events->front()->to);
    ASSERT_TRUE(strokes.ok()) << strokes.error().message;
    EXPECT_EQ(strokes.value().size(), after_the_look ? 3u : 2u) << "each push that is known, and the hand's letting go";
  }
}

TEST_F(ExchangedFolder, IsNotRolledBackUnderItsOldName) {
  for (const bool after_the_look : {false, true}) {
    for (const char* name : {"run", "moved"}) fs::remove_all(Path(name));
    auto engine = MustCreate(Short(), Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 3);
    Change(*engine, "sac.entropy_bonus", 3.0);
    StepIntoEpisode(*engine);
    ASSERT_FALSE(engine->Latest()->kept.empty());
    fs::copy(Path("run"), Path("other"), fs::copy_options::recursive);  // it has a before-1 as well
    const Files other = FilesIn(Path("other"));
    bool exchanged = !after_the_look;
    if (exchanged) Exchange();
    {
      const DiskLooks hook([&](const std::string& path) {
        if (path == Path("run") && !std::exchange(exchanged, true)) Exchange();
        return 0;
      });
      const size_t refused = engine->Latest()->refused.size();
      engine->Post(RollBack{"before-1"});
      ASSERT_TRUE(WaitFor(
          *engine, [&](const Snapshot& p) { return p.refused.size() > refused || p.state == RunState::kStopped; }));
      engine->Post(Resume{});
      engine->Wait();
    }
    const auto last = engine->Latest();
    EXPECT_TRUE(SaysMoved(last->stopped_reason)) << last->stopped_reason;
    if (!after_the_look) {
      EXPECT_TRUE(SaysMoved(last->refused.back())) << last->refused.back();
    }
    engine.reset();
    EXPECT_EQ(Unlike(FilesIn(Path("run")), other), Names());
    EXPECT_EQ(fs::exists(Path("moved/rolled-back-1")), after_the_look) << "the copy lies where the run does";
    auto again = MustOpen(Path("moved"));
    ASSERT_TRUE(again);
    EXPECT_EQ(Finish(again.get())->stopped_reason, "");
  }
}

// A disk of the network that is away for a moment: what cannot be looked at is not taken for removed.
TEST_F(ExchangedFolder, AFolderThatCannotBeLookedAtIsStillTheRuns) {
  const config::Settings s = Short();
  Finish(MustCreate(s, Path("undisturbed")).get());
  for (const int error : {EIO, ESTALE, ETIMEDOUT, EACCES}) {
    fs::remove_all(Path("run"));
    auto engine = MustCreate(s, Path("run"));
    const std::string path = engine->FolderToWrite().value();
    int hidden = 0;
    {
      const DiskLooks hook([&](const std::string& looked) {
        const bool ours = looked.rfind(Path("run"), 0) == 0 || looked.rfind(path, 0) == 0;
        hidden += ours;
        return ours ? error : 0;
      });
      const auto last = Finish(engine.get());
      EXPECT_EQ(last->stopped_reason, "");
      EXPECT_TRUE(last->events->empty()) << last->events->front()->text;
    }
    EXPECT_GT(hidden, 20);
    engine.reset();
    EXPECT_EQ(Episodes(Path("run")), Episodes(Path("undisturbed")));
    for (const auto& [file, bytes] : FilesIn(Path("run"))) EXPECT_EQ(file.find("cut-"), std::string::npos) << file;
  }
}

// Nor does a run begin again because its checkpoint cannot be looked at.
TEST_F(ExchangedFolder, ARunThatCannotBeLookedAtIsNotBlank) {
  config::Settings s = Short();
  Finish(MustCreate(s, Path("run")).get());
  const std::string log = ReadFile(Path("run/episodes.jsonl")).value();
  fs::remove_all(Path("run/checkpoints"));
  {
    const DiskLooks hook([](const std::string& path) {
      const std::string ending = path.substr(path.find_last_of('/') + 1);
      return ending == "episodes.jsonl" || ending == "events.jsonl" ? EIO : 0;
    });
    EXPECT_FALSE(Engine::Open(Path("run"), 0).ok());
  }
  EXPECT_EQ(ReadFile(Path("run/episodes.jsonl")).value(), log);
}

// decisions/ is removed in the moment between making it, or seeing that it is there, and writing in it.
TEST_F(ExchangedFolder, DecisionsAreWrittenThoughTheirFolderGoesInThatMoment) {
  config::Settings s = Short();
  auto engine = MustCreate(s, Path("run"));
  int removed = 0;
  {
    const DiskLooks hook([&](const std::string& path) {
      const bool decisions = path.size() > 10 && path.compare(path.size() - 10, 10, "/decisions") == 0;
      if (decisions && removed < 1 && fs::remove_all(Path("run/decisions")) > 0) ++removed;
      return 0;
    });
    EXPECT_EQ(Finish(engine.get())->stopped_reason, "");
  }
  EXPECT_EQ(removed, 1);
  EXPECT_TRUE(fs::exists(Path("run/decisions/000002.eqps")));
}

}  // namespace
}  // namespace equipoise::run
