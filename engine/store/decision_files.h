// decision_files.h: the decisions that a run keeps whole, one file for each under decisions/, within a budget of disk.
//
//   decisions/000012.eqps   what decided episode 12 (its contents: engine/agent/decision_moment.h)
//
// One decision in `every` is kept, and always the newest; when they exceed the budget the oldest go.
//
// Thread   engine thread writes; any other thread or process may read: a file is whole or absent
// Errors   anything wrong with the disk
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::store {

class DecisionFiles {
 public:
  // `budget_bytes` 0 keeps none. Files of episodes after `last_episode` are removed: a continued run makes them again.
  static Result<DecisionFiles> Open(const std::string& folder, int64_t budget_bytes, int every, int last_episode);

  bool keeps() const { return budget_bytes_ > 0; }
  Status Write(int episode, const std::string& bytes);
  // Gives up the oldest, to make room for what a run needs to go on. False: only the newest is left, or none could go.
  bool DropOldest();

 private:
  DecisionFiles(std::string folder, int64_t budget_bytes, int every)
      : folder_(std::move(folder)), budget_bytes_(budget_bytes), every_(every) {}
  Status Remove(int episode);

  std::string folder_;  // decisions/
  int64_t budget_bytes_;
  int every_;
  std::map<int, int64_t> bytes_;  // by episode
};

std::string DecisionPath(const std::string& run_folder, int episode);
// The episodes whose decisions are kept, in order.
std::vector<int> KeptDecisions(const std::string& run_folder);

}  // namespace equipoise::store
