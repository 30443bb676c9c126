// new_run.h: a new run in a folder that nobody else can get.
//
// A folder that is not named is claimed by making it, so that of all that begin at one moment each has one of its own.
// A run that cannot be made leaves none behind.
//
// Cost     that of Engine::Create
// Thread   any
// Errors   those of ClaimRunFolder and Engine::Create
#pragma once

#include <memory>
#include <string>

#include "engine/run/engine.h"

namespace equipoise::run {

// <parent>/<task>-<agent>-<preset>-s<seed>, with -2, -3, ... behind it when that is taken.
std::string FreeRunFolder(const std::string& parent, const config::Settings& settings);
// The first such folder, whether taken or not.
std::string FirstRunFolder(const std::string& parent, const config::Settings& settings);
// The same as FreeRunFolder, and makes it: of all that ask at one moment, each gets a folder of its own.
Result<std::string> ClaimRunFolder(const std::string& parent, const config::Settings& settings);

struct BegunRun {
  std::string folder;
  std::unique_ptr<Engine> engine;  // not yet started
};
// In `folder`; where that is "", in <parent>/<task>-<agent>-<preset>-s<seed>, or the first of -2, -3, ... behind it
// that nobody has.
Result<BegunRun> BeginRun(const config::Settings& settings, const std::string& folder, const std::string& parent);

}  // namespace equipoise::run
