// mutex.h: the standard library's mutex and condition variable, with what clang needs to check their use
// (thread_annotations.h): GNU's library does not say it of its own.
//
//   Mutex mutex_;
//   Condition changed_;
//   bool ready_ EQ_GUARDED_BY(mutex_) = false;
//
//   const MutexLock lock(mutex_);
//   while (!ready_) changed_.Wait(mutex_);
//
// Thread   any
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "engine/base/thread_annotations.h"

namespace equipoise {

class EQ_CAPABILITY("mutex") Mutex {
 public:
  void Lock() EQ_ACQUIRE() { mutex_.lock(); }
  void Unlock() EQ_RELEASE() { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Holds it while in scope.
class EQ_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) EQ_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() EQ_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits return without a reason, too: what was waited for is looked at in a loop, where the lock is seen to be held.
class Condition {
 public:
  void Wait(Mutex& mutex) EQ_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    (void)lock.release();
  }
  // False: it is `until`.
  bool WaitUntil(Mutex& mutex, std::chrono::steady_clock::time_point until) EQ_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool woken = condition_.wait_until(lock, until) == std::cv_status::no_timeout;
    (void)lock.release();
    return woken;
  }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace equipoise
