#include "engine/base/team.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include "engine/base/flush_to_zero.h"
#include "engine/base/interrupt.h"
#include "engine/base/mutex.h"

namespace equipoise {
namespace {

// Gradient steps come every few milliseconds: a thread looks for the next piece of work so long before it sleeps.
constexpr std::chrono::microseconds kSpin(100);
// A thread that waits for another's long work hears its own interrupts so often.
constexpr std::chrono::milliseconds kNap(10);

// Tasks of one Run, claimed one by one by its owner and whoever helps.
struct Batch {
  Batch(int n, const std::function<void(int)>& work) : tasks(n), body(work) {}

  // Works until no task is unclaimed.
  void Work() {
    for (int i = next++; i < tasks; i = next++) {
      if (!failed) {
        try {
          body(i);
        } catch (...) {
          const MutexLock lock(mutex);
          if (error == nullptr) error = std::current_exception();
          failed = true;
        }
      }
      ++finished;
    }
  }
  bool done() const { return finished == tasks; }
  void Rethrow() {
    std::exception_ptr first;
    {
      const MutexLock lock(mutex);
      first = error;
    }
    if (first != nullptr) std::rethrow_exception(first);
  }

  const int tasks;
  const std::function<void(int)>& body;
  std::atomic<int> next{0}, finished{0};
  std::atomic<bool> failed{false};  // what is unclaimed is skipped
  Mutex mutex;
  std::exception_ptr error EQ_GUARDED_BY(mutex);  // the first
};

// The second half of Beside.
struct Job {
  const std::function<void()>* work = nullptr;
  std::exception_ptr error;
  std::atomic<bool> done{false}, abandon{false};
};

}  // namespace

struct Team::State {
  std::function<void()> poll;
  Mutex mutex;
  Condition changed;
  std::vector<std::shared_ptr<Batch>> open EQ_GUARDED_BY(mutex);  // with unclaimed tasks, perhaps
  Job* waiting_job EQ_GUARDED_BY(mutex) = nullptr;
  std::atomic<int> idle{0};             // threads that could help at once
  std::atomic<uint64_t> generation{0};  // counts what was opened, for those who spin
  std::atomic<bool> quit{false};
  std::vector<std::thread> helpers;

  // Something to help with, or null.
  std::shared_ptr<Batch> TakeOpen() {
    const MutexLock lock(mutex);
    while (!open.empty()) {
      if (open.back()->next < open.back()->tasks) return open.back();
      open.pop_back();
    }
    return nullptr;
  }

  Job* TakeJob() {
    const MutexLock lock(mutex);
    return std::exchange(waiting_job, nullptr);
  }

  // Until something was opened after `seen`, `ready` holds, or a nap is over.
  template <class Ready>
  void Rest(uint64_t seen, const Ready& ready) {
    const auto until = std::chrono::steady_clock::now() + kSpin;
    while (std::chrono::steady_clock::now() < until)
      if (generation != seen || ready()) return;
    const auto end = std::chrono::steady_clock::now() + kNap;
    const MutexLock lock(mutex);
    while (generation == seen && !ready() && changed.WaitUntil(mutex, end)) {
    }
  }

  void Wake() {
    // Under the lock, so that nobody falls asleep between looking and waiting.
    { const MutexLock lock(mutex); }
    changed.NotifyAll();
  }

  void Help() {
    const ScopedFlushToZero flush;  // all that a team computes is learning
    Job* job = nullptr;
    const ScopedInterruptHandler handler([&] {
      if (quit || (job != nullptr && job->abandon)) throw Interrupted{};
      if (poll) poll();
    });
    ++idle;
    while (!quit) {
      const uint64_t seen = generation;
      if ((job = TakeJob()) != nullptr) {
        --idle;
        try {
          (*job->work)();
        } catch (...) {
          job->error = std::current_exception();
        }
        ++idle;
        Job* ended = std::exchange(job, nullptr);
        ended->done = true;
        Wake();
      } else if (const std::shared_ptr<Batch> batch = TakeOpen()) {
        --idle;
        batch->Work();
        ++idle;
        if (batch->done()) Wake();
      } else {
        Rest(seen, [&] { return quit.load(); });
      }
    }
  }
};

Team::Team(int threads, std::function<void()> poll) : state_(std::make_unique<State>()) {
  state_->poll = std::move(poll);
  for (int i = 1; i < threads; ++i) state_->helpers.emplace_back([this] { state_->Help(); });
}

Team::~Team() {
  state_->quit = true;
  state_->Wake();
  for (std::thread& helper : state_->helpers) helper.join();
}

int Team::threads() const { return static_cast<int>(state_->helpers.size()) + 1; }

void Team::Run(int tasks, const std::function<void(int)>& body) {
  State& s = *state_;
  if (tasks < 2 || s.idle == 0) {
    for (int i = 0; i < tasks; ++i) body(i);
    return;
  }
  const auto batch = std::make_shared<Batch>(tasks, body);
  {
    const MutexLock lock(s.mutex);
    s.open.push_back(batch);
    ++s.generation;
  }
  s.changed.NotifyAll();
  batch->Work();
  std::exception_ptr error;
  while (!batch->done()) {
    s.Rest(s.generation, [&] { return batch->done(); });
    if (batch->done() || error != nullptr) continue;
    try {
      PollInterrupt();
    } catch (...) {
      error = std::current_exception();
      batch->failed = true;
    }
  }
  batch->Rethrow();
  if (error != nullptr) std::rethrow_exception(error);
}

void Team::Beside(const std::function<void()>& first, const std::function<void()>& second) {
  State& s = *state_;
  if (s.helpers.empty()) {
    first();
    second();
    return;
  }
  Job job;
  job.work = &second;
  {
    const MutexLock lock(s.mutex);
    s.waiting_job = &job;
    ++s.generation;
  }
  s.changed.NotifyAll();
  std::exception_ptr error;
  auto guarded = [&](auto&& work) {
    try {
      work();
    } catch (...) {
      if (error == nullptr) error = std::current_exception();
      job.abandon = true;
    }
  };
  guarded(first);
  ++s.idle;
  while (!job.done) {
    const uint64_t seen = s.generation;
    if (const std::shared_ptr<Batch> batch = s.TakeOpen()) {
      --s.idle;
      batch->Work();
      ++s.idle;
      if (batch->done()) s.Wake();
      continue;
    }
    if (error == nullptr) guarded([] { PollInterrupt(); });
    s.Rest(seen, [&] { return job.done.load(); });
  }
  --s.idle;
  if (error != nullptr) std::rethrow_exception(error);
  if (job.error != nullptr) std::rethrow_exception(job.error);
}

void RunTasks(Team* team, int tasks, const std::function<void(int)>& body) {
  if (team != nullptr) {
    team->Run(tasks, body);
  } else {
    for (int i = 0; i < tasks; ++i) body(i);
  }
}

std::vector<Shard> ShardsOf(int64_t rows) {
  const int64_t pieces = rows < 8 ? 1 : rows < 128 ? 2 : 4;
  std::vector<Shard> shards;
  for (int64_t i = 0; i < pieces; ++i)
    shards.push_back({rows * i / pieces, rows * (i + 1) / pieces - rows * i / pieces});
  return shards;
}

}  // namespace equipoise
