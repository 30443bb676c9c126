// team.h: a few threads that share the work of a run: tasks of one computation, and two computations beside each other.
//
// How many threads there are decides who computes a task, never what is computed: callers cut their work into tasks by
// its size alone (see ShardsOf) and add partial results up in a fixed order, so that results are the same bits with any
// number of threads. A thread without work of its own helps whoever has some. Whoever waits hears interrupts.
//
// Thread   Run and Beside may be called from the team's own threads (a task may not call them)
// Errors   what a task throws comes out of Run or Beside on the thread that called it, when all threads have stopped
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace equipoise {

class Team {
 public:
  // `threads` in all, the caller's included. `poll` is what PollInterrupt does on the others: it may block or throw.
  explicit Team(int threads, std::function<void()> poll = nullptr);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int threads() const;
  // Calls body(0) ... body(tasks - 1), on any thread of the team, and returns when all are done.
  void Run(int tasks, const std::function<void(int)>& body);
  // `first` on this thread beside `second` on another; a team of one runs them one after the other. When `first`
  // throws, `second` is made to stop at its next PollInterrupt.
  void Beside(const std::function<void()>& first, const std::function<void()>& second);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Without a team: on this thread.
void RunTasks(Team* team, int tasks, const std::function<void(int)>& body);

struct Shard {
  int64_t first = 0, count = 0;
};
// Rows cut into nearly equal pieces: one below 8 rows, two below 128, else four.
std::vector<Shard> ShardsOf(int64_t rows);

}  // namespace equipoise
