// What follows from the names of an agent's parts: order, colour and who is who.
#include "engine/nets/part_info.h"

#include <gtest/gtest.h>

namespace equipoise::nets {
namespace {

using Kind = PartInfo::Kind;

PartList Parts(std::vector<std::pair<std::string, Kind>> all) {
  std::vector<PartInfo> parts;
  for (auto& [id, kind] : all) parts.push_back({id, id + " title", id + " name", id, "step", kind});
  return PartList(std::move(parts));
}

TEST(PartList, ALearnerLooksTheSameAloneAndBesideAnother) {
  const PartList unified = Parts({{"model", Kind::kModel}, {"mb", Kind::kModelBased}, {"sac", Kind::kModelFree}});
  EXPECT_EQ(unified.SlotOf("sac"), Parts({{"sac", Kind::kModelFree}}).SlotOf("sac"));
  EXPECT_EQ(unified.SlotOf("mb"), Parts({{"model", Kind::kModel}, {"mb", Kind::kModelBased}}).SlotOf("mb"));
  EXPECT_NE(unified.SlotOf("sac"), unified.SlotOf("mb"));
  EXPECT_EQ(unified.SlotOf("model"), -1) << "it does not act";
  EXPECT_EQ(unified.SlotOf("random"), -1);
  EXPECT_EQ(unified.SlotOf(""), -1);
}

TEST(PartList, KnowsThePhasesOfThoseThatActInTurn) {
  const PartList all = Parts({{"mb", Kind::kModelBased}, {"sac", Kind::kModelFree}});
  EXPECT_EQ(all.NumberedPhaseOf("sac"), "");
  const PartList phased(all.all(), {{"mb", "planning"}, {"sac", "learning"}});
  EXPECT_EQ(phased.PhaseOf("sac"), "learning");
  EXPECT_EQ(phased.NumberedPhaseOf("sac"), "phase 2 of 2, learning");
  EXPECT_EQ(phased.PhaseOf("random"), "");
  EXPECT_TRUE(phased.SameIds(all));
}

TEST(PartList, EveryOfFourLearnersOfAKindHasASlotOfItsOwn) {
  const PartList many = Parts({{"a", Kind::kModelFree},
                               {"b", Kind::kModelFree},
                               {"c", Kind::kModelFree},
                               {"d", Kind::kModelFree},
                               {"v", Kind::kModelBased},
                               {"w", Kind::kModelBased}});
  std::string slots;
  for (const PartInfo& part : many.all()) slots += std::to_string(many.SlotOf(part.id));
  EXPECT_EQ(slots, "024613");
  std::string numbers;
  for (const PartInfo& part : many.all()) numbers += std::to_string(many.NumberOf(part.id));
  EXPECT_EQ(numbers, "235714");
  EXPECT_EQ(many.NumberOf("random"), 0);
}

TEST(PartList, PreferenceIsModelFreeFirst) {
  const PartList parts = Parts({{"model", Kind::kModel}, {"mb", Kind::kModelBased}, {"sac", Kind::kModelFree}});
  const auto learners = parts.Learners();
  ASSERT_EQ(learners.size(), 2u);
  EXPECT_EQ(learners[0]->id, "sac");
  EXPECT_EQ(learners[1]->id, "mb");
  EXPECT_TRUE(parts.ModelFree("sac"));
  EXPECT_FALSE(parts.ModelFree("mb"));
  EXPECT_FALSE(parts.ModelFree("nobody"));
  EXPECT_TRUE(parts.HasModel());
  EXPECT_FALSE(Parts({{"sac", Kind::kModelFree}}).HasModel());
}

TEST(PartList, TitlesInTheMiddleOfASentence) {
  EXPECT_EQ(WithArticle("model fit"), "the model fit");
  EXPECT_EQ(WithArticle("SAC"), "SAC");
}

}  // namespace
}  // namespace equipoise::nets
