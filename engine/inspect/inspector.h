// inspector.h: looks into a run's decisions on a thread of its own, beside the engine or without one.
//
// Requests go in, immutable results come out; nothing is shared with the engine but files that are whole or absent. A
// newer request of the same kind takes the place of one that waits or is at work: only the last click counts.
//
// Thread   Post and Latest from any thread, never blocking on the work; the worker yields to training (lowest priority)
// Errors   in the results (`problem`), including a folder that is no run
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "engine/inspect/replayer.h"

namespace equipoise::run {

using Inspection = std::variant<Reevaluate, Imagine, Recall, Disagree, FollowMask>;

struct InspectorView {
  uint64_t sequence = 0;
  bool working = false;
  std::shared_ptr<const Reevaluated> reevaluated;  // newest; null at first
  std::shared_ptr<const Imagined> imagined;
  std::shared_ptr<const Recalled> recalled;
  std::shared_ptr<const Disagreement> disagreement;
  std::shared_ptr<const FollowedMask> followed;
};

class Inspector {
 public:
  static std::unique_ptr<Inspector> Start(const std::string& folder);
  virtual ~Inspector() = default;  // stops and joins
  virtual void Post(Inspection request) = 0;
  virtual std::shared_ptr<const InspectorView> Latest() const = 0;  // never null
  // Called on the worker's thread after each result; must be quick and must not throw (wakes a window).
  virtual void OnPublish(std::function<void()> callback) = 0;
};

}  // namespace equipoise::run
