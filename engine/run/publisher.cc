#include "engine/run/publisher.h"

#include <utility>

#include "engine/base/clock.h"

namespace equipoise::run {

std::shared_ptr<const Snapshot> Publisher::Latest() const {
  const MutexLock lock(mutex_);
  return latest_;
}

void Publisher::OnPublish(std::function<void()> callback) {
  const MutexLock lock(mutex_);
  callback_ = std::move(callback);
}

void Publisher::Publish(std::shared_ptr<Snapshot> snapshot) {
  snapshot->sequence = ++sequence_;
  std::function<void()> callback;
  {
    const MutexLock lock(mutex_);
    latest_ = std::move(snapshot);
    callback = callback_;
  }
  last_ = MonotonicSeconds();
  if (callback) callback();
}

bool Publisher::IsDue() const {
  constexpr double kPeriod = 0.03;
  return MonotonicSeconds() - last_ >= kPeriod;
}

}  // namespace equipoise::run
