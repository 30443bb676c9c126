// mujoco_errors.h: MuJoCo's own errors and warnings, brought into ours.
//
// Left alone, MuJoCo writes MUJOCO_LOG.TXT into the working directory and, on an error, waits for Enter and ends the
// process. With the handlers an error throws InternalError out of the MuJoCo call, and a warning is kept for whoever
// asks. After a thrown error the mjData is fit for mj_resetData (a Task's Reset or SetState) and for nothing else.
//
// Thread   warnings are kept per thread, the newest kMaxWarnings of them
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace equipoise::env {

inline constexpr size_t kMaxWarnings = 64;

// For the whole process; loading a model does it. Code that calls MuJoCo without a Task calls it first.
void InstallMujocoHandlers();

// Warnings given on this thread since the last call, oldest first.
std::vector<std::string> TakeMujocoWarnings();

}  // namespace equipoise::env
