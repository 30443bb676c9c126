// A picture of which only the changed parts are drawn is, pixel by pixel, the one that is drawn whole.
#include "ui/gl/kept_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/ui/gallery/stage.h"

namespace equipoise::ui {
namespace {

using namespace testing;  // NOLINT: both namespaces are ours

TEST(KeptFrame, IsTheWholePictureAfterEveryChange) {
  auto stage = Stage::Create();
  ASSERT_TRUE(stage) << stage.error().message;
  const SampleRuns runs;
  Stage::Look look;
  KeptFrame kept;
  int64_t all = 0, drawn = 0;
  uint64_t shown = 0;
  for (const GalleryState& state : GalleryStates(200, runs)) {
    if (++shown > 30) break;
    look.light = shown % 10 == 0;
    Picture whole;
    stage.value()->Show(state, look, &whole);
    const int64_t now = kept.Draw(
        ImGui::GetDrawData(), Colors().window,
        [&](ImTextureID texture) { return texture == ImGui::GetIO().Fonts->TexID ? 0 : shown; },
        [](ImDrawData* data) { ImGui_ImplOpenGL3_RenderDrawData(data); });
    kept.Bind();
    const Picture again = ReadFramebuffer(look.size.width, look.size.height);
    size_t different = 0;
    int most = 0;
    for (size_t i = 0; i < whole.rgb.size(); ++i) {
      different += whole.rgb[i] != again.rgb[i];
      most = std::max(most, std::abs(whole.rgb[i] - again.rgb[i]));
    }
    EXPECT_EQ(different, 0u) << state.name << ": by " << most << " at most, " << now << " pixels drawn";
    EXPECT_TRUE(shown > 1 || now == 1280 * 800) << "the first frame is drawn whole";
    all += 1280 * 800;
    drawn += now;
  }
  EXPECT_LT(drawn, all * 9 / 10) << "hardly anything was kept";
}

}  // namespace
}  // namespace equipoise::ui
