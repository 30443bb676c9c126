// has_words.h: what a field of search finds.
//
// Pure: no ImGui call
#pragma once

#include <string>

namespace equipoise::ui {

// Does every word of `search` stand somewhere in `text`? Case does not matter; without a word it does.
bool HasWords(const std::string& text, const std::string& search);

}  // namespace equipoise::ui
