#include "engine/env/mujoco_errors.h"

#include <mutex>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/compat.h"

namespace equipoise::env {
namespace {

thread_local std::vector<std::string> warnings;

void OnError(const char* message) { throw InternalError(std::string("MuJoCo: ") + message); }

void OnWarning(const char* message) {
  if (warnings.size() == kMaxWarnings) warnings.erase(warnings.begin());
  warnings.emplace_back(message);
}

}  // namespace

void InstallMujocoHandlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    mju_user_error = OnError;
    mju_user_warning = OnWarning;
  });
}

std::vector<std::string> TakeMujocoWarnings() { return std::exchange(warnings, {}); }

}  // namespace equipoise::env
