#include "engine/base/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "engine/base/atomic_file.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

OutputRule Rule(bool overwrite, std::vector<std::string> endings = {}) {
  OutputRule rule;
  rule.overwrite = overwrite;
  rule.endings = std::move(endings);
  return rule;
}

std::string Problem(const Status& status) { return status ? "" : status.error().message; }
std::string Problem(const Result<OutputFile>& file) { return file ? "" : file.error().message; }
std::string Text(const std::string& path) { return ReadFile(path).value(); }

class OutputFileTest : public ::testing::Test {
 protected:
  int Entries() const {
    return static_cast<int>(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }
  TemporaryFolder folder_;
};

TEST_F(OutputFileTest, RefusesWhatExistsUnlessItIsToBeReplaced) {
  const std::string path = folder_.Write("a b.csv", "mine");
  EXPECT_EQ(Problem(WriteOutput(path, "new", Rule(false))), path + " exists; name another file, or add --overwrite");
  EXPECT_EQ(Text(path), "mine");
  ASSERT_EQ(Problem(WriteOutput(path, "new", Rule(true))), "");
  EXPECT_EQ(Text(path), "new");
  EXPECT_EQ(Entries(), 1) << "nothing is left beside it";
}

TEST_F(OutputFileTest, MakesTheFoldersThatAreMissing) {
  ASSERT_EQ(Problem(WriteOutput(folder_ / "x/y/z.svg", "s", Rule(false))), "");
  EXPECT_EQ(Text(folder_ / "x/y/z.svg"), "s");
  EXPECT_NE(Problem(WriteOutput(folder_ / "x/y/z.svg/a.svg", "s", Rule(true))), "") << "a file is no folder";
}

TEST_F(OutputFileTest, WhatAppearsMeanwhileIsNotReplacedEither) {
  const std::string path = folder_ / "a.csv";
  OutputFile file = OutputFile::At(path, Rule(false)).value();
  folder_.Write("a.csv", "quicker");
  EXPECT_NE(Problem(file.Write("new")).find("exists since a moment ago"), std::string::npos);
  EXPECT_EQ(Text(path), "quicker");
}

TEST_F(OutputFileTest, ALinkStaysAndItsTargetIsReplaced) {
  fs::create_directory(folder_ / "data");
  const std::string target = folder_.Write("data/real.csv", "old");
  fs::create_symlink("data/real.csv", folder_ / "link.csv");
  fs::create_symlink("link.csv", folder_ / "link to link.csv");
  EXPECT_NE(Problem(WriteOutput(folder_ / "link.csv", "new", Rule(false))), "");
  ASSERT_EQ(Problem(WriteOutput(folder_ / "link to link.csv", "new", Rule(true))), "");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.csv"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link to link.csv"));
  EXPECT_FALSE(fs::is_symlink(target));
  EXPECT_EQ(Text(target), "new");
}

TEST_F(OutputFileTest, ALinkToNothingMakesItsTargetAndACircleIsAnError) {
  fs::create_symlink("later/real.csv", folder_ / "link.csv");
  ASSERT_EQ(Problem(WriteOutput(folder_ / "link.csv", "new", Rule(false))), "");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.csv"));
  EXPECT_EQ(Text(folder_ / "later/real.csv"), "new");
  fs::create_symlink("b", folder_ / "a");
  fs::create_symlink("a", folder_ / "b");
  EXPECT_NE(Problem(WriteOutput(folder_ / "a", "new", Rule(true))).find("symbolic links"), std::string::npos);
}

TEST_F(OutputFileTest, DevicesAreWrittenToAndStayDevices) {
  for (const char* overwrite : {"", "yes"}) {
    ASSERT_EQ(Problem(WriteOutput("/dev/null", "x", Rule(*overwrite != '\0', {".csv"}))), "") << "no ending, no matter";
    struct stat info {};
    ASSERT_EQ(::stat("/dev/null", &info), 0);
    EXPECT_TRUE(S_ISCHR(info.st_mode));
  }
  fs::create_symlink("/dev/null", folder_ / "nowhere.csv");
  ASSERT_EQ(Problem(WriteOutput(folder_ / "nowhere.csv", "x", Rule(true))), "");
  EXPECT_EQ(fs::read_symlink(folder_ / "nowhere.csv"), "/dev/null");
  EXPECT_EQ(Problem(WriteOutput("/dev/full", "x", Rule(false))),
            "cannot write /dev/full: No space left on device; free some space and try again");
}

TEST_F(OutputFileTest, ANamedPipeGetsItAll) {
  const std::string path = folder_ / "pipe.svg";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string sent(300000, 'x');  // more than a pipe holds
  std::string got;
  std::thread reader([&] { got = ReadFile(path).value(); });
  const std::string problem = Problem(WriteOutput(path, sent, Rule(true)));
  reader.join();
  EXPECT_EQ(problem, "");
  EXPECT_EQ(got, sent);
  EXPECT_TRUE(fs::is_fifo(path));
}

TEST_F(OutputFileTest, ADescriptorIsWrittenWhereItStands) {
  const std::string path = folder_.Write("log", "");
  const int fd = ::open(path.c_str(), O_WRONLY);
  ASSERT_EQ(::write(fd, "before ", 7), 7);
  for (const std::string list : {"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"}) {
    const std::string name = list + std::to_string(fd);
    EXPECT_EQ(Problem(WriteOutput(name, "x", Rule(false, {".csv"}))), "") << name;
  }
  const int reading = ::open(path.c_str(), O_RDONLY);
  EXPECT_NE(Problem(WriteOutput("/dev/fd/" + std::to_string(reading), "y", Rule(true))).find("not open for writing"),
            std::string::npos);
  ::close(reading);
  ::close(fd);
  EXPECT_EQ(Text(path), "before xxx");
  EXPECT_NE(Problem(WriteOutput("/dev/fd/" + std::to_string(fd), "z", Rule(true))), "") << "closed";
  EXPECT_TRUE(OutputFile::At("-", Rule(false)).value().is_standard_output());
  EXPECT_TRUE(OutputFile::At("/dev/stdout", Rule(false)).value().is_standard_output());
  EXPECT_FALSE(OutputFile::At("/dev/null", Rule(false)).value().is_standard_output());
}

TEST_F(OutputFileTest, TheEndingNamesTheFormat) {
  const std::string path = folder_ / "curves.pdf";
  EXPECT_EQ(Problem(OutputFile::At(path, Rule(true, {".svg"}))),
            path + ": the ending names the format, and here it must be .svg");
  EXPECT_EQ(Problem(OutputFile::At(folder_ / "steps", Rule(true, {".jsonl", ".ndjson"}))),
            folder_ / "steps: the ending names the format, and here it must be one of .jsonl, .ndjson");
  EXPECT_EQ(Problem(OutputFile::At(folder_ / "CURVES.SVG", Rule(true, {".svg"}))), "");
  EXPECT_NE(Problem(OutputFile::At(folder_ / ".svg", Rule(true, {".svg"}))), "") << "a hidden file without an ending";
}

TEST_F(OutputFileTest, RefusesFoldersAndEmptyNames) {
  EXPECT_NE(Problem(OutputFile::At(folder_.path(), Rule(true))).find("is a folder"), std::string::npos);
  EXPECT_NE(Problem(OutputFile::At(folder_.path() + "/", Rule(true))).find("is a folder"), std::string::npos);
  EXPECT_NE(Problem(OutputFile::At(folder_ / "..", Rule(true))).find("is a folder"), std::string::npos);
  EXPECT_NE(Problem(OutputFile::At("", Rule(true))), "");
}

TEST_F(OutputFileTest, TheFilesOfARunAreNotReplacedExceptItsPictures) {
  folder_.Write("run.json", "{}");
  const std::string table = folder_.Write("progress.csv", "1"), picture = folder_.Write("dashboard.png", "p");
  EXPECT_NE(Problem(WriteOutput(table, "2", Rule(true))).find("belongs to the run in"), std::string::npos);
  EXPECT_NE(Problem(WriteOutput(folder_ / "run.json", "2", Rule(true))), "");
  fs::create_directory(folder_ / "elsewhere");
  fs::create_symlink("../progress.csv", folder_ / "elsewhere/innocent.csv");
  EXPECT_NE(Problem(WriteOutput(folder_ / "elsewhere/innocent.csv", "2", Rule(true))), "") << "by a link";
  EXPECT_EQ(Text(table), "1");
  EXPECT_EQ(Problem(WriteOutput(picture, "q", Rule(true))), "");
  EXPECT_EQ(Text(picture), "q");
}

TEST_F(OutputFileTest, AReplacedFileKeepsItsPermissions) {
  const std::string path = folder_.Write("private.csv", "old");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  ASSERT_EQ(Problem(WriteOutput(path, "new", Rule(true))), "");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(OutputFileTest, ALongWrittenFileGetsItsNameAtTheEnd) {
  const std::string path = folder_.Write("film.mp4", "old");
  OutputRule rule = Rule(true, {".mp4"});
  rule.streams = false;
  EXPECT_NE(Problem(OutputFile::At("-", rule)), "");
  EXPECT_NE(Problem(OutputFile::At("/dev/null", rule)), "");
  {
    OutputFile film = OutputFile::At(path, rule).value();
    const std::string unfinished = film.Begin().value();
    EXPECT_NE(unfinished, path);
    EXPECT_EQ(fs::path(unfinished).extension(), ".mp4") << "encoders go by the ending";
    EXPECT_FALSE(fs::exists(unfinished));
    ASSERT_TRUE(WriteFileAtomically(unfinished, "half"));
    EXPECT_EQ(Text(path), "old");
  }
  EXPECT_EQ(Text(path), "old") << "given up";
  EXPECT_EQ(Entries(), 1);
  OutputFile film = OutputFile::At(path, rule).value();
  ASSERT_TRUE(WriteFileAtomically(film.Begin().value(), "whole"));
  ASSERT_EQ(Problem(film.Finish()), "");
  EXPECT_EQ(Text(path), "whole");
  EXPECT_EQ(Entries(), 1);
}

TEST_F(OutputFileTest, ANameOfTheGreatestLengthCanBeWritten) {
  const std::string path = folder_ / (std::string(251, 'n') + ".csv");
  ASSERT_EQ(Problem(WriteOutput(path, "x", Rule(false))), "");
  EXPECT_EQ(Text(path), "x");
  EXPECT_NE(Problem(WriteOutput(folder_ / (std::string(252, 'n') + ".csv"), "x", Rule(false))), "");
  EXPECT_EQ(Entries(), 1);
}

}  // namespace
}  // namespace equipoise
