#include "ui/view/glossary.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "ui/kit/keys.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool OfWord(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || u >= 0x80;
}

// Does `word` stand in `text`, both in small letters, as a whole?
bool Stands(const std::string& text, const std::string& word) {
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !OfWord(text[at - 1]) || !OfWord(word.front());
    const bool ends = end == text.size() || !OfWord(text[end]) || !OfWord(word.back());
    if (begins && ends) return true;
  }
  return false;
}

struct Spelling {
  std::string word;
  const Term* term;
};

// The longest first.
const std::vector<Spelling>& Spellings() {
  static const std::vector<Spelling> kSpellings = [] {
    std::vector<Spelling> all;
    for (const Term& term : Glossary()) {
      all.push_back({Lower(term.title), &term});
      for (const char* word : term.words) all.push_back({Lower(word), &term});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Spelling& a, const Spelling& b) { return a.word.size() > b.word.size(); });
    return all;
  }();
  return kSpellings;
}

}  // namespace

const Term* FindTerm(const std::string& title) {
  for (const Term& term : Glossary())
    if (title == term.title) return &term;
  return nullptr;
}

const Term* TermIn(const std::string& text) {
  const std::string lower = Lower(text);
  for (const Spelling& spelling : Spellings())
    if (Stands(lower, spelling.word)) return spelling.term;
  return nullptr;
}

std::string PartSentence(const nets::PartInfo& part) {
  using Kind = nets::PartInfo::Kind;
  switch (part.kind) {
    case Kind::kModel:
      return "Learns what follows an action, from all recorded episodes.";
    case Kind::kGiven:
      return "A model that is given, not learned.";
    case Kind::kModelBased:
      return part.plans ? "Acts by looking for good actions in a model."
                        : "Learns to act by way of the model: inside of what it imagines.";
    case Kind::kModelFree:
      return "Learns to act from what was recorded, without asking a model.";
    case Kind::kData:
      return "Makes data for those that learn.";
  }
  return "";
}

std::optional<TermMeaning> MeaningOf(const PanelContext& context, const std::string& text) {
  const std::string lower = Lower(text);
  for (const nets::PartInfo& part : PartsOf(context.snapshot).all())  // a name alone, not a sentence with one
    for (const std::string& name : {part.name, part.title, part.short_name})
      if (lower == Lower(name)) return TermMeaning{eps::Capitalised(part.title), PartSentence(part)};
  for (const KeyBinding& binding : KeyTable())
    if (text == binding.cap) return TermMeaning{binding.cap, std::string(binding.text) + "."};
  if (const Term* term = TermIn(text)) return TermMeaning{term->title, term->sentence};
  for (const nets::PartInfo& part : PartsOf(context.snapshot).all())
    for (const std::string& name : {part.title, part.name, part.short_name})
      if (!name.empty() && Stands(lower, Lower(name)))
        return TermMeaning{eps::Capitalised(part.title), PartSentence(part)};
  for (const ChartTable& table : ChartTables(PartsOf(context.snapshot))) {
    if (Applies(table, PartsOf(context.snapshot)) && Stands(lower, Lower(table.title)))
      return TermMeaning{table.title, table.about};
  }
  return std::nullopt;
}

}  // namespace equipoise::ui
