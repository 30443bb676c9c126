#include "engine/base/output_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "engine/base/atomic_file.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

class OutputFolderTest : public ::testing::Test {
 protected:
  // What is said of writing one file into the folder; "" when it was done.
  std::string Fill(const std::string& path, bool overwrite, const std::string& file, const std::string& text) {
    OutputFolderRule rule;
    rule.overwrite = overwrite;
    rule.keep = keep_;
    Result<OutputFolder> at = OutputFolder::At(path, rule);
    if (!at) return at.error().message;
    OutputFolder out = std::move(at).value();
    const Result<std::string> begun = out.Begin();
    if (!begun) return begun.error().message;
    if (Status written = WriteFileAtomically(begun.value() + "/" + file, text); !written)
      return written.error().message;
    const Status finished = out.Finish();
    return finished ? "" : finished.error().message;
  }
  static std::set<std::string> Names(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
    return names;
  }
  TemporaryFolder folder_;
  std::vector<std::string> keep_;
};

TEST_F(OutputFolderTest, ReplacesWhatItWroteAndOnlyWhenAsked) {
  const std::string path = folder_ / "new/frames of it";
  ASSERT_EQ(Fill(path, false, "1.png", "a"), "");
  EXPECT_EQ(Names(path), (std::set<std::string>{"1.png", kMarkFile}));
  EXPECT_EQ(Fill(path, false, "2.png", "b"), path + " exists; name another folder, or add --overwrite");
  ASSERT_EQ(Fill(path + "/", true, "2.png", "b"), "");
  EXPECT_EQ(Names(path), (std::set<std::string>{"2.png", kMarkFile})) << "the old ones are gone";
  EXPECT_EQ(Names(folder_ / "new").size(), 1u) << "nothing is left beside it";
}

TEST_F(OutputFolderTest, AFolderWithAnythingElseIsRefusedAndStays) {
  const std::string path = folder_ / "frames";
  ASSERT_EQ(Fill(path, false, "1.png", "a"), "");
  folder_.Write("frames/thesis.txt", "years of work");
  EXPECT_EQ(Fill(path, true, "2.png", "b"),
            path + " exists and holds thesis.txt, which Equipoise did not write there; name another folder");
  EXPECT_EQ(Names(path), (std::set<std::string>{"1.png", "thesis.txt", kMarkFile}));
  fs::remove(path + "/thesis.txt");
  fs::create_directory(path + "/mine");
  EXPECT_NE(Fill(path, true, "2.png", "b"), "") << "a folder in it, though empty";
  fs::remove(path + "/mine");
  fs::remove(path + "/1.png");
  fs::create_directory(path + "/1.png");
  EXPECT_NE(Fill(path, true, "2.png", "b"), "") << "a folder under a name of ours";
  fs::remove(path + "/1.png");
  EXPECT_EQ(Fill(path, true, "2.png", "b"), "") << "a file less is no loss";
}

TEST_F(OutputFolderTest, AFolderWithoutTheMarkIsRefusedAndAnEmptyOneIsTaken) {
  fs::create_directory(folder_ / "d");
  ASSERT_EQ(::chmod((folder_ / "d").c_str(), 0700), 0);
  EXPECT_EQ(Fill(folder_ / "d", false, "1.png", "a"), "");
  struct stat info {};
  ASSERT_EQ(::stat((folder_ / "d").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u) << "as private as it was";
  fs::remove(folder_ / ("d/" + std::string(kMarkFile)));
  EXPECT_NE(Fill(folder_ / "d", true, "1.png", "b"), "");
  folder_.Write("d/" + std::string(kMarkFile), "1.png\n");
  EXPECT_NE(Fill(folder_ / "d", true, "1.png", "b"), "") << "a mark that is not ours";
  EXPECT_EQ(ReadFile(folder_ / "d/1.png").value(), "a");
}

TEST_F(OutputFolderTest, NeverReplacesTheRunNorWhatHoldsIt) {
  ASSERT_EQ(Fill(folder_ / "out", false, "run.json", "{}"), "");  // even with a mark that names all
  keep_ = {folder_ / "out"};
  fs::create_symlink("out", folder_ / "link");
  for (const char* name : {"out", "out/.", "out/../out", "link"}) {
    EXPECT_NE(Fill(folder_ / name, true, "1.png", "a").find(" is the run "), std::string::npos) << name;
  }
  fs::create_directory(folder_ / "out/run");
  keep_ = {folder_ / "out/run"};
  EXPECT_NE(Fill(folder_ / "out", true, "1.png", "a").find(" holds the run "), std::string::npos);
  EXPECT_EQ(ReadFile(folder_ / "out/run.json").value(), "{}");
  EXPECT_EQ(Fill(folder_ / "out/run/export/frames", false, "1.png", "a"), "") << "below the run is fine";
}

TEST_F(OutputFolderTest, NeverReplacesTheWorkingDirectory) {
  const std::string path = folder_ / "frames";
  ASSERT_EQ(Fill(path, false, "1.png", "a"), "");
  const fs::path before = fs::current_path();
  fs::current_path(path);
  const std::string here = Fill(".", true, "2.png", "b"), named = Fill(path, true, "2.png", "b"),
                    root = Fill("/", true, "x", "y");
  fs::current_path(before);
  for (const std::string& said : {here, named, root})
    EXPECT_NE(said.find("is the working directory or holds it"), std::string::npos) << said;
  EXPECT_EQ(Names(path), (std::set<std::string>{"1.png", kMarkFile}));
}

TEST_F(OutputFolderTest, TheOldOneGoesOnlyWhenTheNewOneIsWhole) {
  const std::string path = folder_ / "evidence";
  ASSERT_EQ(Fill(path, false, "1.csv", "old"), "");
  {
    OutputFolderRule rule;
    rule.overwrite = true;
    OutputFolder out = OutputFolder::At(path, rule).value();
    const std::string unfinished = out.Begin().value();
    ASSERT_TRUE(WriteFileAtomically(unfinished + "/1.csv", "half"));
    EXPECT_EQ(ReadFile(path + "/1.csv").value(), "old");
  }
  EXPECT_EQ(ReadFile(path + "/1.csv").value(), "old") << "given up";
  EXPECT_EQ(Names(folder_.path()), std::set<std::string>{"evidence"});
}

TEST_F(OutputFolderTest, WhatComesIntoTheOldOneMeanwhileStays) {
  const std::string path = folder_ / "frames";
  ASSERT_EQ(Fill(path, false, "1.png", "a"), "");
  OutputFolderRule rule;
  rule.overwrite = true;
  OutputFolder out = OutputFolder::At(path, rule).value();
  ASSERT_TRUE(WriteFileAtomically(out.Begin().value() + "/2.png", "b"));
  folder_.Write("frames/mine.txt", "x");
  const Status finished = out.Finish();
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().message.find("holds mine.txt"), std::string::npos) << finished.error().message;
  EXPECT_EQ(Names(path), (std::set<std::string>{"1.png", "mine.txt", kMarkFile}));
}

TEST_F(OutputFolderTest, ALinkToAFolderStaysALink) {
  ASSERT_EQ(Fill(folder_ / "real", false, "1.png", "a"), "");
  fs::create_symlink("real", folder_ / "link");
  ASSERT_EQ(Fill(folder_ / "link", true, "2.png", "b"), "");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(Names(folder_ / "real"), (std::set<std::string>{"2.png", kMarkFile}));
  fs::create_symlink("absent", folder_ / "dangling");
  EXPECT_NE(Fill(folder_ / "dangling", true, "2.png", "b").find("a link to nothing"), std::string::npos);
}

TEST_F(OutputFolderTest, APlaceThatCannotBeSwappedIsRefusedBeforeTheWork) {
  struct stat mounted {
  }, above{};
  if (::stat("/dev/shm", &mounted) != 0 || ::stat("/dev", &above) != 0 || mounted.st_dev == above.st_dev)
    GTEST_SKIP() << "no file system is mounted there";
  const std::string said = Fill("/dev/shm", true, "1.png", "a");
  EXPECT_NE(said.find("/dev/shm is where a file system is mounted"), std::string::npos) << said;
}

TEST_F(OutputFolderTest, RefusesFilesAndStandardOutput) {
  const std::string file = folder_.Write("file", "x");
  EXPECT_NE(Fill(file, true, "1.png", "a").find("is not a folder"), std::string::npos);
  EXPECT_NE(Fill("-", true, "1.png", "a").find("several files need a folder"), std::string::npos);
  EXPECT_NE(Fill("", true, "1.png", "a"), "");
  EXPECT_EQ(ReadFile(file).value(), "x");
}

}  // namespace
}  // namespace equipoise
