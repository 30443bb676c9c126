// run_request.h: which run the window shall show: a new one, one to go on with, or one to look at.
//
// Thread   window thread; Engine::Create and Open take up to a few seconds for large networks and long histories
// Errors   as engine.h
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/run/engine.h"

namespace equipoise::ui {

struct RunRequest {
  enum class Kind {
    kNew,       // `settings` into `folder`, which must not exist or be empty, or into a free one
    kContinue,  // `folder` from its last checkpoint
    kLook,      // read only, also while another process writes it
  } kind = Kind::kLook;
  std::string folder;
  config::Settings settings;
  int episodes = 0;       // kContinue: a new total; 0: as it was
  std::string roll_back;  // kContinue: to this kept checkpoint first; "": none
  bool paused = false;
  std::string claim_in = "";  // kNew: the folder is whatever name is free in this one by then; `folder` was when asked
};

// Do both names lead to one folder that exists?
bool SameFolder(const std::string& a, const std::string& b);

// Why no run can be made in that folder, in plain words; "": one can. And the first name beside it that is free.
std::string FolderProblem(const std::string& folder);
std::string FreeBeside(const std::string& folder);

// Makes the engine, not yet started.
Result<std::unique_ptr<run::Engine>> MakeEngine(const RunRequest& request);

// What a person fills in for a new run. Texts are as typed.
struct NewRunDraft {
  std::string task = "cartpole", preset = "cpu", agent = "unified", seed = "0";
  std::string episodes;  // "": as the preset says
  std::string folder;    // "": a free name in `parent`
  std::string parent = "runs";
  std::vector<run::ChangeSetting> changes;  // of the preset; what the agent has no such setting for is left out
};
// The presets of the task's configuration file; empty when it cannot be read.
std::vector<std::string> PresetsOf(const std::string& task, const std::string& agent);

// What becomes of a draft. Problems are sentences in plain words for the field that they belong to; "": none.
struct NewRun {
  struct Problems {
    std::string seed, episodes, folder, other;
    bool any() const { return !(seed + episodes + folder + other).empty(); }
  } problems;
  config::Settings preset;  // without the changes
  RunRequest request;       // to be made when there is no problem; a field that has one counts as not filled in
  std::string free_folder;  // where the folder is taken: one beside it that is not
};
// Looks at the disk, so that a folder that cannot be used is known before it is.
NewRun Resolve(const NewRunDraft& draft);

}  // namespace equipoise::ui
