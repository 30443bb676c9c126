// What is held in memory for every episode of a run, and what is read from its line when it is asked for.
#include "engine/record/episode.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

using LongRun = RunTest;

TEST_F(LongRun, TheNumbersOfTheMasksOfAWrittenRunAreInItsLogAlone) {
  const auto unsaved = Finish(MustCreate(TinySettings(), "").get());
  const auto written = Finish(MustCreate(TinySettings(), Path("run")).get());
  ASSERT_EQ(written->episodes->size(), unsaved->episodes->size());
  for (size_t i = 0; i < written->episodes->size(); ++i) {
    const EpisodeSummary &a = *(*written->episodes)[i], &b = *(*unsaved->episodes)[i];
    EXPECT_EQ(a.whole, nullptr);
    ASSERT_NE(b.whole, nullptr) << "a run without a folder has no other place for them";
    ASSERT_NE(Whole(a), nullptr);
    EXPECT_EQ(Whole(a)->decision.delta(), b.whole->decision.delta());
    EXPECT_EQ(Whole(a)->open_loop_error, b.whole->open_loop_error);
    EXPECT_EQ(a.decision.summary.count, b.decision.summary.count);
    EXPECT_EQ(Whole(a), Whole(a)) << "kept for the next frame";
  }
}

TEST_F(LongRun, AReopenedRunHasTheSameNumbersAndGoesOn) {
  const auto before = Finish(MustCreate(TinySettings(), Path("run")).get());
  auto opened = Engine::Open(Path("run"), 8);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const auto read = opened.value()->Latest();
  ASSERT_EQ(read->episodes->size(), before->episodes->size());
  for (size_t i = 0; i < before->episodes->size(); ++i) {
    EXPECT_EQ((*read->episodes)[i]->scalars.ToMap(), (*before->episodes)[i]->scalars.ToMap());
    EXPECT_EQ(ToLine(*Whole(*(*read->episodes)[i])), ToLine(*Whole(*(*before->episodes)[i])));
  }
  ASSERT_NE(read->decision, nullptr);
  EXPECT_EQ(read->decision->delta(), before->decision->delta());
  const auto after = Finish(opened.value().get());
  ASSERT_EQ(after->episodes->size(), before->episodes->size() + 2);
  EXPECT_EQ(after->episodes->back()->whole, nullptr);
  EXPECT_EQ(Whole(*after->episodes->back())->episode, 8);
}

}  // namespace
}  // namespace equipoise::run
