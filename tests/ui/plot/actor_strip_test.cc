#include "ui/plot/actor_strip.h"

#include <gtest/gtest.h>

#include "tests/ui/headless_imgui.h"

namespace equipoise::ui {
namespace {

constexpr float kWidth = 540;  // 60 cells of 9 pixels, or 90 of 6

struct StripOnScreen {
  HeadlessImGui screen;
  std::vector<StripCell> cells;
  std::optional<int> last, shows, selected;
  StripResult result;
  std::optional<int> clicked;

  explicit StripOnScreen(int episodes) {
    for (int e = 1; e <= episodes; ++e) cells.push_back({e, e % 10 == 0 ? Actor{0, true} : Actor{1}});
  }
  std::function<void()> Draw() {
    return [this] {
      ImGui::SetCursorScreenPos({0, 0});
      result = DrawActorStrip("strip", {kWidth, 70}, cells, {{5, 1}}, selected, selected, {&last, &shows});
      if (result.clicked) clicked = result.clicked;
    };
  }
  std::optional<int> Hover(float x) {
    screen.mouse = {x, 20};
    screen.Frame(Draw());
    screen.Frame(Draw());
    return result.hovered;
  }
};

TEST(ActorStrip, ShowsTheNewestEpisodesAtItsRightEnd) {
  StripOnScreen strip(500);
  EXPECT_EQ(strip.Hover(kWidth - 2), 500);
  const int first = strip.Hover(2).value_or(0);
  EXPECT_GT(first, 400);
  EXPECT_LT(first, 450);
}

TEST(ActorStrip, BeginsAtTheLeftWhileThereIsRoom) {
  StripOnScreen strip(3);
  EXPECT_EQ(strip.Hover(2), 1);
  EXPECT_EQ(strip.Hover(300), std::nullopt);
}

TEST(ActorStrip, ReturnsTheEpisodeThatWasClicked) {
  StripOnScreen strip(3);
  strip.screen.Click({8, 20}, strip.Draw());
  EXPECT_EQ(strip.clicked, 2);
}

TEST(ActorStrip, GoesBackWithTheWheelAndStopsAtTheFirst) {
  StripOnScreen strip(500);
  const int before = strip.Hover(2).value_or(0);
  strip.screen.wheel = 2;
  strip.screen.Frame(strip.Draw());
  EXPECT_EQ(strip.Hover(2), before - 10);
  for (int i = 0; i < 200; ++i) {
    strip.screen.wheel = 5;
    strip.screen.Frame(strip.Draw());
  }
  EXPECT_EQ(strip.Hover(2), 1);
}

TEST(ActorStrip, StaysWhereItWasScrolledToWhileTheRunGoesOn) {
  StripOnScreen strip(500);
  strip.Hover(2);
  strip.screen.wheel = 3;
  strip.screen.Frame(strip.Draw());
  const auto before = strip.Hover(2);
  strip.cells.push_back({501, Actor{0}});
  EXPECT_EQ(strip.Hover(2), before);
}

TEST(ActorStrip, BringsASelectionIntoViewOnce) {
  StripOnScreen strip(500);
  strip.Hover(2);
  strip.selected = 100;
  const int first = strip.Hover(2).value_or(0), last = strip.Hover(kWidth - 2).value_or(0);
  EXPECT_LE(first, 100);
  EXPECT_GE(last, 100);
  strip.screen.wheel = 20;  // and lets go of it again
  strip.screen.Frame(strip.Draw());
  EXPECT_LT(strip.Hover(kWidth - 2).value_or(0), 100);
  strip.selected.reset();
  EXPECT_EQ(strip.Hover(kWidth - 2), 500);
}

TEST(ActorStrip, DoesNotTakeADragForAClick) {
  StripOnScreen strip(500);
  strip.screen.Drag(&strip.screen.left, {100, 20}, {300, 20}, strip.Draw());
  EXPECT_EQ(strip.clicked, std::nullopt);
  EXPECT_LT(strip.Hover(kWidth - 2).value_or(0), 500);
}

TEST(ActorStrip, LivesWithoutEpisodes) {
  StripOnScreen strip(0);
  EXPECT_EQ(strip.Hover(2), std::nullopt);
}

TEST(ActorStrip, AnswersToTheEpisodeUnderTheMouseElsewhere) {
  StripOnScreen strip(500);
  const auto echo = [&strip](int episode) {
    StripResult result;
    strip.screen.Frame([&] {
      ImGui::SetCursorScreenPos({0, 0});
      result = DrawActorStrip("strip", {kWidth, 70}, strip.cells, {}, {}, {}, {&strip.last, &strip.shows, episode});
    });
    return result.echoed;
  };
  EXPECT_EQ(echo(498), 498);
  EXPECT_EQ(echo(3), std::nullopt) << "out of view: only an arrow says where it lies";
  EXPECT_EQ(echo(9999), std::nullopt) << "never acted";
}

}  // namespace
}  // namespace equipoise::ui
