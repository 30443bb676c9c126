// glossary.h: every term of the window, once: how it is written and what it means in one sentence. The explanation
// beside the mouse, the words of F1 and the tour are drawn from this table, and a test holds it against what is drawn.
//
// Where another table has the sentence it stays there: settings have their help, charts their `about`, parts of an
// agent are explained by their kind.
// Thread   any
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/view/panel.h"

namespace equipoise::ui {

struct Term {
  const char* title;               // as the list of F1 has it; also how a panel asks for it (kit/explain.h)
  const char* group;               // of that list
  std::vector<const char*> words;  // other ways in which it is written: in capitals or not, as whole words
  const char* sentence;            // one, with its full stop
};
const std::vector<Term>& Glossary();
// Null: there is none of that title.
const Term* FindTerm(const std::string& title);
// The term with the longest words in `text`; null: it has none of them.
const Term* TermIn(const std::string& text);

// What that text, somewhere in the window, means: of a term, of a part of this agent, of a setting; "" where nothing
// is known.
struct TermMeaning {
  std::string title, sentence;
};
std::optional<TermMeaning> MeaningOf(const PanelContext& context, const std::string& text);
// "Model-free: learns to act from recorded steps, without a model."
std::string PartSentence(const nets::PartInfo& part);

}  // namespace equipoise::ui
