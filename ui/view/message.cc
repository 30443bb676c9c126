#include "ui/view/message.h"

#include "ui/view/setting_words.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

void Toast(UiState& state, const std::string& text) { state.message = {text, state.clock.now + 6, false, ""}; }

void Complain(UiState& state, const std::string& problem) {
  state.message = {InWords(problem), state.clock.now + 12, true, ""};
}

void Report(UiState& state, const Result<std::string>& said) {
  said ? Toast(state, said.value()) : Complain(state, said.error().message);
}

void Report(UiState& state, const Result<Written>& written) {
  if (!written) return Complain(state, written.error().message);
  constexpr double kLonger = 12;  // there is something to press
  state.message = {written.value().words, state.clock.now + kLonger, false, written.value().path};
  state.memory.OfWindow<WrittenList>().all.push_back(written.value());
}

}  // namespace equipoise::ui
