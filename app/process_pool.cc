#include "app/process_pool.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace equipoise::app {

Result<std::string> OwnProgram() {
  std::error_code error;
  const std::string path = std::filesystem::read_symlink("/proc/self/exe", error).string();
  if (error) return Error{"/proc/self/exe cannot be read: " + error.message() + "; is /proc mounted?"};
  return path;
}

ProcessPool::~ProcessPool() {
  AskToStop();
  for (const auto& [pid, id] : running_) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
}

Status ProcessPool::Start(size_t id, const std::vector<std::string>& arguments, const std::string& log) {
  // All that allocates comes before the fork.
  std::vector<char*> words{program_.data()};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out < 0) return Error{log + ": cannot be written: " + std::strerror(errno)};
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t parent = ::getpid(), pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(75);  // it ended in between
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  const int problem = errno;
  ::close(out);
  ::close(in);
  if (pid < 0) return Error{"no further process can be started: " + std::string(std::strerror(problem))};
  running_[pid] = id;
  return {};
}

std::vector<ProcessPool::Ended> ProcessPool::Collect() {
  std::vector<Ended> ended;
  for (auto it = running_.begin(); it != running_.end();) {
    int status = 0;
    if (::waitpid(it->first, &status, WNOHANG) != it->first) {
      ++it;
      continue;
    }
    Ended one;
    one.id = it->second;
    if (WIFEXITED(status)) one.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) one.signal = WTERMSIG(status);
    ended.push_back(one);
    it = running_.erase(it);
  }
  return ended;
}

void ProcessPool::AskToStop() const {
  for (const auto& [pid, id] : running_) ::kill(pid, SIGTERM);
}

}  // namespace equipoise::app
