// disk_moments.h: hooks at every moment at which something on the disk has just changed, or was just looked at.
//
// What lies there when it has changed is what a process leaves that is killed before its next system call: a copy of
// the folder, taken by the hook, stands for a kill. What the hook does to a path that was just looked at, no later look
// has seen: that is how somebody else's work falls between a look and what is done upon it.
//
// Covers   write, rename, unlink and ftruncate, or stat, of this program and its libraries
// Thread   the hook is called on the thread that did it, one call at a time; what it does itself does not count
#pragma once

#include <functional>
#include <string>

namespace equipoise::testing_support {

class DiskMoments {
 public:
  explicit DiskMoments(std::function<void()> hook);
  ~DiskMoments();
  DiskMoments(const DiskMoments&) = delete;
  DiskMoments& operator=(const DiskMoments&) = delete;
};

class DiskLooks {
 public:
  // After each look at a path. What the hook returns is what the look says instead of what it found: an errno; 0: as
  // found.
  explicit DiskLooks(std::function<int(const std::string& path)> hook);
  ~DiskLooks();
  DiskLooks(const DiskLooks&) = delete;
  DiskLooks& operator=(const DiskLooks&) = delete;
};

}  // namespace equipoise::testing_support
