// Whose a folder is, what it is called, who computed it: the program as processes that come one after the other, or at
// once.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/atomic_file.h"
#include "engine/base/checksum.h"
#include "engine/base/json.h"
#include "engine/base/processor.h"
#include "engine/base/version.h"
#include "engine/run/lives.h"
#include "engine/store/folder_lock.h"
#include "engine/store/replay_file.h"
#include "engine/store/tensorboard.h"
#include "tests/engine/app/program.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class RunFolders : public ProgramTest {
 protected:
  std::string Run() const { return folder_ / "run"; }
  void MakeRun(const std::string& name, const std::string& episodes) {
    const Said said = Do(TinyTrain({"--episodes", episodes, "--out", name}));
    ASSERT_EQ(said.code, 0) << said.err;
  }
  // The number of a process that there is no more.
  static std::string Dead() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return std::to_string(child);
  }
};

TEST_F(RunFolders, EightStartsInOneMomentGetEightFolders) {
  std::vector<std::string> places;
  std::vector<std::unique_ptr<Program>> programs;
  for (int i = 0; i < 8; ++i) {
    places.push_back(folder_ / std::to_string(i));  // for its output; all run in one working directory
    fs::create_directory(places.back());
    Start start;
    start.arguments = TinyTrain({"--episodes", "1"});
    start.out_file = places.back() + "/out";
    programs.push_back(std::make_unique<Program>(folder_.path(), start));
  }
  std::set<std::string> told;
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(programs[static_cast<size_t>(i)]->Wait().code, 0);
    const std::string out = ReadFile(places[static_cast<size_t>(i)] + "/out").value();
    const size_t at = out.find("writing to ") + 11;
    told.insert(out.substr(at, out.find(';', at) - at));
  }
  ASSERT_EQ(told.size(), 8u);
  for (const std::string& run : told) {
    EXPECT_EQ(ConditionOf(folder_ / run), store::RunCondition::kFinished) << run;
    EXPECT_EQ(Episodes(folder_ / run), 3u) << run;
  }
}

TEST_F(RunFolders, AuditGivesOneVerdictAndItsExitCode) {
  MakeRun("run", "2");
  const auto audited = [this](int code, const std::string& verdict) {
    const Said said = Do({"audit", "run"});
    EXPECT_EQ(said.code, code) << said.out << said.err;
    EXPECT_NE(said.out.find("verdict: " + verdict), std::string::npos) << said.out;
  };
  audited(0, "run is whole: everything in it came out again");
  const std::string path = Run() + "/episodes.jsonl", was = ReadFile(path).value();
  std::string log = was;
  log[log.find("\"environment_steps\":40") + 20] = '5';
  folder_.Write("run/episodes.jsonl", log);
  audited(4, "run is not what was computed");
  folder_.Write("run/episodes.jsonl", was);
  // An observation that was not made; its checksum fits.
  const std::string replay = Run() + "/checkpoints/replay.bin";
  const int64_t size = store::ReplayFile::BlockBytes(replay).value();
  std::string bytes = ReadFile(replay).value();
  const auto at = static_cast<size_t>(store::ReplayFile::SizeOf(size, 3)), length = static_cast<size_t>(size);
  bytes[at + 8] = static_cast<char>(bytes[at + 8] ^ 16);
  const uint32_t sum = Crc32(bytes.data() + at, length);
  std::memcpy(bytes.data() + at + length, &sum, sizeof sum);
  folder_.Write("run/checkpoints/replay.bin", bytes);
  audited(3, "run is not what was computed: 0 records damaged, 1 computation differs");
  EXPECT_EQ(Do({"audit", "nothing"}).code, 2);
}

TEST_F(RunFolders, StartingAgainWithAnotherSettingNamesIt) {
  MakeRun("run", "1");
  const auto files = [&] {
    return ReadFile(Run() + "/run.json").value() + ReadFile(Run() + "/episodes.jsonl").value();
  };
  const std::string before = files();
  const std::vector<std::vector<std::string>> others = {
      {"--seed", "4"}, {"--set", "sac.gamma=0.9"}, {"--agent", "sac"}, {"--set", "log.tensorboard=false"}};
  const char* const named[] = {"run.seed = 0, and this asks for 4", "sac.gamma = 0.99, and this asks for 0.9",
                               "run.agent = unified, and this asks for sac",
                               "log.tensorboard = true, and this asks for false"};
  for (size_t i = 0; i < others.size(); ++i) {
    std::vector<std::string> words = TinyTrain({"--episodes", "1", "--out", "run", "--resume"});
    words.insert(words.end(), others[i].begin(), others[i].end());
    const Said said = Do(words);
    EXPECT_EQ(said.code, 1) << said.out;
    EXPECT_NE(said.err.find(std::string("run was begun with ") + named[i]), std::string::npos) << said.err;
    EXPECT_EQ(files(), before);
  }
  const Said further = Do(TinyTrain({"--episodes", "2", "--out", "run", "--resume"}));
  EXPECT_EQ(further.code, 0) << further.err;
  EXPECT_EQ(Episodes(Run()), 4u) << "how long it is to be contradicts nothing";
}

TEST_F(RunFolders, AnotherToolsEventFileIsNotTouched) {
  MakeRun("run", "2");
  const std::string ours = store::ReadDescription(Run()).value().tensorboard;
  ASSERT_NE(ours, "");
  const std::string was = ReadFile(Run() + "/" + ours).value();
  // Older, newer, longer, shorter; and one that begins as ours.
  const std::vector<std::pair<std::string, std::string>> foreign = {
      {"events.out.tfevents.1.a.1.0", "short"},
      {"events.out.tfevents.9999999999.z.1.0", std::string(100000, 'x')},
      {"events.out.tfevents.9999999999.z.2.0", was + "and more"},
      {"events.out.tfevents.0.b.2.0", was}};
  for (const auto& [name, text] : foreign) folder_.Write("run/" + name, text);
  for (const char* damage : {"", "removed"}) {
    if (damage == std::string("removed")) fs::remove(Run() + "/" + ours);
    const Said said = Do({"resume", "run", "--episodes", std::to_string(Episodes(Run()) - 1)});
    ASSERT_EQ(said.code, 0) << said.err;
    for (const auto& [name, text] : foreign) EXPECT_EQ(ReadFile(Run() + "/" + name).value(), text) << name << damage;
    EXPECT_EQ(store::ReadDescription(Run()).value().tensorboard, ours);
    EXPECT_GT(ReadFile(Run() + "/" + ours).value().size(), was.size()) << damage;
  }
}

TEST_F(RunFolders, ARunIsCalledAfterItsFolderEverywhere) {
  MakeRun("first", "11");
  fs::copy(folder_ / "first", folder_ / "copied", fs::copy_options::recursive);
  fs::create_directory(folder_ / "elsewhere");
  fs::rename(folder_ / "first", folder_ / "elsewhere/renamed");
  ASSERT_NE(ReadFile(folder_ / "copied/run.json").value().find("\"first\""), std::string::npos) << "as it was written";

  EXPECT_EQ(store::ReadDescription(folder_ / "copied").value().name, "copied");
  const Said compared = Do({"compare", "copied", "elsewhere/renamed"});
  EXPECT_EQ(compared.out.find("first"), std::string::npos) << compared.out << compared.err;
  const Said exported = Do({"export", "--run", "copied", "--of", "curves", "--svg", "curves.svg"});
  if (exported.code == 0) {
    std::string svg;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      if (entry.path().extension() == ".svg") svg += ReadFile(entry.path().string()).value();
    EXPECT_NE(svg.find("copied"), std::string::npos);
    EXPECT_EQ(svg.find("first"), std::string::npos);
  }
  for (const std::string run : {"copied", "elsewhere/renamed"}) {
    const Said resumed = Do({"resume", run, "--episodes", "12"});
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_NE(resumed.out.find("writing to " + run), std::string::npos) << resumed.out;
    EXPECT_EQ(resumed.out.find("first"), std::string::npos) << resumed.out;
    const std::string json = ReadFile(folder_ / (run + "/run.json")).value();
    EXPECT_NE(json.find("\"name\": \"" + fs::path(run).filename().string() + "\""), std::string::npos) << json;
    EXPECT_EQ(json.find("first\""), std::string::npos) << json;
  }
}

TEST_F(RunFolders, LeftoversOfDeadProcessesGoAtTheNextStart) {
  MakeRun("run", "1");
  fs::create_directories(Run() + "/export/film");
  const std::string dead = Dead(), alive = std::to_string(::getpid());
  const std::vector<std::string> go = {"run.json.tmp-" + dead,
                                       "cut-1.jsonl.tmp-" + dead,
                                       "checkpoints/state.eqps.tmp-" + dead,
                                       "checkpoints/previous.eqps.tmp-" + dead,
                                       "checkpoints/before-1.eqps.tmp-" + dead,
                                       "decisions/000001.eqps.tmp-" + dead,
                                       "dashboard.equipoise-part-" + dead + ".png",
                                       "export/curves.equipoise-part-" + dead + ".svg",
                                       "export/hop.equipoise-part-" + dead + "-2.mp4"};
  const std::vector<std::string> stay = {"run.json.tmp-" + alive,
                                         "checkpoints/state.eqps.tmp-" + alive,
                                         "export/curves.equipoise-part-" + alive + ".svg",
                                         "export/letter.equipoise-part-one.txt",
                                         "export/letter.equipoise-part-" + dead + "x.txt",
                                         "export/clip.part-" + dead + ".mp4",  // a name that a person may give
                                         "export/clip.equipoise-part-0" + dead + ".mp4",
                                         "notes.tmp-mine",
                                         ".tmp-" + dead};
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const auto& names : {go, stay})
    for (const std::string& name : names) fs::last_write_time(folder_.Write("run/" + name, "half"), old);
  // A folder of frames, one in which somebody made a folder, and a film that another machine may be writing.
  for (const char* name : {"frames.equipoise-part-", "mine.equipoise-part-"}) {
    fs::create_directory(Run() + "/export/" + name + dead);
    folder_.Write(std::string("run/export/") + name + dead + "/frame-00001.png", "half");
  }
  fs::create_directory(Run() + "/export/mine.equipoise-part-" + dead + "/work");
  for (const char* name : {"frames.equipoise-part-", "mine.equipoise-part-"})
    fs::last_write_time(Run() + "/export/" + name + dead, old);
  folder_.Write("run/export/film.equipoise-part-" + dead + ".mp4", "half");

  ASSERT_EQ(Do({"resume", "run", "--episodes", "2"}).code, 0);
  for (const std::string& name : go) EXPECT_FALSE(fs::exists(Run() + "/" + name)) << name;
  for (const std::string& name : stay) EXPECT_TRUE(fs::exists(Run() + "/" + name)) << name;
  EXPECT_FALSE(fs::exists(Run() + "/export/frames.equipoise-part-" + dead));
  EXPECT_TRUE(fs::exists(Run() + "/export/mine.equipoise-part-" + dead + "/work"));
  EXPECT_TRUE(fs::exists(Run() + "/export/film.equipoise-part-" + dead + ".mp4")) << "just written";
}

TEST_F(RunFolders, EveryLifeIsOnRecordWithWhatComputedIt) {
  Start start;
  start.arguments = TinyTrain({"--episodes", "100000", "--out", "run"});
  {
    Program first(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&first, Run(), 4)) << first.Err();
    first.Signal(SIGKILL);
    EXPECT_EQ(first.Wait().signal, SIGKILL);
  }
  const size_t killed_after = Episodes(Run());
  start.arguments = {"resume", "run"};
  {
    Program second(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&second, Run(), killed_after + 3)) << second.Err();
    second.Signal(SIGTERM);
    EXPECT_EQ(second.Wait().code, 75);
  }
  const size_t stopped_after = Episodes(Run());
  // Whoever only looks at it lives no life of it.
  EXPECT_EQ(Do({"replay", "--run", "run", "--episode", "1"}).code, 0);
  EXPECT_EQ(Do({"repair", "run"}).code, 0);
  ASSERT_EQ(Do({"resume", "run", "--episodes", std::to_string(stopped_after)}).code, 0);

  const store::RunDescription d = store::ReadDescription(Run()).value();
  ASSERT_EQ(d.lives.size(), 3u);
  EXPECT_EQ(d.lives[0].end, "killed");
  EXPECT_EQ(d.lives[0].ended, "");
  EXPECT_EQ(d.lives[1].end, "stopped");
  EXPECT_EQ(d.lives[2].end, "finished");
  EXPECT_EQ(d.lives[0].first_episode, -1) << "two random episodes come first";
  EXPECT_GE(d.lives[1].first_episode, static_cast<int64_t>(killed_after) - 2) << "the last one may have been unknown";
  EXPECT_LE(d.lives[1].first_episode, static_cast<int64_t>(killed_after) - 1);
  EXPECT_EQ(d.lives[2].first_episode, static_cast<int64_t>(stopped_after) - 1);
  for (const store::RunLife& life : d.lives) {
    EXPECT_EQ(life.processor, ProcessorModel());
    EXPECT_EQ(life.host, store::HostName());
    EXPECT_EQ(life.version, Version());
    EXPECT_EQ(life.build, Build());
    EXPECT_NE(life.kernels.find("oneDNN "), std::string::npos);
    EXPECT_EQ(life.versions.count("MuJoCo") + life.versions.count("oneDNN"), 2u);
    EXPECT_GT(store::WallTimeOf(life.started), 0);
  }
}

TEST_F(RunFolders, ADecisionOfAnotherProcessorIsJudgedByToleranceAndSaysSo) {
  MakeRun("run", "2");
  const std::string description = ReadFile(Run() + "/run.json").value(),
                    log = ReadFile(Run() + "/episodes.jsonl").value();
  const auto replay = [&] { return Do({"replay", "--run", "run", "--episode", "2"}); };
  // As another processor might have rounded: by so much of what is let pass there.
  const auto write = [&](double share) {
    run::History history = run::ReadHistory(Run()).value();
    std::string lines;
    for (run::EpisodeRecord& record : history.episodes) {
      if (record.episode == 2) {
        eps::Decision& d = record.decision;
        const double scale = std::max(
            {1.0, std::abs(test::ReturnsOf(d, test::Based())[1]), std::abs(test::ReturnsOf(d, test::Free())[1])});
        test::DeltaOf(&d)[1] += share * std::max(run::kRoundingShare * scale, d.standard_error()[1]);
      }
      lines += run::ToLine(record) + "\n";
    }
    folder_.Write("run/episodes.jsonl", lines);
  };
  const auto elsewhere = [&] {
    Json json = ParseJson(description, "").value();
    json["lives"][0]["processor"] = "Another Processor 9000";
    folder_.Write("run/run.json", json.dump(2));
  };
  write(0.9);
  Said said = replay();
  EXPECT_EQ(said.code, 3) << "here, bits must agree: " << said.out;
  EXPECT_EQ(said.out.find("bits may differ"), std::string::npos) << said.out;

  elsewhere();
  said = replay();
  EXPECT_EQ(said.code, 0) << said.out;
  EXPECT_EQ(said.out.rfind("The same numbers but for rounding: 1 of episode 2", 0), 0u) << said.out;
  EXPECT_NE(said.out.find("processor Another Processor 9000 then, " + ProcessorModel() + " now"), std::string::npos)
      << said.out;
  EXPECT_NE(said.out.find("bits may differ"), std::string::npos) << said.out;

  folder_.Write("run/episodes.jsonl", log);
  write(1.1);
  said = replay();
  EXPECT_EQ(said.code, 3) << said.out;
  EXPECT_NE(said.out.find("by more than rounding explains"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("Another Processor 9000"), std::string::npos) << said.out;

  folder_.Write("run/episodes.jsonl", log);
  said = replay();
  EXPECT_EQ(said.code, 0);
  EXPECT_NE(said.out.find("to the bit"), std::string::npos) << "where they do agree it is said: " << said.out;
}

}  // namespace
}  // namespace equipoise::app
