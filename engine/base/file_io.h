// file_io.h: the few system calls that everything which writes files has in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/result.h"

namespace equipoise {

// What went wrong with a file, why, and what a person can do about it: "cannot write a/b.csv: No space left on device;
// free some space and try again". `error` is an errno.
Error FileError(const std::string& what, const std::string& path, int error);

// Writes all of it, however often it is interrupted or has to wait. 0, or errno.
int WriteAll(int fd, const char* data, size_t size);

// Makes a rename or a new file's name last through a power cut. Some file systems refuse; then there is nothing to do.
void SyncFolderOf(const std::string& path);

// The folder that a path lies in, "." and "/" included.
std::string FolderOf(const std::string& path);

// Which file or folder it is, whatever its name is at the moment.
struct FileIdentity {
  uint64_t device = 0, inode = 0;
  bool operator==(const FileIdentity& o) const { return device == o.device && inode == o.inode; }
  bool operator!=(const FileIdentity& o) const { return !(*this == o); }
};
// Nothing: there is none under this path. Links are followed.
std::optional<FileIdentity> IdentityOf(const std::string& path);
std::optional<FileIdentity> IdentityOf(int fd);

}  // namespace equipoise
