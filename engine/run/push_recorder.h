// push_recorder.h: who pushes the robot at which step, so that the same push can be made again.
//
// A touch is what one hand does from its first push until it lets go, the episode ends or its attempt diverges; then it
// is told, once. Every pushed step is noted before it is made (accepted.h), so that a killed process leaves how long
// it was; a continued run makes those strokes again at their steps.
//
// A reason is given before the push: as a change of the key "push", which is what events call a touch.
//
// Thread   engine thread
// Errors   refused: the sentence for the person who asked
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/record/push.h"
#include "engine/run/accepted.h"

namespace equipoise::run {

struct Touch {
  std::vector<Stroke> strokes;
  int episode = 0;  // in which it was made
  int end = 0;      // first step without it
  std::string why;  // the person's reason; "": none was given
};

class PushRecorder {
 public:
  using Note = std::function<Status(const std::string& line)>;
  using Tell = std::function<void(const Touch&)>;
  PushRecorder(Note note, Tell tell) : note_(std::move(note)), tell_(std::move(tell)) {}

  // For the next environment step. `acting`: there is one. `is_body`: does the robot have such a body?
  Status Ask(const PushBody& command, bool acting, const std::function<bool(int body)>& is_body);
  // Why: of the touch that is made, or of the one that comes next.
  void Explain(const std::string& why) { why_ = why; }
  // Made again in the episode that comes.
  void Repeat(std::vector<Stroke> strokes, PushReasons reasons = {}) {
    again_ = std::move(strokes);
    reasons_ = std::move(reasons);
  }

  struct When {
    int episode = 0, attempt = 0, step = 0;
    int horizon = 0;  // of an episode, in steps
  };
  // Before every environment step: who pushes in it; null: nobody. Fails when it cannot be noted.
  Result<const PushBody*> At(const When& when);

  // The hand that still pushes lets go at this step of the attempt that is made.
  void LetGo(int step);
  // The touch, if there is one, is over at this step.
  void End(int step);
  // The episode is over: nothing more is to be done in it.
  void Forget();

 private:
  const Note note_;
  const Tell tell_;
  std::vector<Stroke> again_, touch_;
  PushReasons reasons_;  // of those that are made again
  std::string why_;
  std::optional<PushBody> wanted_;  // asked for, for the next environment step
  PushBody push_;                   // in force
  int attempt_ = 0, episode_ = 0;   // that is made; of the touch
};

}  // namespace equipoise::run
