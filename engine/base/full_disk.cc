#include "engine/base/full_disk.h"

#include <cerrno>

#include "engine/base/file_io.h"

namespace equipoise {
namespace {

thread_local FullDiskHandler* t_handler = nullptr;

}  // namespace

ScopedFullDiskHandler::ScopedFullDiskHandler(FullDiskHandler* handler) : previous_(t_handler) { t_handler = handler; }

ScopedFullDiskHandler::~ScopedFullDiskHandler() { t_handler = previous_; }

int WithRoom(const std::string& path, const std::function<int()>& write) {
  const auto full = [](int error) { return error == ENOSPC || error == EDQUOT; };
  int error = write();
  if (!full(error) || t_handler == nullptr) return error;
  FullDiskHandler* const handler = t_handler;
  while (full(error) && handler->NoRoom(FileError("write", path, error))) error = write();
  if (error == 0) handler->RoomAgain();
  return error;
}

}  // namespace equipoise
