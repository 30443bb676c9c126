// held_folder.h: a folder held by a descriptor, so that what is written in it lands in it, whatever its name leads to
// by then.
//
// Between looking whether a name still leads to a folder and writing under that name, another folder can take the name.
// path() always leads to the folder itself, also where it was moved to: /proc/self/fd/<descriptor>. It is for calls to
// the file system alone; what a person reads goes through Named.
//
// Thread   any
#pragma once

#include <string>

#include "engine/base/file_io.h"
#include "engine/base/result.h"

namespace equipoise {

// Every `from` that is a whole path, or the beginning of one, replaced by `to`.
std::string WithFolder(const std::string& text, const std::string& from, const std::string& to);

class HeldFolder {
 public:
  HeldFolder() = default;
  ~HeldFolder();
  HeldFolder(HeldFolder&& other) noexcept;
  HeldFolder& operator=(HeldFolder&& other) noexcept;

  // The folder must be there.
  static Result<HeldFolder> Open(const std::string& name);
  // As given to Open.
  const std::string& name() const { return name_; }
  // Of this process, and only while this object lives. Where the system has no /proc it is the name.
  const std::string& path() const { return path_; }
  FileIdentity identity() const { return identity_; }
  // A text for people: with the name in place of the path.
  std::string Named(const std::string& text) const { return WithFolder(text, path_, name_); }

 private:
  int fd_ = -1;
  std::string name_, path_;
  FileIdentity identity_;
};

}  // namespace equipoise
