// sim_access.h: leave to copy the state of the real task, and nothing else: for who plans in a simulator that is as good
// as reality.
//
// Thread   the task's
#pragma once

#include "engine/env/task.h"

namespace equipoise::env {

class SimAccess {
 public:
  // `task` outlives it.
  explicit SimAccess(const Task& task) : task_(task) {}
  SimState Save() const { return task_.Save(); }

 private:
  const Task& task_;
};

}  // namespace equipoise::env
