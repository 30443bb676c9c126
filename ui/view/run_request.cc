#include "ui/view/run_request.h"

#include <unistd.h>
#include <filesystem>

#include "engine/browse/watch.h"
#include "engine/config/section.h"
#include "engine/env/task_settings.h"
#include "engine/run/new_run.h"

namespace equipoise::ui {

bool SameFolder(const std::string& a, const std::string& b) {
  std::error_code error;
  return !a.empty() && !b.empty() && std::filesystem::equivalent(a, b, error) && !error;
}

Result<std::unique_ptr<run::Engine>> MakeEngine(const RunRequest& request) {
  switch (request.kind) {
    case RunRequest::Kind::kNew: {
      auto begun = run::BeginRun(request.settings, request.claim_in.empty() ? request.folder : "", request.claim_in);
      if (!begun) return begun.error();
      return std::move(begun).value().engine;
    }
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

std::vector<std::string> PresetsOf(const std::string& task, const std::string& agent) {
  return env::PresetsFor(task, agent);
}

namespace {

namespace fs = std::filesystem;

std::string NumberProblem(const char* key, const std::string& typed) {
  config::Settings probe;
  if (config::SetFromText(probe, key, typed)) return "";
  const config::Spec& spec = *config::FindSpec(key);
  return "A whole number from " + config::ToText(spec.lowest) + " to " + config::ToText(spec.highest) + ".";
}

// Whether a folder can be made there, or why not. Looking changes nothing.
std::string CreationProblem(fs::path folder) {
  std::error_code error;
  folder = fs::absolute(folder, error).lexically_normal();
  while (!folder.empty() && !fs::exists(folder, error)) {
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  if (!fs::is_directory(folder, error)) return folder.string() + " is a file: no folder can be made in it.";
  return ::access(folder.c_str(), W_OK | X_OK) == 0 ? "" : "You may not write into " + folder.string() + ".";
}

bool Has(const config::Settings& settings, const std::string& key) {
  for (const config::Section* section : config::SectionsOf(settings))
    for (const config::Spec& spec : section->specs)
      if (spec.key == key) return true;
  return false;
}

}  // namespace

std::string FolderProblem(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return CreationProblem(folder);
  if (!fs::is_directory(folder, error)) return "There is a file of that name.";
  if (fs::exists(fs::path(folder) / "run.json", error)) return "There is a run in it already.";
  if (!fs::is_empty(folder, error) || error) return "It is not empty, and a run needs a folder of its own.";
  return CreationProblem(folder);
}

std::string FreeBeside(const std::string& folder) {
  std::error_code unreadable;
  std::string base = folder;
  while (base.size() > 1 && base.back() == '/') base.pop_back();
  std::string free = base;
  for (int n = 2; fs::exists(free, unreadable); ++n) free = base + "-" + std::to_string(n);
  return free;
}

NewRun Resolve(const NewRunDraft& draft) {
  NewRun out;
  out.request.kind = RunRequest::Kind::kNew;
  out.problems.seed = NumberProblem("run.seed", draft.seed);
  if (!draft.episodes.empty()) out.problems.episodes = NumberProblem("run.episodes", draft.episodes);
  config::Overrides overrides = {{"run.task", draft.task}, {"run.agent", draft.agent}};
  if (out.problems.seed.empty()) overrides.emplace_back("run.seed", draft.seed);
  if (!draft.episodes.empty() && out.problems.episodes.empty()) overrides.emplace_back("run.episodes", draft.episodes);
  Result<config::Settings> settings = env::LoadSettings(draft.task, draft.preset, overrides);
  if (!settings) {
    out.problems.other = settings.error().message;
    return out;
  }
  out.preset = settings.value();
  config::Settings wanted = out.preset;
  for (const run::ChangeSetting& change : draft.changes) {
    if (!Has(out.preset, change.key)) continue;
    if (const Status set = config::Set(wanted, change.key, change.value); !set)
      out.problems.other = set.error().message;
  }
  if (const Status valid = config::Validate(wanted); !valid) out.problems.other = valid.error().message;
  out.request.settings = wanted;
  if (draft.folder.empty()) out.request.claim_in = draft.parent;
  out.request.folder = draft.folder.empty() ? run::FreeRunFolder(draft.parent, wanted) : draft.folder;
  out.problems.folder = FolderProblem(out.request.folder);
  if (!out.problems.folder.empty()) {
    const std::string free = FreeBeside(out.request.folder);
    if (free != out.request.folder && CreationProblem(free).empty()) out.free_folder = free;
  }
  return out;
}

}  // namespace equipoise::ui
