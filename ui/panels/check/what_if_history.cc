#include "ui/panels/check/what_if_history.h"

#include <chrono>
#include <utility>

namespace equipoise::ui {
namespace {

constexpr size_t kAtOnce = 200;  // lines that a frame may read: 10 ms

// An unchecked decision has no masks that could be asked.
bool MustRead(const run::EpisodeSummary& episode) { return episode.decision.checked && episode.whole == nullptr; }

void Ask(const run::EpisodeSummary& episode, const eps::WhatIfRule& rule, WhatIfHistory* history) {
  const auto decision = MustRead(episode) ? run::WholeDecisionOnce(episode) : run::WholeDecision(episode);
  eps::Count(*decision, rule, &history->count);
  const eps::PickDifference difference = eps::Differs(*decision, rule);
  if (difference.counted && difference.known && difference.chance > 0.5) history->differing.push_back(episode.episode);
  ++history->asked;
}

}  // namespace

void WhatIfCounter::Stop() {
  *stop_ = true;
  if (beside_.valid()) (void)beside_.get();
  stop_ = std::make_shared<std::atomic<bool>>(false);
}

// Whether history_ is of the same rule and of the first ones of these episodes.
bool WhatIfCounter::Fits(const run::SharedList<run::EpisodeSummary>& episodes, const eps::WhatIfRule& rule) const {
  if (of_ == nullptr || rule.kind != rule_.kind || rule.value != rule_.value) return false;
  if (of_ == episodes || of_->empty()) return true;
  const size_t last = of_->size() - 1;
  return episodes->size() > last && (*episodes)[last] == (*of_)[last] && episodes->front() == of_->front();
}

const WhatIfHistory& WhatIfCounter::Of(const run::SharedList<run::EpisodeSummary>& episodes,
                                       const eps::WhatIfRule& rule, bool wait) {
  static const WhatIfHistory kNone;
  if (episodes == nullptr) return kNone;
  if (!Fits(episodes, rule)) {
    Stop();
    history_ = {};
    rule_ = rule;
  }
  of_ = episodes;
  if (beside_.valid()) {
    if (!wait && beside_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return history_;
    history_ = beside_.get();
  }
  size_t read = 0, next = history_.asked;
  for (; next < episodes->size(); ++next) {
    const run::EpisodeSummary& episode = *(*episodes)[next];
    if (!wait && MustRead(episode) && ++read > kAtOnce) break;
    Ask(episode, rule, &history_);
  }
  if (next < episodes->size()) {
    beside_ = std::async(std::launch::async, [episodes, rule, stop = stop_, history = history_]() mutable {
      for (size_t i = history.asked; i < episodes->size() && !*stop; ++i) Ask(*(*episodes)[i], rule, &history);
      return history;
    });
  }
  return history_;
}

}  // namespace equipoise::ui
