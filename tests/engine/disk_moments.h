// disk_moments.h: a hook at every moment at which something on the disk has just changed.
//
// What lies there at such a moment is what a process leaves that is killed before its next system call: a copy of the
// folder, taken by the hook, stands for a kill.
//
// Covers   write, rename, unlink and ftruncate of this program and its libraries
// Thread   the hook is called on the thread that wrote, one call at a time; its own writes do not count
#pragma once

#include <functional>

namespace equipoise::testing_support {

class DiskMoments {
 public:
  explicit DiskMoments(std::function<void()> hook);
  ~DiskMoments();
  DiskMoments(const DiskMoments&) = delete;
  DiskMoments& operator=(const DiskMoments&) = delete;
};

}  // namespace equipoise::testing_support
