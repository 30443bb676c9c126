#include "engine/run/rerun.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>
#include <vector>

#include "engine/agent/trainer.h"
#include "engine/base/archive.h"
#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "engine/config/config_file.h"
#include "engine/env/task_library.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/run/engine_impl.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

using Lines = std::vector<std::string>;

Result<Lines> Records(const std::string& path, bool events) {
  auto lines = store::ReadLines(path);
  if (!lines) return lines.error();
  Lines kept;
  for (const std::string& line : lines.value()) {
    if (events) {
      auto event = EventFromLine(line, path);
      if (!event) return event.error();
      // What happened to the files of one of the two is not the run's course.
      const Event& e = event.value();
      if (e.kind == Event::Kind::kError || e.kind == Event::Kind::kLifecycle) continue;
      if (e.kind == Event::Kind::kNote && e.key.empty()) continue;
    }
    auto record = WithoutClock(line);
    if (!record) return record.error();
    kept.push_back(events ? std::regex_replace(record.value(), std::regex("rolled-back-[0-9]+"), "rolled-back")
                          : std::move(record).value());
  }
  return kept;
}

std::string Short(const std::string& text) {
  constexpr size_t kMost = 120;
  return text.size() <= kMost ? text : text.substr(0, kMost) + "...";
}

// Which of their members it is, and what each says of it.
std::string MemberThatDiffers(const std::string& a, const std::string& b) {
  const Result<Json> was = ParseJson(a, ""), is = ParseJson(b, "");
  if (!was || !is) return "was " + Short(a) + " and now is " + Short(b);
  const Json patch = Json::diff(was.value(), is.value());
  const std::string path = patch.empty() ? "" : patch[0]["path"].get<std::string>();
  const auto value = [&path](const Json& all) {
    const Json::json_pointer at(path);
    return all.contains(at) ? Short(all[at].dump()) : std::string("nothing");
  };
  return "differs in " + path.substr(std::min<size_t>(1, path.size())) + ": was " + value(was.value()) +
         " and now is " + value(is.value());
}

std::string Difference(const Lines& a, const Lines& b, const std::string& of) {
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    const std::string where = of + ": record " + std::to_string(i + 1);
    if (i >= a.size()) return where + " is new: " + Short(b[i]);
    if (i >= b.size()) return where + " is missing: " + Short(a[i]);
    return where + " " + MemberThatDiffers(a[i], b[i]) + ".";
  }
  return "";
}

struct Learnt {
  std::string state;
  std::vector<std::string> blocks;
};
Result<Learnt> ReadLearnt(const std::string& folder) {
  const store::RunPaths paths(folder);
  auto bytes = ReadFile(paths.state);
  if (!bytes) return bytes.error();
  auto archive = ArchiveReader::Parse(std::move(bytes).value(), paths.state);
  if (!archive) return archive.error();
  const ArchiveReader& in = archive.value();
  try {
    auto read = config::FromJson(in.Text("settings"));
    if (!read) return read.error();
    config::Settings settings = std::move(read).value();
    settings.run.episodes = 1;  // how long it is meant to be is nothing learnt
    auto blocks = store::ReplayFile::ReadAll(paths.replay, in.Int("trainer.block_bytes"), in.Int("trainer.episodes"));
    if (!blocks) return blocks.error();
    env::NoteTaskPlace(settings.run.task, paths.folder);
    auto task = TaskOf(settings);
    if (!task) return task.error();
    Trainer trainer(settings, std::move(task).value(), {});
    trainer.Load(in, blocks.value());
    ArchiveWriter out;
    trainer.Save(out);
    return Learnt{out.Finish(), std::move(blocks).value()};
  } catch (const FormatError& error) {
    return Error{error.what()};
  }
}

}  // namespace

Result<std::unique_ptr<Engine>> BeginRerun(const std::string& folder, const std::string& out) {
  auto description = store::ReadDescription(folder);
  if (!description) return description.error();
  auto settings = SettingsOf(description.value(), folder);
  if (!settings) return settings.error();
  auto script = RerunScript::Read(folder);
  if (!script) return script.error();
  auto engine = Engine::Create(settings.value(), out);
  if (!engine) return engine.error();
  static_cast<EngineImpl&>(*engine.value()).Follow(std::move(script).value());  // Create makes no other
  return engine;
}

Result<Compared> CompareRuns(const std::string& folder, const std::string& out) {
  const store::RunPaths a(folder), b(out);
  size_t episodes = 0, events = 0;
  for (const bool of_events : {false, true}) {
    auto was = Records(of_events ? a.events : a.episodes, of_events);
    if (!was) return was.error();
    auto is = Records(of_events ? b.events : b.episodes, of_events);
    if (!is) return is.error();
    const std::string name = of_events ? "events.jsonl" : "episodes.jsonl";
    if (const std::string found = Difference(was.value(), is.value(), name); !found.empty())
      return Compared{false, "Not the same run. " + found};
    (of_events ? events : episodes) = was.value().size();
  }
  auto was = ReadLearnt(folder);
  if (!was) return was.error();
  auto is = ReadLearnt(out);
  if (!is) return is.error();
  if (was.value().blocks != is.value().blocks) return Compared{false, "Not the same run. The recorded steps differ."};
  if (was.value().state != is.value().state)
    return Compared{false, "Not the same run. What was learnt differs (checkpoints/state.eqps)."};
  return Compared{true, "The same run: " + std::to_string(episodes) + " episodes, " + std::to_string(events) +
                            " events, the recorded steps, the networks and their optimisers are equal to the bit."};
}

}  // namespace equipoise::run
