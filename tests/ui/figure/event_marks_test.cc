#include "ui/figure/event_marks.h"

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

EventMark Mark(double x, MarkKind kind, int number = 0) {
  EventMark mark;
  mark.x = x;
  mark.kind = kind;
  mark.number = number;
  mark.text = "at " + std::to_string(static_cast<int>(x));
  return mark;
}

const Axis kAxis{0, 100, 0, 1000};  // ten pixels for each unit

TEST(EventMarks, JoinsWhatLiesWithinAFlagOfTheFirstAndNoMore) {
  const EventMarks marks({Mark(10, MarkKind::kIntervention, 1), Mark(11, MarkKind::kIntervention, 2),
                          Mark(11.7, MarkKind::kIntervention, 3), Mark(12, MarkKind::kIntervention, 4),
                          Mark(50, MarkKind::kGuard)});
  const std::vector<MarkGroup> groups = GroupMarks(marks, kAxis, 18);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].size(), 3u);  // 100, 110 and 117; 120 is 20 pixels from the first
  EXPECT_FLOAT_EQ(groups[0].x, 100);
  EXPECT_EQ(groups[1].size(), 1u);
  EXPECT_EQ(groups[2].leading, MarkKind::kGuard);
}

TEST(EventMarks, ShowsTheMostImportantOfAGroup) {
  const EventMarks marks({Mark(10, MarkKind::kTakesOver), Mark(10, MarkKind::kIntervention, 1),
                          Mark(10, MarkKind::kForced), Mark(30, MarkKind::kTakesOver), Mark(30, MarkKind::kForced)});
  const std::vector<MarkGroup> groups = GroupMarks(marks, kAxis, 3);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].leading, MarkKind::kIntervention);
  EXPECT_EQ(groups[1].leading, MarkKind::kForced);
  EXPECT_EQ(Describe(marks, groups[0]), "1  at 10\nat 10\nat 10");
  EXPECT_EQ(Describe(marks, groups[0], 1), "1  at 10\nand 2 more");
}

TEST(EventMarks, NameAGroupByTheSameTextEverywhere) {
  EXPECT_EQ(FlagText({3}), "3");
  EXPECT_EQ(FlagText({1, 2}),
            "1\xe2\x80\x93"
            "2");
  EXPECT_EQ(FlagText({2, 6}), "2, 6") << "those between were rolled back";
  EXPECT_EQ(FlagText({6, 2, 7, 2}),
            "2, 6\xe2\x80\x93"
            "7");
  EXPECT_EQ(FlagText({1, 3, 5, 9}), "1, 3\xe2\x80\xa6");
  EXPECT_EQ(FlagText({}, true), "!");
  EXPECT_EQ(FlagText({4}, true), "4!");
  const EventMarks marks({Mark(10, MarkKind::kIntervention, 1), Mark(10.2, MarkKind::kGuard),
                          Mark(11, MarkKind::kIntervention, 2), Mark(50, MarkKind::kGuard),
                          Mark(80, MarkKind::kIntervention, 3)});
  std::vector<std::string> texts;
  for (const MarkGroup& group : GroupMarks(marks, kAxis, 18)) texts.push_back(FlagText(marks, group));
  EXPECT_EQ(texts, (std::vector<std::string>{"1\xe2\x80\x93"
                                             "2!",
                                             "!", "3"}));
}

TEST(EventMarks, LeavesOutWhatIsNotInViewAndKeepsWhatLiesOnOnePoint) {
  std::vector<EventMark> many;
  for (int i = 0; i < 5; ++i) many.push_back(Mark(100, MarkKind::kForced));
  many.push_back(Mark(-1, MarkKind::kForced));
  many.push_back(Mark(101, MarkKind::kForced));
  const std::vector<MarkGroup> groups = GroupMarks(EventMarks(many), kAxis, 0);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].size(), 5u);
  EXPECT_TRUE(GroupMarks(EventMarks(), kAxis, 3).empty());
}

TEST(EventMarks, MakesNoMoreGroupsOfAMillionMarksThanPixelsHold) {
  std::vector<EventMark> many(1000000);
  for (size_t i = 0; i < many.size(); ++i) {
    many[i].x = 1e-4 * static_cast<double>(i);
    many[i].kind = i % 2 ? MarkKind::kForced : MarkKind::kTakesOver;
  }
  const EventMarks marks(std::move(many));
  const std::vector<MarkGroup> groups = GroupMarks(marks, kAxis, 3);
  EXPECT_LE(groups.size(), 1000 / 3 + 2u);
  size_t sum = 0;
  for (const MarkGroup& group : groups) sum += group.size();
  EXPECT_EQ(sum, marks.all().size());
  EXPECT_EQ(marks.Count(MarkKind::kForced, 0, 1000), 500u);
}

TEST(EventMarks, HaveTheColourOfWhoTookOverFirstInTheGroup) {
  const auto takes_over = [](double x, int slot) {
    EventMark mark = Mark(x, MarkKind::kTakesOver);
    mark.actor = {slot};
    return mark;
  };
  const EventMarks marks({Mark(10, MarkKind::kLifecycle), takes_over(50, 3), takes_over(50.1, 1), takes_over(80, 2)});
  const std::vector<MarkGroup> groups = GroupMarks(marks, kAxis, 3);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[1].actor, (Actor{3}));
  EXPECT_EQ(groups[2].actor, (Actor{2}));
}

}  // namespace
}  // namespace equipoise::ui
