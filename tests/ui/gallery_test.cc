// Every state of the window at three sizes: is every text whole, apart from every other one, and readable?
//
// EQUIPOISE_GALLERY=FOLDER ui_tests --gtest_filter='Gallery.*' also writes the pictures, to be looked at by a person,
// among them one of a million episodes. EQUIPOISE_GALLERY_STATE=NAME: of that state alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tests/ui/gallery/stage.h"

namespace equipoise::ui {
namespace {

using namespace testing;  // NOLINT: both namespaces are ours

const char* Folder() { return std::getenv("EQUIPOISE_GALLERY"); }

const std::vector<GalleryState>& States() {
  static const SampleRuns runs;
  static const auto states = [] {
    auto all = GalleryStates(Folder() != nullptr ? 1000000 : 20000, runs);
    if (const char* only = std::getenv("EQUIPOISE_GALLERY_STATE"))
      all.erase(std::remove_if(all.begin(), all.end(), [&](const GalleryState& s) { return s.name != only; }),
                all.end());
    return all;
  }();
  return states;
}

// The stage goes with the last test of the suite: its contexts are current while it stands.
class Gallery : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = Stage::Create();
    ASSERT_TRUE(made) << made.error().message;
    stage_ = std::move(made).value();
  }
  static void TearDownTestSuite() { stage_.reset(); }
  static Stage* TheStage() { return stage_.get(); }

 private:
  static inline std::unique_ptr<Stage> stage_;
};

// Every size with every tab, and columns as narrow as they can be dragged.
std::vector<Stage::Look> Looks() {
  std::vector<Stage::Look> looks;
  for (const StageSize& size : kStageSizes) looks.emplace_back().size = size;
  Stage::Look narrow;
  narrow.panes.left = narrow.panes.right = 1;
  looks.push_back(narrow);
  for (const StageSize& size : kTabbedSizes) {
    for (const PageChoice& pages : ChoicesAt(size)) {
      Stage::Look look;
      look.size = size;
      look.pages = pages;
      looks.push_back(look);
    }
  }
  return looks;
}

std::string Where(const GalleryState& state, const Stage::Look& look) {
  std::string text = state.name + " at " + std::to_string(look.size.width) + " x " + std::to_string(look.size.height) +
                     " scale " + std::to_string(look.size.scale).substr(0, 3);
  if (look.panes.right > 0) text += ", narrow columns";
  if (ChoicesAt(look.size).size() > 1)
    text += std::string(", ") + Name(look.pages.first) + " and " + Name(look.pages.second);
  return text;
}

// Rows of a list that scrolls are cut at its upper and lower edge, and only there.
bool Scrolls(const Glyph& glyph) { return glyph.list.find('/') != std::string::npos; }

TEST_F(Gallery, NoTextIsCutOffInAnyStateAtAnySize) {
  ASSERT_NE(TheStage(), nullptr);
  for (const Stage::Look& look : Looks()) {
    for (const GalleryState& state : States()) {
      const auto glyphs = TheStage()->Show(state, look);
      EXPECT_GT(glyphs.size(), 150u) << Where(state, look);
      std::set<std::string> cut;
      for (size_t i = 0; i < glyphs.size(); ++i) {
        const Glyph& g = glyphs[i];
        const float past = 1.01f;  // a glyph's box has a pixel of nothing around it
        const bool gone = g.b.x <= g.clip.x || g.a.x >= g.clip.z || g.b.y <= g.clip.y || g.a.y >= g.clip.w;
        const bool across = g.a.x < g.clip.x - past || g.b.x > g.clip.z + past;
        const bool along = g.a.y < g.clip.y - past || g.b.y > g.clip.w + past;
        if (across || (along && !Scrolls(g)) || (gone && !Scrolls(g)))
          cut.insert(g.list + ": " + TextAround(glyphs, i));
      }
      for (const std::string& text : cut) ADD_FAILURE() << Where(state, look) << ": \"" << text << "\" is cut off";
    }
  }
}

// How much of the smaller box lies in the other one.
float Overlap(const Glyph& p, const Glyph& q) {
  const float w = std::min(p.b.x, q.b.x) - std::max(p.a.x, q.a.x), h = std::min(p.b.y, q.b.y) - std::max(p.a.y, q.a.y);
  if (w <= 0 || h <= 0) return 0;
  const auto area = [](const Glyph& g) { return (g.b.x - g.a.x) * (g.b.y - g.a.y); };
  return w * h / std::min(area(p), area(q));
}

bool Shows(const Glyph& g) {
  return g.b.x > g.clip.x && g.a.x < g.clip.z && g.b.y > g.clip.y && g.a.y < g.clip.w && (g.color >> 24) > 40;
}

TEST_F(Gallery, NoTextIsWrittenOverAnother) {
  ASSERT_NE(TheStage(), nullptr);
  for (const Stage::Look& look : Looks()) {
    for (const GalleryState& state : States()) {
      const auto glyphs = TheStage()->Show(state, look);
      std::multimap<std::pair<std::string, int>, size_t> by_row;  // of 32 pixels
      std::set<std::string> over;
      for (size_t i = 0; i < glyphs.size(); ++i) {
        const Glyph& g = glyphs[i];
        if (!Shows(g)) continue;
        const int row = static_cast<int>(g.a.y) / 32;
        for (int r = row - 1; r <= row + 1; ++r) {
          const auto [from, to] = by_row.equal_range({g.list, r});
          for (auto it = from; it != to; ++it) {
            if (it->second + 1 == i) continue;  // a comma may stand under the letter before it
            if (Overlap(g, glyphs[it->second]) > 0.15f)
              over.insert(g.list + ": \"" + TextAround(glyphs, i) + "\" over \"" + TextAround(glyphs, it->second) +
                          "\"");
          }
        }
        by_row.insert({{g.list, row}, i});
      }
      for (const std::string& text : over) ADD_FAILURE() << Where(state, look) << ": " << text;
    }
  }
}

// Relative luminance and contrast as WCAG 2.1 defines them.
double Luminance(double r, double g, double b) {
  const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
}

// What a glyph was written on: the colour that most pixels around and between its strokes have.
unsigned Ground(const Picture& picture, const Glyph& g) {
  std::map<unsigned, int> count;
  const int x0 = std::max(0, static_cast<int>(g.a.x) - 2), x1 = std::min(picture.width, static_cast<int>(g.b.x) + 3);
  const int y0 = std::max(0, static_cast<int>(g.a.y) - 3), y1 = std::min(picture.height, static_cast<int>(g.b.y) + 4);
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const unsigned char* p = &picture.rgb[(static_cast<size_t>(y) * picture.width + x) * 3];
      ++count[p[0] | p[1] << 8 | p[2] << 16];
    }
  }
  const auto most = std::max_element(count.begin(), count.end(), [](auto& l, auto& r) { return l.second < r.second; });
  return most == count.end() ? 0 : most->first;
}

double Contrast(ImU32 text, unsigned ground) {
  const double alpha = (text >> 24) / 255.0;
  const auto channel = [](unsigned color, int shift) { return static_cast<double>(color >> shift & 255); };
  const auto blended = [&](int shift) { return alpha * channel(text, shift) + (1 - alpha) * channel(ground, shift); };
  const double l = Luminance(blended(0), blended(8), blended(16));
  const double k = Luminance(channel(ground, 0), channel(ground, 8), channel(ground, 16));
  return (std::max(l, k) + 0.05) / (std::min(l, k) + 0.05);
}

TEST_F(Gallery, EveryTextStandsOutFromItsGroundInEveryTheme) {
  ASSERT_NE(TheStage(), nullptr);
  struct Theme {
    const char* name;
    bool light, safe;
  };
  for (const Theme& theme : {Theme{"dark", false, false},
                             {"light", true, false},
                             {"dark, safe", false, true},
                             {"light, safe", true, true}}) {
    std::map<std::string, double> faint;
    for (const GalleryState& state : States()) {
      Stage::Look look;
      look.light = theme.light;
      look.safe = theme.safe;
      Picture picture;
      const auto glyphs = TheStage()->Show(state, look, &picture);
      const bool sheet = state.name.rfind("sheet-", 0) == 0 && state.name != "sheet-view";
      for (size_t i = 0; i < glyphs.size(); ++i) {
        const Glyph& g = glyphs[i];
        if (!Shows(g) || g.b.x - g.a.x < 2 || g.b.y - g.a.y < 3) continue;
        if (sheet && g.list.rfind("##root", 0) == 0) continue;  // dimmed on purpose
        const double contrast = Contrast(g.color, Ground(picture, g));
        if (contrast >= 4.5) continue;
        double& least =
            faint.insert({g.list + ": " + TextAround(glyphs, i) + " (" + state.name + ")", 21}).first->second;
        least = std::min(least, contrast);
      }
    }
    for (const auto& [text, contrast] : faint) ADD_FAILURE() << theme.name << ": " << text << ": " << contrast;
  }
}

TEST_F(Gallery, NegativeNumbersHaveARealMinusSign) {
  ASSERT_NE(TheStage(), nullptr);
  std::set<std::string> hyphens;
  for (const GalleryState& state : States()) {
    const auto glyphs = TheStage()->Show(state, {});
    for (size_t i = 0; i + 1 < glyphs.size(); ++i) {
      const Glyph &g = glyphs[i], &next = glyphs[i + 1];
      const bool begins = i == 0 || glyphs[i - 1].list != g.list || std::fabs(glyphs[i - 1].b.y - g.b.y) > 12 ||
                          g.a.x - glyphs[i - 1].b.x > 3.5f || g.a.x < glyphs[i - 1].a.x;
      const bool number = (next.character >= '0' && next.character <= '9') || next.character == 'i';
      if (g.character == '-' && begins && number && next.a.x - g.b.x < 4)
        hyphens.insert(g.list + ": " + TextAround(glyphs, i));
    }
  }
  for (const std::string& text : hyphens) ADD_FAILURE() << text;
}

// How many colours a picture has, counted coarsely: one that failed has one.
size_t Colours(const Picture& picture) {
  std::set<unsigned> seen;
  for (size_t i = 0; i + 2 < picture.rgb.size(); i += 3 * 7)
    seen.insert(picture.rgb[i] >> 4 | picture.rgb[i + 1] >> 4 << 4 | picture.rgb[i + 2] >> 4 << 8);
  return seen.size();
}

TEST_F(Gallery, EveryStateCanBeDrawn) {
  ASSERT_NE(TheStage(), nullptr);
  for (Stage::Look look : Looks()) {
    const StageSize& size = look.size;
    const bool narrow = look.panes.right > 0;
    if (Folder() == nullptr && (size.width != kStageSizes[0].width || size.scale > 1 || narrow)) continue;
    for (const GalleryState& state : States()) {
      look.light = size.width == 1600 || size.scale == 1.5f;
      if (Folder() != nullptr) look.effort = SceneEffort::kFull;
      Picture picture;
      const auto glyphs = TheStage()->Show(state, look, &picture);
      EXPECT_EQ(picture.width, size.width);
      EXPECT_GT(Colours(picture), 40u) << Where(state, look);
      if (Folder() == nullptr) continue;
      std::string path = std::string(Folder()) + "/" + std::to_string(size.width) + "-" +
                         std::to_string(static_cast<int>(100 * size.scale)) + (narrow ? "-narrow/" : "/") + state.name;
      if (ChoicesAt(size).size() > 1) path += std::string("-") + Name(look.pages.first) + "-" + Name(look.pages.second);
      path += ".png";
      const Status written = WritePng(picture, path, /*overwrite=*/true);
      EXPECT_TRUE(written) << written.error().message;
      std::printf("%s: built in %.1f ms\n", path.c_str(), 1e3 * TheStage()->last_frame_seconds());
      for (size_t i = 0; i < glyphs.size(); ++i)
        if (glyphs[i].character == 0x2026) std::printf("  shortened: %s\n", TextAround(glyphs, i).c_str());
    }
  }
}

// What is written in the scene's card, by whether it stands on the picture.
struct SceneTexts {
  std::string above, on;
};
SceneTexts TextsOf(const std::vector<Glyph>& glyphs, const ImVec4& picture) {
  SceneTexts texts;
  for (const Glyph& g : glyphs) {
    if (g.list.find("scene") == std::string::npos || !Shows(g)) continue;
    const float x = 0.5f * (g.a.x + g.b.x), y = 0.5f * (g.a.y + g.b.y);
    if (y < picture.y) texts.above += Utf8(g.character);
    if (x > picture.x && x < picture.z && y > picture.y && y < picture.w) texts.on += Utf8(g.character);
  }
  return texts;
}

TEST_F(Gallery, WhoActsAndWhatItEarnsStandsBesideTheBodyInAPlaceThatNeverMoves) {
  ASSERT_NE(TheStage(), nullptr);
  std::vector<StageSize> sizes = {{1280, 800, 1}, {1600, 1000, 1}, {1920, 1200, 1}};
  sizes.insert(sizes.end(), std::begin(kTabbedSizes), std::end(kTabbedSizes));
  for (const StageSize& size : sizes) {
    for (const std::string& task : env::TaskNames()) {
      SnapshotOptions options;
      options.task = task;
      const auto snapshot = BuildSnapshot(options);
      const int steps = snapshot->trace->steps();
      std::optional<ImVec4> stands;
      for (const int step : {0, 1, steps / 3, steps / 2, steps}) {
        GalleryState state{task, snapshot, [step](UiState* s) { s->scene.playback.Seek(step); }};
        Stage::Look look;
        look.size = size;
        const auto glyphs = TheStage()->Show(state, look);
        const ImVec4 box = TheStage()->scene_box();
        const std::string where = Where(state, look) + ", step " + std::to_string(step);
        ASSERT_GT(box.w - box.y, 30 * size.scale) << where << ": no picture";
        if (!stands) stands = box;
        EXPECT_TRUE(box.x == stands->x && box.y == stands->y && box.z == stands->z && box.w == stands->w) << where;
        const SceneTexts texts = TextsOf(glyphs, box);
        std::vector<std::string> wanted = {"Model-basedacted", "Returnsofar", "Reward"};
        for (std::string name : snapshot->info->task.term_names) {
          name.erase(std::remove(name.begin(), name.end(), '_'), name.end());
          wanted.push_back(name);
        }
        for (const std::string& text : wanted) {
          EXPECT_NE(texts.above.find(text), std::string::npos) << where << ": " << text << " is not said";
          EXPECT_EQ(texts.on.find(text), std::string::npos) << where << ": " << text << " is written on the body";
        }
      }
    }
  }
}

}  // namespace
}  // namespace equipoise::ui
