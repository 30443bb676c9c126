// message.h: the passing message at the lower edge of the window.
//
// Thread   window thread
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::ui {

struct UiState;

struct Message {
  std::string text;
  double until = 0;  // as FrameClock::now
  bool is_problem = false;
  std::string path = {};  // of a file or folder that it speaks of; "": of none
};

// Something that was taken away: where it lies, and the sentence that says so.
struct Written {
  std::string path, words;
};
// All of this window, the newest last.
struct WrittenList {  // of the window
  std::vector<Written> all;
};

// Six seconds for good news, twice that and marked for what went wrong.
void Toast(UiState& state, const std::string& text);
void Complain(UiState& state, const std::string& problem);
// What an action has to say, or why it failed.
void Report(UiState& state, const Result<std::string>& said);
// The same of something that was written, which is kept in the list.
void Report(UiState& state, const Result<Written>& written);

}  // namespace equipoise::ui
