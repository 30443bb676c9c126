// Words where words are promised: no picture of the window holds the key of a setting, which belongs into files.
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <set>
#include <string>

#include "engine/config/section.h"
#include "tests/ui/gallery/stage.h"

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

}  // namespace
}  // namespace equipoise::ui
