// folder_lock.h: one writer for each run folder.
//
// An flock on <folder>/.lock, which the system drops when the process ends, however it ends. The file says who holds
// it. The folder itself is locked as well, so that nobody gets in by removing the file; a file system that locks no
// folders (NFS) has the file alone.
#pragma once

#include <string>

#include "engine/base/file_io.h"
#include "engine/base/held_folder.h"
#include "engine/base/result.h"

namespace equipoise::store {

class FolderLock {
 public:
  FolderLock() = default;
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;

  // Does not wait. Fails when somebody else holds it, and says who.
  static Result<FolderLock> Take(const std::string& folder);
  // Is the folder, which Take locked by its path, still what its name leads to, and locked? One that was moved, removed
  // or replaced since is an error: nothing may be written in it any more. So is one whose .lock somebody removed and
  // another process took, which only a file system without locks on folders lets it do; when nobody has, it is taken
  // again, and the sentence says so ("": nothing happened).
  Result<std::string> Look(const HeldFolder& folder);
  // Who is writing this folder now, e.g. "process 4711 on lab3 since 2024-05-01T10:00:00Z"; "" when nobody is.
  static std::string Holder(const std::string& folder);

 private:
  Status TakeFile(const std::string& folder);

  int fd_ = -1;         // of .lock
  int folder_fd_ = -1;  // -1: the file system locks no folders
};

// "2024-05-01T10:00:00Z"
std::string UtcNow();
std::string HostName();

}  // namespace equipoise::store
