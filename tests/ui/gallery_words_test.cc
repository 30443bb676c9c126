// Words where words are promised: no picture of the window holds the key of a setting, which belongs into files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/config/section.h"
#include "tests/ui/gallery/stage.h"
#include "ui/view/glossary.h"
#include "ui/workspace/explanation.h"

namespace equipoise::ui {
namespace {

using namespace testing;  // NOLINT: both namespaces are ours

bool OfKey(unsigned c) { return c < 128 && (std::islower(static_cast<int>(c)) != 0 || c == '_' || c == '.'); }

// The runs of such letters that are written without a space between them.
std::set<std::string> WordsOf(const std::vector<Glyph>& glyphs) {
  std::set<std::string> words;
  std::string word;
  for (size_t i = 0; i < glyphs.size(); ++i) {
    const bool goes_on = i > 0 && glyphs[i].list == glyphs[i - 1].list && glyphs[i].a.x - glyphs[i - 1].b.x < 2.5f &&
                         std::fabs(glyphs[i].b.y - glyphs[i - 1].b.y) < 8;
    if (!goes_on || !OfKey(glyphs[i].character)) {
      words.insert(word);
      word.clear();
    }
    if (OfKey(glyphs[i].character)) word += static_cast<char>(glyphs[i].character);
  }
  words.insert(word);
  return words;
}

TEST(GalleryWords, NoKeyOfASettingStandsWhereWordsArePromised) {
  auto stage = Stage::Create();
  ASSERT_TRUE(stage) << stage.error().message;
  const SampleRuns runs;
  Stage::Look look;
  look.size = {1600, 1000, 1};
  for (const GalleryState& state : GalleryStates(2000, runs)) {
    if (state.name == "sheet-settings") continue;  // which lists them as they stand in files
    for (const std::string& word : WordsOf(stage.value()->Show(state, look)))
      EXPECT_TRUE(word.find('.') == std::string::npos || config::FindSpec(word) == nullptr)
          << state.name << ": " << word;
  }
}

// Everything that was written or marked in the frame that a stage has just shown.
struct Drawn {
  std::vector<Meaning> words, boxes;
};
Drawn DrawnBy(Stage* stage, GalleryState state, const Stage::Look& look) {
  const auto prepare = state.prepare;
  state.prepare = [&prepare](UiState* s) {
    prepare(s);
    s->view.explains = true;  // keeps all of it
  };
  stage->Show(state, look);
  return {WordsDrawn(), Explained()};
}

bool HasLetters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 128 && std::isalnum(c) != 0; });
}

// Words enough to say by themselves what is the case.
bool IsSentence(const std::string& text) { return std::count(text.begin(), text.end(), ' ') >= 4; }

// The box that answers where this word stands; null: none.
const Meaning* BoxAt(const std::vector<Meaning>& boxes, const Meaning& word) {
  const ImVec2 p{0.5f * (word.a.x + word.b.x), 0.5f * (word.a.y + word.b.y)};
  const Meaning* found = nullptr;
  const auto area = [](const Meaning& m) { return (m.b.x - m.a.x) * (m.b.y - m.a.y); };
  for (const Meaning& box : boxes)
    if (p.x >= box.a.x && p.x < box.b.x && p.y >= box.a.y && p.y < box.b.y &&
        (found == nullptr || area(box) <= area(*found)))
      found = &box;
  return found;
}

TEST(GalleryWords, NoWordStandsWithoutAnExplanationOneHoverAway) {
  auto stage = Stage::Create();
  ASSERT_TRUE(stage) << stage.error().message;
  const SampleRuns runs;
  std::map<std::string, std::string> bare;  // what nothing explains, and where
  std::set<std::string> met;                // terms of the glossary
  for (const StageSize& size : {StageSize{1600, 1000, 1}, StageSize{1280, 800, 1}}) {
    for (const GalleryState& state : GalleryStates(2000, runs)) {
      if (state.name.rfind("sheet-keys", 0) == 0) continue;  // which explains by itself
      Stage::Look look;
      look.size = size;
      const Drawn drawn = DrawnBy(stage.value().get(), state, look);
      UiState ui;
      const std::function<void(run::Command)> ignore = [](const run::Command&) {};
      const PanelContext context{*state.snapshot, ignore, ui};
      EXPECT_GT(drawn.words.size(), 30u) << state.name;
      for (const Meaning& word : drawn.words) {
        if (const Term* term = TermIn(word.term)) met.insert(term->title);
        const Meaning* box = BoxAt(drawn.boxes, word);
        const bool said =
            (box != nullptr && !ExplanationOf(context, *box).empty()) || !ExplanationOf(context, word).empty();
        if (!said && HasLetters(word.term) && !IsSentence(word.term)) bare.insert({word.term, state.name});
      }
      for (const Meaning& box : drawn.boxes) {
        if (const Term* term = FindTerm(box.term)) met.insert(term->title);
        EXPECT_FALSE(ExplanationOf(context, box).empty()) << state.name << ": " << box.term;
      }
    }
  }
  for (const auto& [text, where] : bare) ADD_FAILURE() << "\"" << text << "\" in " << where;
  for (const Term& term : Glossary()) EXPECT_EQ(met.count(term.title), 1u) << term.title << " is never met";
}

TEST(Glossary, EveryTermStandsOnceAndIsOneSentence) {
  std::set<std::string> words;
  for (const Term& term : Glossary()) {
    EXPECT_TRUE(words.insert(term.title).second) << term.title << " stands twice";
    for (const char* word : term.words) EXPECT_TRUE(words.insert(word).second) << word << " stands twice";
    const std::string sentence = term.sentence;
    EXPECT_EQ(sentence.back(), '.') << term.title;
    EXPECT_EQ(sentence.find(". "), std::string::npos) << term.title << ": more than one sentence";
    EXPECT_EQ(FindTerm(term.title), &term);
  }
  EXPECT_EQ(std::string(TermIn("Mean \xce\x94")->title), "Delta");
  EXPECT_EQ(TermIn("xyz"), nullptr);
}

}  // namespace
}  // namespace equipoise::ui
