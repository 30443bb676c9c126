#include "engine/store/replay_file.h"

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"

namespace equipoise::store {
namespace {

using testing_support::TemporaryFolder;

const std::vector<std::string> kBlocks = {"first...", "second..", "third..."};

std::string Fill(const TemporaryFolder& folder) {
  ReplayFile file = ReplayFile::Create(folder / "replay.bin", 8).value();
  for (const std::string& block : kBlocks) EXPECT_TRUE(file.Append(block).ok());
  EXPECT_EQ(file.blocks(), 3);
  return folder / "replay.bin";
}

TEST(ReplayFile, ReadsBackItsBlocks) {
  TemporaryFolder folder;
  const std::string path = Fill(folder);
  EXPECT_EQ(ReplayFile::ReadAll(path, 8, 3).value(), kBlocks);
  EXPECT_EQ(ReplayFile::ReadAll(path, 8, 1).value(), (std::vector<std::string>{"first..."}));
}

TEST(ReplayFile, ForgetsBlocksThatTheCheckpointDoesNotKnow) {
  TemporaryFolder folder;
  const std::string path = Fill(folder);
  ReplayFile file = ReplayFile::Open(path, 8, 1).value();
  ASSERT_TRUE(file.Append("second'.").ok());
  EXPECT_EQ(file.blocks(), 2);
  EXPECT_EQ(ReplayFile::ReadAll(path, 8, 2).value(), (std::vector<std::string>{"first...", "second'."}));
  EXPECT_FALSE(ReplayFile::ReadAll(path, 8, 3).ok());
}

TEST(ReplayFile, NoticesEveryDamagedBit) {
  TemporaryFolder folder;
  const std::string path = Fill(folder);
  std::string bytes = ReadFile(path).value();
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    folder.Write("damaged", damaged);
    EXPECT_FALSE(ReplayFile::ReadAll(folder / "damaged", 8, 3).ok()) << bit;
  }
}

TEST(ReplayFile, RefusesBlocksOfAnotherSizeAndShortFiles) {
  TemporaryFolder folder;
  const std::string path = Fill(folder);
  EXPECT_NE(ReplayFile::Open(path, 12, 3).error().message.find("episodes of 8 bytes, but this task's have 12"),
            std::string::npos);
  EXPECT_FALSE(ReplayFile::Open(path, 8, 4).ok());
  EXPECT_FALSE(ReplayFile::Open(folder / "absent", 8, 0).ok());
  EXPECT_EQ(ReplayFile::ReadAll(path, 8, 3).value(), kBlocks) << "a refused file must stay as it was";
}

}  // namespace
}  // namespace equipoise::store
