// open_sheet.h: the sheet that lies over the whole window: at most one at a time; and the hint of a first start, which
// lies over the panels.
//
// Thread   window thread
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace equipoise::ui {

enum class Sheet { kKeys, kSettings, kRuns, kNewRun, kTakeAway, kCloseRun, kFork };

class OpenSheet {
 public:
  bool any() const { return open_.has_value(); }
  bool Shows(Sheet sheet) const { return open_ == sheet; }
  // In place of the one that was open.
  void Open(Sheet sheet) {
    Close();
    open_ = sheet;
  }
  void Toggle(Sheet sheet) { Shows(sheet) ? Close() : Open(sheet); }
  void Close() {
    open_.reset();
    closes_.clear();
    forks_before_.reset();
  }

  // The sheet that asks whether the run of this folder, which trains, may end.
  void AskToClose(std::string folder) {
    Open(Sheet::kCloseRun);
    closes_ = std::move(folder);
  }
  const std::string& closes() const { return closes_; }  // "": none

  // The sheet for another run that is this one up to an episode.
  void AskToFork(int episode) {
    Open(Sheet::kFork);
    forks_before_ = episode;
  }
  // Once: the sheet has taken it.
  std::optional<int> TakeForksBefore() { return std::exchange(forks_before_, std::nullopt); }

  bool hint = false;  // of a first start; until a person has closed it

  // The step of the tour that is shown (tour.h); one after the last ends it.
  std::optional<int> tour;
  void StartTour() {
    Close();
    hint = false;
    tour = 0;
  }

 private:
  std::optional<Sheet> open_;
  std::string closes_;
  std::optional<int> forks_before_;
};

}  // namespace equipoise::ui
