#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "engine/base/atomic_file.h"
#include "engine/record/episode_reader.h"
#include "engine/record/records.h"
#include "engine/run/accepted.h"
#include "engine/run/engine.h"
#include "engine/store/checked_log.h"
#include "engine/store/run_description.h"
#include "tests/engine/agent/tiny_agent.h"
#include "tests/fuzz/file_of.h"
#include "tests/fuzz/targets.h"

namespace equipoise::fuzz {
namespace {

namespace fs = std::filesystem;

// A folder of this process's own, gone with it.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("equipoise-fuzz-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const char* name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

const Folder& Scratch() {
  static const Folder folder;
  return folder;
}

}  // namespace

void RunLog(const std::string& bytes) {
  std::vector<std::string> lines;
  std::istringstream in(bytes);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  for (const std::string& line : lines) {
    if (const auto episode = run::EpisodeFromLine(line, "input"); episode.ok()) {
      const std::string written = run::ToLine(episode.value());
      const auto again = run::EpisodeFromLine(written, "written");
      EQ_CHECK(again.ok() && run::ToLine(again.value()) == written, "an episode is read again as something else");
    }
    if (const auto event = run::EventFromLine(line, "input"); event.ok()) {
      const std::string written = run::ToLine(event.value());
      const auto again = run::EventFromLine(written, "written");
      EQ_CHECK(again.ok() && run::ToLine(again.value()) == written, "an event is read again as something else");
    }
    (void)run::WithoutClock(line);
  }
  (void)run::AcceptedFrom(lines, test::TinyAgent("unified"), "input");
  (void)store::DescriptionFromJson(bytes, "input");
  {
    const FileOf file(bytes);
    (void)store::VerifyLog(file.path());
  }
  // The reader of long logs looks for the file by its name.
  static const std::string log = Scratch() / "episodes.jsonl";
  if (fs::exists(log)) fs::remove(log);
  fs::copy_file(FileOf(bytes).path(), log);
  run::EpisodeReader reader(Scratch().path(), {/*index_from=*/INT64_MAX, /*write=*/false});
  (void)reader.Read([] {}, [](const run::EpisodeSummary&) {});
}

std::vector<std::string> RunLogSeeds() {
  config::Settings settings = test::TinyAgent("unified");
  settings.distractors.groups = 2;
  settings.run.episodes = 3;
  const std::string folder = Scratch() / "run";
  {
    auto engine = run::Engine::Create(settings, folder);
    EQ_CHECK(engine.ok(), engine.error().message);
    engine.value()->Start(true);
    engine.value()->Post(run::ChangeSetting{"distractors.active", true});
    engine.value()->Post(run::Resume{});
    engine.value()->Wait();
  }
  std::vector<std::string> seeds;
  for (const char* name : {"episodes.jsonl", "events.jsonl", "run.json"})
    seeds.push_back(ReadFile(folder + "/" + name).value());
  run::Stroke stroke;
  seeds.push_back(run::ChangesLine({}, true) + "\n" + run::PushLine(stroke) + "\n");
  fs::remove_all(folder);
  return seeds;
}

}  // namespace equipoise::fuzz
