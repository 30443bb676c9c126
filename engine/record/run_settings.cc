#include "engine/record/run_settings.h"

#include "engine/config/config_file.h"
#include "engine/env/task_library.h"

namespace equipoise::run {

Result<config::Settings> SettingsOf(const store::RunDescription& description, const std::string& folder) {
  const store::RunPaths paths(folder);
  Result<config::Settings> settings = config::FromJson(description.settings_json);
  if (!settings) return Error{paths.run_json + ": " + settings.error().message};
  env::NoteTaskPlace(settings.value().run.task, paths.folder);
  return settings;
}

}  // namespace equipoise::run
