#include "engine/run/new_run.h"

#include <filesystem>
#include <utility>

#include "engine/run/run_list.h"

namespace equipoise::run {

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
    if (folder.empty()) std::filesystem::remove(run.folder, ignored);  // stays when something is in it
    return engine.error();
  }
  run.engine = std::move(engine).value();
  return run;
}

}  // namespace equipoise::run
