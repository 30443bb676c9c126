#include "engine/run/new_run.h"

#include <filesystem>
#include <utility>

#include "engine/config/task_name.h"

namespace equipoise::run {

namespace fs = std::filesystem;

std::string FirstRunFolder(const std::string& parent, const config::Settings& s) {
  return (parent.empty() ? "" : parent + "/") + config::TaskStem(s.run.task) + "-" + s.run.agent + "-" + s.run.preset +
         "-s" + std::to_string(s.run.seed);
}

namespace {

std::string Numbered(const std::string& base, int n) { return n == 1 ? base : base + "-" + std::to_string(n); }

}  // namespace

std::string FreeRunFolder(const std::string& parent, const config::Settings& s) {
  const std::string base = FirstRunFolder(parent, s);
  std::error_code unreadable;
  int n = 1;
  while (fs::exists(Numbered(base, n), unreadable)) ++n;
  return Numbered(base, n);
}

Result<std::string> ClaimRunFolder(const std::string& parent, const config::Settings& s) {
  const std::string base = FirstRunFolder(parent, s);
  std::error_code error;
  if (!parent.empty()) fs::create_directories(parent, error);
  if (error) return Error{"cannot make the folder " + parent + ": " + error.message() + "; choose one with --out"};
  for (int n = 1;; ++n) {
    const std::string folder = Numbered(base, n);
    if (fs::create_directory(folder, error)) return folder;  // whoever made it has it
    std::error_code absent;
    if (error && !fs::exists(folder, absent))
      return Error{"cannot make the folder " + folder + ": " + error.message() + "; choose one with --out"};
  }
}

Result<BegunRun> BeginRun(const config::Settings& settings, const std::string& folder, const std::string& parent) {
  BegunRun run;
  run.folder = folder;
  if (folder.empty()) {
    Result<std::string> claimed = ClaimRunFolder(parent, settings);
    if (!claimed) return claimed.error();
    run.folder = std::move(claimed).value();
  }
  Result<std::unique_ptr<Engine>> engine = Engine::Create(settings, run.folder);
  if (!engine) {
    std::error_code ignored;
    if (folder.empty()) fs::remove(run.folder, ignored);  // stays when something is in it
    return engine.error();
  }
  run.engine = std::move(engine).value();
  return run;
}

}  // namespace equipoise::run
