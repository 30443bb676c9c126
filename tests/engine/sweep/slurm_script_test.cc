// The scripts that a sweep is submitted with.
#include "engine/sweep/slurm_script.h"

#include <gtest/gtest.h>

namespace equipoise::sweep {
namespace {

TEST(SlurmScripts, IndicesAreRanges) {
  EXPECT_EQ(RangesOf({0, 1, 2, 3, 7, 9, 10}), "0-3,7,9-10");
  EXPECT_EQ(RangesOf({5}), "5");
}

// An array that reaches beyond the cluster's limit is refused whole.
TEST(SlurmScripts, ALongManifestIsSeveralArraysWhoseIndicesAreTheLinesLessAnOffset) {
  SlurmOrder order;
  order.name = "table1";
  order.folder = "/data/my sweeps/100% mine";
  order.program = "/opt/it's/equipoise";
  order.wishes.at_once = 8;
  order.wishes.options = {"--account=lab"};
  order.array_size = 1000;
  for (const size_t line : {3, 4, 5, 999, 1000, 2500}) order.lines.push_back(line);
  const auto arrays = ArraysOf(order);
  ASSERT_TRUE(arrays.ok()) << arrays.error().message;
  ASSERT_EQ(arrays.value().size(), 3u);
  const std::string& script = arrays.value()[0].script;
  const auto has = [](const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
  };
  EXPECT_TRUE(has(script, "#SBATCH --array=3-5,999%8\n")) << script;
  EXPECT_TRUE(has(script, "line=$((0 + SLURM_ARRAY_TASK_ID))"));
  EXPECT_TRUE(
      has(script, "srun --mpi=none '/opt/it'\\''s/equipoise' sweep '/data/my sweeps/100% mine' --line \"$line\""));
  EXPECT_TRUE(has(script, "#SBATCH --output=\"/data/my sweeps/100%% mine/slurm/%A_%a.txt\"\n"));
  EXPECT_TRUE(has(script, "#SBATCH --account=lab\n"));
  EXPECT_TRUE(has(arrays.value()[1].script, "#SBATCH --array=0%8\n"));
  EXPECT_TRUE(has(arrays.value()[1].script, "line=$((1000 + SLURM_ARRAY_TASK_ID))"));
  EXPECT_TRUE(has(arrays.value()[2].script, "#SBATCH --array=500%8\n"));
  EXPECT_TRUE(has(ReportScript(order), "report '/data/my sweeps/100% mine' --overwrite"));
  order.folder = "/data/\"x\"";
  EXPECT_FALSE(ArraysOf(order).ok());
}

}  // namespace
}  // namespace equipoise::sweep
