// what_if_history.h: what another rule says of all decisions that are already made.
//
// The numbers of the masks stand in the log: a run of 100,000 episodes takes seconds to go through. What must be read
// is read beside the window's work, and what is counted so far is shown; episodes that are added are added to the
// count.
//
// Thread   window thread
#pragma once

#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <vector>

#include "engine/eps/what_if.h"
#include "engine/record/snapshot.h"

namespace equipoise::ui {

struct WhatIfHistory {
  eps::WhatIfCount count;
  std::vector<int> differing;  // episodes whose pick would surely differ, rising
  size_t asked = 0;            // episodes that are counted
};

class WhatIfCounter {
 public:
  ~WhatIfCounter() { Stop(); }
  // Counted anew when the rule was changed. `wait`: all of them, before it returns.
  const WhatIfHistory& Of(const run::SharedList<run::EpisodeSummary>& episodes, const eps::WhatIfRule& rule, bool wait);

 private:
  bool Fits(const run::SharedList<run::EpisodeSummary>& episodes, const eps::WhatIfRule& rule) const;
  void Stop();

  run::SharedList<run::EpisodeSummary> of_;  // kept, so that an address is not used twice
  eps::WhatIfRule rule_;
  WhatIfHistory history_;
  std::future<WhatIfHistory> beside_;  // history_ and more
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace equipoise::ui
