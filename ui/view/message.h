// message.h: the passing message at the lower edge of the window.
//
// Thread   window thread
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::ui {

struct UiState;

struct Message {
  std::string text;
  double until = 0;  // as FrameClock::now
  bool is_problem = false;
};

// Six seconds for good news, twice that and marked for what went wrong.
void Toast(UiState& state, const std::string& text);
void Complain(UiState& state, const std::string& problem);
// What an action has to say, or why it failed.
void Report(UiState& state, const Result<std::string>& said);

}  // namespace equipoise::ui
