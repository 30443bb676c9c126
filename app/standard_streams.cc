#include "app/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "app/commands.h"
#include "app/stop_signal.h"

namespace equipoise::app {
namespace {

std::atomic<int> g_lost{0};  // errno of the first text that standard output did not take

void NoteLoss(int error) {
  int none = 0;
  g_lost.compare_exchange_strong(none, error);
}

// Is there room for what a pipe takes as one piece? Also yes when the write will tell an error. Waits until there is,
// or somebody asks to stop.
bool WaitForRoom(int fd) {
  constexpr int kPatienceMs = 100;
  while (true) {
    struct pollfd out {
      fd, POLLOUT, 0
    };
    const int ready = ::poll(&out, 1, kPatienceMs);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    if (StopSignal() != 0) return false;
  }
}

// 0, or errno. Text that is given up because of a signal is no error.
int Write(int fd, const std::string& text) {
  constexpr size_t kPiece = 4096;  // POSIX's PIPE_BUF here
  for (size_t from = 0; from < text.size();) {
    if (!WaitForRoom(fd)) return 0;
    const ssize_t written = ::write(fd, text.data() + from, std::min(kPiece, text.size() - from));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return errno;
    if (written > 0) from += static_cast<size_t>(written);
  }
  return 0;
}

}  // namespace

void HoldStandardStreams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    (void)!::open("/dev/null", O_RDWR);  // the lowest free number: this one
  }
  // What a command prints goes out at its end, where a failure still has its reason; a terminal shows every line.
  static char room[1 << 18];
  if (::isatty(STDOUT_FILENO) == 0) std::setvbuf(stdout, room, _IOFBF, sizeof room);
}

void PrintNow(const std::string& text) {
  if (std::fflush(stdout) != 0) NoteLoss(errno);
  if (const int error = Write(STDOUT_FILENO, text); error != 0) NoteLoss(error);
}

void Warn(const std::string& message) { (void)Write(STDERR_FILENO, "equipoise: " + message + "\n"); }

int Fail(ExitCode code, const std::string& message) {
  Warn(message);
  return code;
}

int FinishOutput(int code) {
  if (std::fflush(stdout) != 0) NoteLoss(errno);  // std::cout's text too: the two are in step
  std::cout.flush();
  const bool failed = std::ferror(stdout) != 0 || std::cout.fail();
  if (g_lost == 0 && !failed) return code;
  const std::string reason = g_lost != 0 ? std::string(": ") + std::strerror(g_lost) : "";
  Warn("cannot write to standard output" + reason);
  return code == kOk ? kFailure : code;
}

}  // namespace equipoise::app
