#include "ui/offscreen/dashboard.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#include "tests/ui/snapshot_builder.h"
#include "ui/offscreen/offscreen.h"
#include "ui/scene/scene.h"
#include "ui/view/arrangement.h"

namespace equipoise::ui {
namespace {

using testing::BuildSnapshot;
using testing::SnapshotOptions;
namespace fs = std::filesystem;

struct Image {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;
  const uint8_t* At(int x, int y) const { return &rgb[(static_cast<size_t>(y) * width + x) * 3]; }
};

Image Load(const std::string& path) {
  Image image;
  int channels = 0;
  uint8_t* pixels = stbi_load(path.c_str(), &image.width, &image.height, &channels, 3);
  if (pixels != nullptr) {
    image.rgb.assign(pixels, pixels + static_cast<size_t>(image.width) * image.height * 3);
    stbi_image_free(pixels);
  }
  return image;
}

struct Hues {
  int blue = 0, orange = 0, all = 0;
};

// Strongly blue and strongly orange pixels in a part of the picture.
Hues CountHues(const Image& image, const Area& area) {
  Hues hues;
  for (int y = static_cast<int>(area.y); y < static_cast<int>(area.y + area.h); ++y) {
    for (int x = static_cast<int>(area.x); x < static_cast<int>(area.x + area.w); ++x) {
      const uint8_t* p = image.At(x, y);
      hues.blue += p[2] > 140 && p[2] > p[0] + 70;
      hues.orange += p[0] > 140 && p[0] > p[2] + 70;
      ++hues.all;
    }
  }
  return hues;
}

// The lower middle of the scene: the robot, without the card, the transport and their marks.
Area RobotArea(float width, float height) {
  const Area scene = Arrange({width, height}, 1, {}).scene;
  return {scene.x + scene.w * 0.2f, scene.y + scene.h * 0.42f, scene.w * 0.7f, scene.h * 0.3f};
}

class DashboardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("equipoise-dashboard-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  Image Render(const SnapshotOptions& snapshot, DashboardOptions options) {
    const std::string path = (folder_ / "picture.png").string();
    const Status drawn = RenderDashboard(*BuildSnapshot(snapshot), path, options);
    EXPECT_TRUE(drawn) << drawn.error().message;
    return Load(path);
  }

  fs::path folder_;
};

TEST_F(DashboardTest, HasTheSizeThatWasAskedFor) {
  for (const auto& [width, height, scale] : {std::tuple(1280, 800, 1.0f), {1600, 1000, 1.0f}, {1920, 1200, 1.5f}}) {
    DashboardOptions options;
    options.width = width;
    options.height = height;
    options.scale = scale;
    const Image image = Render({}, options);
    EXPECT_EQ(image.width, width);
    EXPECT_EQ(image.height, height);
  }
}

TEST_F(DashboardTest, PaintsTheTorsoInTheColourOfWhoActed) {
  SnapshotOptions proved, not_proved;
  not_proved.proved = false;
  const Area area = RobotArea(1600, 1000);
  const Hues mb = CountHues(Render(proved, {}), area), mf = CountHues(Render(not_proved, {}), area);
  EXPECT_GT(mb.blue, mb.all / 200);
  EXPECT_LT(mb.orange, mb.all / 2000);
  EXPECT_GT(mf.orange, mf.all / 200);
  EXPECT_LT(mf.blue, mf.all / 2000);
}

TEST_F(DashboardTest, IsBrightInTheLightTheme) {
  DashboardOptions dark, light;
  light.light = true;
  const auto mean = [](const Image& image) {
    double sum = 0;
    for (uint8_t v : image.rgb) sum += v;
    return sum / static_cast<double>(image.rgb.size());
  };
  EXPECT_LT(mean(Render({}, dark)), 70);
  EXPECT_GT(mean(Render({}, light)), 190);
}

TEST_F(DashboardTest, HoldsForEveryTaskAndBeforeAnythingHappened) {
  for (const std::string& task : env::TaskNames()) {
    SnapshotOptions options;
    options.task = task;
    options.picked = 0;
    options.phase = "random";
    EXPECT_EQ(Render(options, {}).width, 1600) << task;
  }
  run::Snapshot empty;  // as published before the run knows anything
  empty.episodes = std::make_shared<run::List<run::EpisodeSummary>>();
  empty.events = std::make_shared<run::List<run::Event>>();
  const Status drawn = RenderDashboard(empty, (folder_ / "empty.png").string(), 1280, 800);
  EXPECT_TRUE(drawn) << drawn.error().message;
}

TEST_F(DashboardTest, ShowsThatTheRunHasStoppedOverTheScene) {
  SnapshotOptions stopped;
  stopped.state = run::RunState::kStopped;
  stopped.stopped_reason = "MuJoCo: the simulation diverged at step 12. Lower the step size and resume.";
  const auto red = [](const Image& image) {
    const Area scene = Arrange({1600, 1000}, 1, {}).scene;
    int count = 0;
    for (int y = static_cast<int>(scene.y); y < static_cast<int>(scene.y + scene.h); ++y) {
      for (int x = static_cast<int>(scene.x); x < static_cast<int>(scene.x + scene.w); ++x) {
        const uint8_t* p = image.At(x, y);
        count += p[0] > 200 && p[1] > 80 && p[1] < 160 && p[2] > 90;
      }
    }
    return count;
  };
  EXPECT_EQ(red(Render({}, {})), 0);
  EXPECT_GT(red(Render(stopped, {})), 1000);
}

TEST_F(DashboardTest, SaysWhereAPictureCannotBeWritten) {
  std::ofstream(folder_ / "file") << "not a folder";
  const std::string path = (folder_ / "file" / "picture.png").string();
  const Status drawn = RenderDashboard(*BuildSnapshot({}), path, 1280, 800);
  ASSERT_FALSE(drawn);
  EXPECT_NE(drawn.error().message.find(path), std::string::npos) << drawn.error().message;
}

TEST(Scene, IsDrawnAgainOnlyWhenSomethingHasChanged) {
  auto context = OffscreenContext::Create();
  ASSERT_TRUE(context) << context.error().message;
  auto made = Scene::Create("hopper");
  ASSERT_TRUE(made) << made.error().message;
  Scene& scene = *made.value();
  std::vector<double> qpos(static_cast<size_t>(scene.qpos_size()), 0.1);
  Scene::Frame frame;
  frame.qpos = qpos.data();
  frame.torso = Rgb(0x58A9FA);
  frame.width = 320;
  frame.height = 200;
  const auto draw = [&] { EXPECT_TRUE(scene.Draw(frame)); };
  draw();
  draw();
  EXPECT_EQ(scene.drawn(), 1);
  qpos[0] = 0.2;
  draw();
  EXPECT_EQ(scene.drawn(), 2) << "the pose";
  scene.Orbit(0.1, 0);
  draw();
  EXPECT_EQ(scene.drawn(), 3) << "the camera";
  frame.light = true;
  draw();
  EXPECT_EQ(scene.drawn(), 4) << "the theme";
  frame.width = 400;
  draw();
  EXPECT_EQ(scene.drawn(), 5) << "the size";
}

TEST(Scene, RefusesAPoseThatIsNotFinite) {
  auto context = OffscreenContext::Create();
  ASSERT_TRUE(context) << context.error().message;
  auto made = Scene::Create("hopper");
  ASSERT_TRUE(made) << made.error().message;
  std::vector<double> qpos(static_cast<size_t>(made.value()->qpos_size()), NAN);
  Scene::Frame frame;
  frame.qpos = qpos.data();
  frame.width = frame.height = 64;
  EXPECT_FALSE(made.value()->Draw(frame));
}

}  // namespace
}  // namespace equipoise::ui
