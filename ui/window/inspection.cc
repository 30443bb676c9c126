#include "ui/window/inspection.h"

#include <utility>
#include <vector>

namespace equipoise::ui {
namespace {

constexpr const char* kNothingKept = "This run is not written to a folder, so its decisions are not kept.";

}  // namespace

void Inspection::TakeAnswers(UiState* state) const {
  if (inspector_ == nullptr) return;
  const auto view = inspector_->Latest();
  state->scene.imagined.working = view->working;
  if (view->imagined != nullptr) state->scene.imagined.shown = view->imagined;
  if (view->reevaluated != nullptr) state->answers.reevaluated = view->reevaluated;
  if (view->disagreement != nullptr) state->answers.disagreement = view->disagreement;
  if (view->followed != nullptr) state->answers.followed = view->followed;
  if (view->recalled != nullptr && view->recalled != state->answers.recalled) {
    state->answers.recalled = view->recalled;
    if (!state->answers.recalled->problem.empty()) Complain(*state, state->answers.recalled->problem);
  }
}

void Inspection::PostRequests(const run::Snapshot& snapshot, UiState* state) {
  std::vector<run::Inspection> requests = std::exchange(state->answers.questions, {});
  if (requests.empty()) return;
  const std::string folder = snapshot.info != nullptr ? snapshot.info->directory : "";
  if (folder.empty()) {
    for (const run::Inspection& request : requests) {
      if (const auto* imagine = std::get_if<run::Imagine>(&request)) {
        auto answer = std::make_shared<run::Imagined>();
        answer->request = *imagine;
        answer->problem = kNothingKept;
        state->scene.imagined.shown = std::move(answer);
      } else if (const auto* again = std::get_if<run::Reevaluate>(&request)) {
        auto answer = std::make_shared<run::Reevaluated>();
        answer->request = *again;
        answer->problem = kNothingKept;
        state->answers.reevaluated = std::move(answer);
      } else if (const auto* recall = std::get_if<run::Recall>(&request)) {
        auto answer = std::make_shared<run::Recalled>();
        answer->request = *recall;
        answer->problem = "This run is not written to a folder, so only its last episode can be shown.";
        Complain(*state, answer->problem);
        state->answers.recalled = std::move(answer);
      } else if (const auto* disagree = std::get_if<run::Disagree>(&request)) {
        auto answer = std::make_shared<run::Disagreement>();
        answer->request = *disagree;
        answer->problem = kNothingKept;
        state->answers.disagreement = std::move(answer);
      } else if (const auto* follow = std::get_if<run::FollowMask>(&request)) {
        auto answer = std::make_shared<run::FollowedMask>();
        answer->request = *follow;
        answer->problem = kNothingKept;
        answer->whole = true;
        state->answers.followed = std::move(answer);
      }
    }
    state->clock.next_frame_in = 0;
    return;
  }
  if (inspector_ == nullptr || folder != folder_) {
    inspector_ = run::Inspector::Start(folder);
    inspector_->OnPublish(wake_);
    folder_ = folder;
  }
  for (run::Inspection& request : requests) inspector_->Post(std::move(request));
}

}  // namespace equipoise::ui
