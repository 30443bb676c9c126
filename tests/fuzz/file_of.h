// file_of.h: bytes as a file, for readers that take a path; in memory, so that a million of them cost no disk.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "engine/base/check.h"

namespace equipoise::fuzz {

class FileOf {
 public:
  explicit FileOf(const std::string& bytes) : file_(::memfd_create("input", MFD_CLOEXEC)) {
    EQ_CHECK(file_ >= 0, "no file in memory");
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t wrote = ::write(file_, bytes.data() + done, bytes.size() - done);
      EQ_CHECK(wrote > 0, "no memory for the file");
      done += static_cast<size_t>(wrote);
    }
  }
  ~FileOf() { ::close(file_); }
  FileOf(const FileOf&) = delete;
  FileOf& operator=(const FileOf&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace equipoise::fuzz
