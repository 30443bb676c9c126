#include "engine/run/push_recorder.h"

#include <cmath>
#include <utility>

namespace equipoise::run {

Status PushRecorder::Ask(const PushBody& command, bool acting, const std::function<bool(int body)>& is_body) {
  if (!acting) {
    if (IsRelease(command)) return {};
    return Error{
        "Nobody moves at this moment: a body can be pushed while an episode is being acted. Slow it to real time."};
  }
  PushBody push = command;
  bool finite = true;
  for (double& v : push.wrench) {
    finite = finite && std::abs(v) <= 1e6;
    v = std::round(v * 1000) / 1000;  // no hand is finer, and the log stays short
  }
  if (!finite || (!IsRelease(push) && !is_body(push.body)))
    return Error{
        "This push was not understood: it needs a body of the robot and a force of at most a million newtons."};
  if (IsRelease(push)) push = {};
  wanted_ = push;
  return {};
}

Result<const PushBody*> PushRecorder::At(const When& when) {
  if (when.step == 0) {
    if (when.attempt > attempt_) End(when.horizon);  // the attempt diverged; its pushes stay on record
    attempt_ = when.attempt;
  }
  PushBody next = push_;
  for (const Stroke& s : again_)
    if (s.attempt == when.attempt && s.step == when.step) next = s.push;
  if (wanted_) next = *wanted_;
  wanted_.reset();
  const Stroke stroke{when.attempt, when.step, next};
  if (const auto given = reasons_.find({when.attempt, when.step}); given != reasons_.end()) why_ = given->second;
  if (!IsRelease(next) || !IsRelease(push_))  // the release too
    if (const Status noted = note_(PushLine(stroke, why_)); !noted) return noted.error();
  if (!SamePush(next, push_)) {
    touch_.push_back(stroke);
    episode_ = when.episode;
    push_ = next;
    if (IsRelease(push_)) End(when.step);
  }
  return IsRelease(push_) ? nullptr : &push_;
}

void PushRecorder::LetGo(int step) {
  if (!touch_.empty()) touch_.push_back({attempt_, step, {}});
}

void PushRecorder::End(int step) {
  push_ = {};
  if (touch_.empty()) return;
  tell_({std::exchange(touch_, {}), episode_, step, std::exchange(why_, {})});
}

void PushRecorder::Forget() {
  again_.clear();
  reasons_.clear();
  wanted_.reset();
}

}  // namespace equipoise::run
