#include "ui/window/run_desk.h"

#include <optional>
#include <stdexcept>
#include <utility>

namespace equipoise::ui {
namespace {

void Recall(OpenRun* run, UiState* state) {
  if (std::optional<RunLook> look = std::exchange(run->look, std::nullopt)) {
    GiveRunLook(std::move(*look), state);
  } else if (const auto latest = run->Latest(); latest != nullptr) {
    state->scene.speed = latest->speed;
  }
}

}  // namespace

bool RunDesk::Show(UiState* state) {
  bool turned = false;
  if (opening_ != nullptr && opening_->Ready()) turned = TakeOver(opening_->Take(), state);
  forks_.Show(&runs_, state);
  ShowRuns(&runs_, state);
  return turned;
}

bool RunDesk::TakeOver(Result<OpenedRun> made, UiState* state) {
  opening_.reset();
  if (!made) {
    if (runs_.empty()) throw std::runtime_error(made.error().message);
    Complain(*state, made.error().message);
    const OpenRun* lost = reopened_.empty() ? nullptr : runs_.Find(reopened_);
    if (lost == nullptr) return false;
    if (runs_.all().size() < 2) throw std::runtime_error("the run in " + reopened_ + " can no longer be read");
    return LetGo(lost, state);
  }
  OpenedRun opened = std::move(made).value();
  const std::string complaint = opened.complaint;
  if (!runs_.empty()) runs_.looked()->look = TakeRunLook(state);
  OpenRun* run = runs_.Add(std::move(opened));
  runs_.LookAt(run);
  Recall(run, state);
  if (!complaint.empty()) Complain(*state, complaint);
  return true;
}

bool RunDesk::LookAt(const OpenRun* run, UiState* state) {
  state->sheet.Close();
  if (run == runs_.looked()) return false;
  runs_.looked()->look = TakeRunLook(state);
  runs_.LookAt(run);
  Recall(runs_.looked(), state);
  return true;
}

bool RunDesk::LetGo(const OpenRun* run, UiState* state) {
  const bool looked = run == runs_.looked();
  runs_.Close(run);
  if (!looked) return false;
  ForgetRun(state);
  Recall(runs_.looked(), state);
  return true;
}

bool RunDesk::CarryOut(const RunRequest& wanted, UiState* state) {
  if (opening_ != nullptr) return false;
  const OpenRun* open = runs_.Find(wanted.folder);
  const bool as_it_is = wanted.kind == RunRequest::Kind::kLook || (open != nullptr && open->Trains());
  if (open != nullptr && as_it_is) return LookAt(open, state);
  const bool same = open != nullptr;
  if (same) runs_.Release(wanted.folder);  // it holds the folder's lock
  opening_ = std::make_unique<RunOpening>(OpeningWords(wanted.folder), OpeningOf(wanted, same), wake_);
  opening_since_ = state->clock.now;
  reopened_ = same ? wanted.folder : "";
  return false;
}

bool RunDesk::CarryOut(const LookAtRun& wanted, UiState* state) {
  const OpenRun* run = runs_.Find(wanted.folder);
  return opening_ == nullptr && run != nullptr && LookAt(run, state);
}

bool RunDesk::CarryOut(const CloseRun& wanted, UiState* state) {
  const OpenRun* run = runs_.Find(wanted.folder);
  if (opening_ != nullptr || run == nullptr) return false;
  if (runs_.all().size() < 2) {
    Toast(*state, "This is the only run of the window. It ends with the window.");
    return false;
  }
  if (run->Trains() && !wanted.agreed) {
    state->sheet.AskToClose(wanted.folder);
    return false;
  }
  return LetGo(run, state);
}

void RunDesk::Clear() {
  opening_.reset();
  forks_.Clear();
  runs_.Clear();
}

}  // namespace equipoise::ui
