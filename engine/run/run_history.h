// run_history.h: the course of a run so far: its episodes, its events, and whether a hand has touched it.
//
// Values only; what is added here is logged by whoever adds it. The lists are shared with snapshots: a copy costs a
// pointer.
//
// Thread   engine thread
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/record/snapshot.h"

namespace equipoise::run {

class RunHistory {
 public:
  RunHistory() { Replace({}, {}); }
  // By what a folder remembers.
  void Replace(List<EpisodeSummary> episodes, std::vector<Event> events) {
    auto list = std::make_shared<List<Event>>();
    for (Event& e : events) list->push_back(std::make_shared<const Event>(std::move(e)));
    episodes_ = std::make_shared<List<EpisodeSummary>>(std::move(episodes));
    events_ = std::move(list);
  }
  void Count(int interventions, bool steered) {
    interventions_ = interventions;
    steered_ = steered;
  }

  void Add(Shared<EpisodeSummary> episode) {
    auto list = std::make_shared<List<EpisodeSummary>>(*episodes_);
    list->push_back(std::move(episode));
    episodes_ = std::move(list);
  }
  // An intervention that has no number gets the next one, and the run has been touched. Returns it as it stands.
  const Event& Add(Event event) {
    if (event.kind == Event::Kind::kIntervention) {
      if (event.number == 0) event.number = interventions_ + 1;
      Count(event.number, true);
    }
    auto list = std::make_shared<List<Event>>(*events_);
    list->push_back(std::make_shared<const Event>(std::move(event)));
    events_ = std::move(list);
    return *events_->back();
  }
  void Touched() { steered_ = true; }

  const SharedList<EpisodeSummary>& episodes() const { return episodes_; }
  const SharedList<Event>& events() const { return events_; }
  int interventions() const { return interventions_; }
  bool steered() const { return steered_; }

 private:
  SharedList<EpisodeSummary> episodes_;
  SharedList<Event> events_;
  int interventions_ = 0;  // the highest number
  bool steered_ = false;
};

}  // namespace equipoise::run
