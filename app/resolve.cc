#include "app/resolve.h"

#include "engine/config/config_file.h"
#include "engine/config/config_path.h"
#include "engine/run/run_list.h"

namespace equipoise::app {

Result<config::Settings> Resolve(const RunOptions& options) {
  const std::string name = !options.config.empty() ? options.config
                           : !options.task.empty() ? options.task
                                                   : "quickstart";
  if (options.config.empty() && !options.task.empty()) {
    config::Settings scratch;  // a mistyped task is told as such, not as a missing file
    if (Status status = config::SetFromText(scratch, "run.task", options.task); !status) return status.error();
  }
  Result<std::string> path = config::FindConfig(name);
  if (!path) return path.error();

  config::Overrides overrides;
  for (const std::string& text : options.set) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{"--set " + text + ": write it as section.name=value, for example --set model.dropout=0.05"};
    overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  if (!options.task.empty()) overrides.emplace_back("run.task", options.task);
  if (!options.agent.empty()) overrides.emplace_back("run.agent", options.agent);
  if (!options.seed.empty()) overrides.emplace_back("run.seed", options.seed);
  if (!options.episodes.empty()) overrides.emplace_back("run.episodes", options.episodes);
  return config::LoadFile(path.value(), options.preset, overrides);
}

std::string DefaultFolder(const config::Settings& s) { return run::FreeRunFolder("runs", s); }

}  // namespace equipoise::app
