// publisher.h: the newest picture of a run, for whoever looks: numbered, handed over, and not too often.
//
// Thread   Latest and OnPublish any; the rest the engine's
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/base/mutex.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

class Publisher {
 public:
  std::shared_ptr<const Snapshot> Latest() const EQ_EXCLUDES(mutex_);
  // Called after each publication, outside of the lock: it may ask for the latest.
  void OnPublish(std::function<void()> callback) EQ_EXCLUDES(mutex_);

  void Publish(std::shared_ptr<Snapshot> snapshot) EQ_EXCLUDES(mutex_);
  // The last one is old enough, by base/clock.h.
  bool IsDue() const;
  void Hurry() { last_ = 0; }  // the next one is due at once

 private:
  uint64_t sequence_ = 0;
  double last_ = 0;
  mutable Mutex mutex_;
  std::shared_ptr<const Snapshot> latest_ EQ_GUARDED_BY(mutex_);
  std::function<void()> callback_ EQ_GUARDED_BY(mutex_);
};

}  // namespace equipoise::run
