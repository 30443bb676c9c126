#include "ui/view/reason.h"

#include <utility>
#include <variant>

#include "engine/record/push.h"

namespace equipoise::ui {

std::vector<run::Command> WithReason(run::Command command, Reason* reason) {
  if (reason->text.empty()) return {std::move(command)};
  const auto give = [reason](std::string* why) {
    if (why->empty()) *why = reason->text;
    reason->used = true;
  };
  if (auto* change = std::get_if<run::ChangeSetting>(&command)) give(&change->why);
  if (auto* back = std::get_if<run::RollBack>(&command)) give(&back->why);
  const auto* push = std::get_if<run::PushBody>(&command);
  if (push == nullptr) return {std::move(command)};
  // A touch lasts until the hand lets go, over many frames.
  const bool lets_go = run::IsRelease(*push);
  reason->used = reason->used || (lets_go && reason->told);
  if (lets_go || std::exchange(reason->told, true)) return {std::move(command)};
  return {run::ChangeSetting{run::kPushKey, std::string(), reason->text}, std::move(command)};
}

void ForgetUsed(Reason* reason) {
  if (reason->used) *reason = {};
}

}  // namespace equipoise::ui
