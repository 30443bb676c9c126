#include "engine/base/held_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <utility>

namespace equipoise {

std::string WithFolder(const std::string& text, const std::string& from, const std::string& to) {
  std::string out;
  size_t at = 0;
  for (size_t found; !from.empty() && (found = text.find(from, at)) != std::string::npos;) {
    const size_t end = found + from.size();
    const bool whole = end == text.size() || std::isalnum(static_cast<unsigned char>(text[end])) == 0;
    out += text.substr(at, found - at) + (whole ? to : from);
    at = end;
  }
  return out + text.substr(at);
}

HeldFolder::~HeldFolder() {
  if (fd_ >= 0) ::close(fd_);
}
HeldFolder::HeldFolder(HeldFolder&& other) noexcept { *this = std::move(other); }
HeldFolder& HeldFolder::operator=(HeldFolder&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(name_, other.name_);
  std::swap(path_, other.path_);
  std::swap(identity_, other.identity_);
  return *this;
}

Result<HeldFolder> HeldFolder::Open(const std::string& name) {
  HeldFolder held;
  held.fd_ = ::open(name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (held.fd_ < 0 && (errno == ENOENT || errno == ENOTDIR)) return Error{"there is no folder " + name};
  if (held.fd_ < 0) return FileError("open the folder", name, errno);
  const std::optional<FileIdentity> identity = IdentityOf(held.fd_);
  if (!identity) return FileError("open the folder", name, errno);
  held.identity_ = *identity;
  held.name_ = name;
  held.path_ = "/proc/self/fd/" + std::to_string(held.fd_);
  if (IdentityOf(held.path_) != identity) held.path_ = name;
  return held;
}

}  // namespace equipoise
