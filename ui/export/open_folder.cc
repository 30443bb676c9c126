#include "ui/export/open_folder.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "ui/export/film.h"

namespace equipoise::ui {

Status OpenInFileManager(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  const std::string folder = (fs::is_directory(whole, error) ? whole : whole.parent_path()).string();
  const std::string program = FindProgram("xdg-open");
  if (program.empty())
    return Error{
        "No file manager can be opened: the program xdg-open is not installed (package xdg-utils). It lies in " +
        folder};
  // A child of a child: nobody has to wait for it, and it outlives the window.
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    if (::fork() == 0) {
      ::execl(program.c_str(), program.c_str(), folder.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::_exit(0);
  }
  if (child < 0) return Error{"No process can be started to open " + folder};
  int status = 0;
  ::waitpid(child, &status, 0);
  return {};
}

}  // namespace equipoise::ui
