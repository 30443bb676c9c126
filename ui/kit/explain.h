// explain.h: what lies where in the window and what it means, so that whatever is pointed at can be explained.
//
// A panel marks the boxes that it draws; words are marked by whoever writes them (text.h). Of boxes that lie over each
// other the last one marked counts. Meanings are kept for one frame, and only of what the mouse is on, unless all are
// asked for. Which term means what is none of this room's business: the glossary (view/glossary.h) has the sentences.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

struct Meaning {
  ImVec2 a, b;
  std::string term;           // in the glossary; or the words that are written here
  std::string now = {};       // what it is at present, a sentence
  std::string sentence = {};  // in place of the glossary's
};

void Explain(ImVec2 a, ImVec2 b, const std::string& term, const std::string& now = "",
             const std::string& sentence = "");
void NoteWords(ImVec2 a, ImVec2 b, const std::string& words);
// From the next frame on: of everything that can be seen, not only of what is under the mouse.
void KeepAllMeanings(bool all);

// Of this frame, in the order in which they were drawn.
const std::vector<Meaning>& Explained();
const std::vector<Meaning>& WordsDrawn();

}  // namespace equipoise::ui
