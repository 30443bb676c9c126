// process_pool.h: processes of this very program, a few at a time.
//
// They are in process groups of their own, so that a Ctrl-C in the terminal reaches only whoever holds the pool; and they
// are asked to stop (SIGTERM) by the system when that process ends without having asked them.
//
// Thread   main
// Errors   a process that cannot be started
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::app {

// The file of this program, as it was started.
Result<std::string> OwnProgram();

class ProcessPool {
 public:
  explicit ProcessPool(std::string program) : program_(std::move(program)) {}
  ~ProcessPool();  // asks those that are left to stop, and waits for them
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  // Without standard input; what it prints goes behind the end of `log`.
  Status Start(size_t id, const std::vector<std::string>& arguments, const std::string& log);
  struct Ended {
    size_t id = 0;
    int code = -1, signal = 0;  // code -1: it died of the signal
  };
  std::vector<Ended> Collect();  // those that ended since the last call; does not wait
  void AskToStop() const;
  size_t running() const { return running_.size(); }

 private:
  std::string program_;
  std::map<pid_t, size_t> running_;
};

}  // namespace equipoise::app
