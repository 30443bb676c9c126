// Gestures on the scene where frames are slow: the mouse comes from afar and presses between two of them.
#include "ui/panels/scene/scene_picture.h"

#include <gtest/gtest.h>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/ui/headless_imgui.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/kit/layout.h"
#include "ui/kit/mouse_queue.h"
#include "ui/offscreen/offscreen.h"

namespace equipoise::ui {
namespace {

const ImVec2 kFrom{0, 0}, kTo{800, 500};

class ScenePictureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto offscreen = OffscreenContext::Create();
    ASSERT_TRUE(offscreen) << offscreen.error().message;
    offscreen_ = std::move(offscreen).value();
    auto scene = Scene::Create("cartpole");
    ASSERT_TRUE(scene) << scene.error().message;
    scene_ = std::move(scene).value();
    testing::SnapshotOptions options;
    options.task = "cartpole";
    snapshot_ = testing::BuildSnapshot(options);
    Frame();
    Frame();
  }

  // One slow frame: what the queue has for it, at the place where the mouse was then.
  void Frame() {
    const MouseFrame mouse = queue_.Next();
    imgui_.left = mouse.held[0];
    if (mouse.at) now_ = {(*mouse.at)[0], (*mouse.at)[1]};
    imgui_.mouse = now_;
    imgui_.control = control_;
    imgui_.Frame([&] {
      PanelContext context{*snapshot_, post_, state_};
      DrawScenePicture(context, scene_.get(), "", Scene::Frame(), true, kFrom, kTo);
    });
  }
  void Press(ImVec2 at) { queue_.Add(0, true, at.x, at.y), Frame(); }
  void Release(ImVec2 at) {
    queue_.Add(0, false, at.x, at.y);
    while (queue_.waiting()) Frame();
  }
  void MoveTo(ImVec2 at) { now_ = at, Frame(); }
  ImVec2 Cart() const {
    const std::array<float, 2> at = scene_->OnScreen(1);
    return {at[0] * kTo.x, at[1] * kTo.y};
  }
  // The largest force that was asked for.
  double Pushed() const {
    double most = 0;
    for (const run::Command& command : posted_) {
      const auto* push = std::get_if<run::PushBody>(&command);
      if (push == nullptr) continue;
      for (int i = 0; i < 3; ++i) most = std::max(most, std::fabs(push->wrench[static_cast<size_t>(i)]));
    }
    return most;
  }

  HeadlessImGui imgui_{kTo};
  std::unique_ptr<OffscreenContext> offscreen_;  // before the scene that lives in it
  std::unique_ptr<Scene> scene_;
  std::shared_ptr<const run::Snapshot> snapshot_;
  UiState state_;
  MouseQueue queue_;
  ImVec2 now_{5, 5};
  bool control_ = false;
  std::vector<run::Command> posted_;
  std::function<void(run::Command)> post_ = [this](const run::Command& command) { posted_.push_back(command); };
};

TEST_F(ScenePictureTest, TheWayToAPressTurnsNoCamera) {
  const ImVec2 before = Cart();
  MoveTo({20, 20});
  Press({700, 430});
  Release({700, 430});
  EXPECT_EQ(Cart().x, before.x);
  EXPECT_EQ(Cart().y, before.y);
  Press({400, 430});
  MoveTo({460, 400});
  Release({460, 400});
  EXPECT_NE(Cart().y, before.y) << "a drag still turns it";
}

TEST_F(ScenePictureTest, ADragThatFitsBetweenTwoFramesCounts) {
  const ImVec2 before = Cart();
  queue_.Add(0, true, 400, 430);
  queue_.Add(0, false, 460, 400);
  while (queue_.waiting()) Frame();
  Frame();
  EXPECT_NE(Cart().y, before.y);
}

TEST_F(ScenePictureTest, ACtrlClickFromAfarPushesNothing) {
  control_ = true;
  MoveTo({20, 480});
  Press(Cart());
  ASSERT_EQ(scene_->picked(), 1) << "the cart lies under the mouse";
  for (int i = 0; i < 3; ++i) Frame();
  Release(Cart());
  EXPECT_EQ(Pushed(), 0);
  EXPECT_TRUE(posted_.empty()) << "a click is no push, and nothing is recorded";
}

TEST_F(ScenePictureTest, ACtrlDragPushesByTheWayFromThePress) {
  control_ = true;
  MoveTo({20, 480});
  const ImVec2 cart = Cart();
  Press(cart);
  MoveTo({cart.x + 20, cart.y});
  const double twenty = Pushed();
  EXPECT_GT(twenty, 0);
  MoveTo({cart.x + 40, cart.y});
  EXPECT_NEAR(Pushed(), 2 * twenty, 0.1 * twenty) << "a spring from the point of the press";
  Release({cart.x + 40, cart.y});
  Frame();
  ASSERT_FALSE(posted_.empty());
  ASSERT_TRUE(std::holds_alternative<run::PushBody>(posted_.back()));
  EXPECT_EQ(std::get<run::PushBody>(posted_.back()).body, 0) << "let go";
}

TEST_F(ScenePictureTest, TheWayToAPressMovesNoSplitter) {
  float size = 0;
  const auto draw = [&] {
    ImGui::SetCursorScreenPos({300, 0});
    Splitter("split", true, 400, 300, 100, 700, 1, &size);
  };
  imgui_.mouse = {20, 20};
  for (int i = 0; i < 3; ++i) imgui_.Frame(draw);
  imgui_.mouse = {304, 200};  // arrives and presses in one frame
  imgui_.left = true;
  imgui_.Frame(draw);
  imgui_.Frame(draw);
  EXPECT_EQ(size, 0);
  imgui_.mouse = {334, 200};
  imgui_.Frame(draw);
  EXPECT_EQ(size, 330);
}

}  // namespace
}  // namespace equipoise::ui
