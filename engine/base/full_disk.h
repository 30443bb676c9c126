// full_disk.h: what a thread does when a write finds no room: waits and tries again, or gives up.
//
// A write that fails leaves nothing half done (atomic_file.h), so it can be made again as it was, however often. Whoever
// installs a handler on a thread decides that; without one, and for any other error, a write fails at once.
//
// Thread   a handler counts for its own thread alone
#pragma once

#include <functional>
#include <string>

#include "engine/base/result.h"

namespace equipoise {

class FullDiskHandler {
 public:
  virtual ~FullDiskHandler() = default;
  // A write found no room. Waits, or makes some; false: the write is given up. May throw Interrupted.
  virtual bool NoRoom(const Error& error) = 0;
  // The write that waited has been made.
  virtual void RoomAgain() = 0;
};

// Installs `handler` on this thread while in scope; null: none.
class ScopedFullDiskHandler {
 public:
  explicit ScopedFullDiskHandler(FullDiskHandler* handler);
  ~ScopedFullDiskHandler();
  ScopedFullDiskHandler(const ScopedFullDiskHandler&) = delete;
  ScopedFullDiskHandler& operator=(const ScopedFullDiskHandler&) = delete;

 private:
  FullDiskHandler* previous_;
};

// Calls write(), which returns 0 or an errno and can be made again, until it finds room or is given up. Returns what it
// returned last. `path` stands in what the handler hears.
int WithRoom(const std::string& path, const std::function<int()>& write);

}  // namespace equipoise
