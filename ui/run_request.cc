#include "ui/run_request.h"

#include "engine/config/config_file.h"
#include "engine/config/config_path.h"
#include "engine/run/run_list.h"
#include "engine/run/watch.h"

namespace equipoise::ui {

Result<std::unique_ptr<run::Engine>> MakeEngine(const RunRequest& request) {
  switch (request.kind) {
    case RunRequest::Kind::kNew:
      return run::Engine::Create(request.settings, request.folder);
    case RunRequest::Kind::kContinue: {
      auto engine = run::Engine::Open(request.folder, request.episodes);
      if (engine && !request.roll_back.empty()) engine.value()->Post(run::RollBack{request.roll_back});
      return engine;
    }
    case RunRequest::Kind::kLook:
      return run::Watch(request.folder);
  }
  return Error{"no such request"};
}

std::vector<std::string> PresetsOf(const std::string& task) {
  const Result<std::string> path = config::FindConfig(task);
  if (!path) return {};
  Result<std::vector<std::string>> presets = config::PresetsOf(path.value());
  return presets ? std::move(presets).value() : std::vector<std::string>();
}

Result<RunRequest> Resolve(const NewRunDraft& draft) {
  const Result<std::string> path = config::FindConfig(draft.task);
  if (!path) return path.error();
  config::Overrides overrides = {{"run.task", draft.task}, {"run.agent", draft.agent}, {"run.seed", draft.seed}};
  if (!draft.episodes.empty()) overrides.emplace_back("run.episodes", draft.episodes);
  Result<config::Settings> settings = config::LoadFile(path.value(), draft.preset, overrides);
  if (!settings) return settings.error();
  RunRequest request;
  request.kind = RunRequest::Kind::kNew;
  request.settings = settings.value();
  request.folder = draft.folder.empty() ? run::FreeRunFolder(draft.parent, request.settings) : draft.folder;
  return request;
}

}  // namespace equipoise::ui
