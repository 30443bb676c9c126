#include "engine/base/atomic_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/base/interrupt.h"
#include "engine/base/large_file.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise {
namespace {

using testing_support::TemporaryFolder;

// Limits the size of any file this process writes while in scope: a full disk, without filling one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

TEST(AtomicFile, ReadsBackWhatItWrote) {
  TemporaryFolder folder;
  const std::string bytes("a\0b\n\xff", 5);
  ASSERT_TRUE(WriteFileAtomically(folder / "f", bytes).ok());
  EXPECT_EQ(ReadFile(folder / "f").value(), bytes);
}

TEST(AtomicFile, KeepsTheOldFileWhenTheDiskIsFull) {
  TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "f", "old").ok());
  {
    FileSizeLimit limit(1000);
    EXPECT_FALSE(WriteFileAtomically(folder / "f", std::string(5000, 'x')).ok());
  }
  EXPECT_EQ(ReadFile(folder / "f").value(), "old");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++files;
  EXPECT_EQ(files, 1) << "the temporary file was left behind";
}

TEST(LargeFile, IsWrittenInPiecesAndReadBackWhole) {
  TemporaryFolder folder;
  std::string bytes(9'000'001, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 2654435761u >> 13);
  int asked = 0;
  const ScopedInterruptHandler count([&asked] { ++asked; });
  ASSERT_TRUE(WriteLargeFile(folder / "f", bytes).ok());
  EXPECT_GE(asked, 2);
  EXPECT_EQ(ReadFile(folder / "f").value(), bytes);
}

TEST(LargeFile, ThatIsGivenUpLeavesTheOldOneAndNothingElse) {
  TemporaryFolder folder;
  ASSERT_TRUE(WriteLargeFile(folder / "f", "old").ok());
  for (int most = 0; most < 2; ++most) {
    int asked = 0;
    const ScopedInterruptHandler give_up([&] {
      if (asked++ == most) throw Interrupted{};
    });
    EXPECT_THROW((void)WriteLargeFile(folder / "f", std::string(9'000'000, 'x')), Interrupted);
  }
  EXPECT_EQ(ReadFile(folder / "f").value(), "old");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++files;
  EXPECT_EQ(files, 1) << "the temporary file was left behind";
}

TEST(AtomicFile, SaysWhichFileAndWhy) {
  const Status status = WriteFileAtomically("/nonexistent/f", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "cannot write /nonexistent/f: No such file or directory");
  EXPECT_EQ(ReadFile("/nonexistent/f").error().message, "cannot read /nonexistent/f: No such file or directory");
  EXPECT_FALSE(ReadFile("/").ok());
}

TEST(AppendFile, GrowsByWholeRecordsAndCountsThem) {
  TemporaryFolder folder;
  AppendFile file = AppendFile::Open(folder / "log").value();
  ASSERT_TRUE(file.Append("one\n").ok());
  ASSERT_TRUE(file.Append("two\n").ok());
  EXPECT_EQ(file.size(), 8);
  EXPECT_EQ(ReadFile(folder / "log").value(), "one\ntwo\n");
}

TEST(AppendFile, ContinuesAnExistingFile) {
  TemporaryFolder folder;
  const std::string path = folder.Write("log", "one\n");
  AppendFile file = AppendFile::Open(path).value();
  EXPECT_EQ(file.size(), 4);
  ASSERT_TRUE(file.Append("two\n").ok());
  EXPECT_EQ(ReadFile(path).value(), "one\ntwo\n");
}

TEST(AppendFile, CutsBackToTheCheckpoint) {
  TemporaryFolder folder;
  const std::string path = folder.Write("log", "one\ntwo\nthr");
  AppendFile file = AppendFile::Open(path, 4).value();
  ASSERT_TRUE(file.Append("TWO\n").ok());
  EXPECT_EQ(ReadFile(path).value(), "one\nTWO\n");
}

TEST(AppendFile, RefusesAFileThatIsShorterThanTheCheckpointSays) {
  TemporaryFolder folder;
  const std::string path = folder.Write("log", "one\n");
  EXPECT_FALSE(AppendFile::Open(path, 5).ok());
  EXPECT_EQ(ReadFile(path).value(), "one\n");
}

TEST(AppendFile, UndoesARecordThatDidNotFit) {
  TemporaryFolder folder;
  AppendFile file = AppendFile::Open(folder / "log").value();
  {
    FileSizeLimit limit(10);  // the second record starts inside the limit and ends outside
    ASSERT_TRUE(file.Append("one...\n").ok());
    EXPECT_FALSE(file.Append("two...\n").ok());
  }
  EXPECT_EQ(ReadFile(folder / "log").value(), "one...\n");
  EXPECT_EQ(file.size(), 7);
  ASSERT_TRUE(file.Append("three\n").ok()) << "a disk with space again must do";
  EXPECT_EQ(ReadFile(folder / "log").value(), "one...\nthree\n");
}

TEST(AppendFile, AFullDeviceIsAnErrorThatSaysWhatToDo) {
  Result<AppendFile> file = AppendFile::Open("/dev/full");
  if (!file) GTEST_SKIP() << "this system has no /dev/full";
  AppendFile full = std::move(file).value();
  const Status status = full.Append("x\n");
  ASSERT_FALSE(status.ok());
}

}  // namespace
}  // namespace equipoise
