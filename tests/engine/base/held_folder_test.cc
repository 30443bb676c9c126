#include "engine/base/held_folder.h"

#include <gtest/gtest.h>

#include "engine/base/atomic_file.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

TEST(HeldFolder, IsWrittenToWhereverItsNameLeads) {
  TemporaryFolder root;
  fs::create_directory(root / "a");
  const HeldFolder held = HeldFolder::Open(root / "a").value();
  EXPECT_EQ(held.name(), root / "a");
  fs::rename(root / "a", root / "moved");
  fs::create_directory(root / "a");
  ASSERT_TRUE(WriteFileAtomically(held.path() + "/file", "mine").ok());
  EXPECT_EQ(ReadFile(root / "moved/file").value(), "mine");
  EXPECT_TRUE(fs::is_empty(root / "a"));
  EXPECT_EQ(held.identity(), *IdentityOf(root / "moved"));
  fs::remove_all(root / "moved");
  const Status gone = WriteFileAtomically(held.path() + "/file", "mine");
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(held.Named(gone.error().message), "cannot write " + root / "a/file" + ": No such file or directory");
}

TEST(HeldFolder, WhatIsNoFolderIsAnError) {
  TemporaryFolder root;
  root.Write("file", "x");
  EXPECT_EQ(HeldFolder::Open(root / "absent").error().message, "there is no folder " + root / "absent");
  EXPECT_EQ(HeldFolder::Open(root / "file").error().message, "there is no folder " + root / "file");
}

TEST(HeldFolder, OnlyWholePathsBecomeNames) {
  EXPECT_EQ(WithFolder("/proc/self/fd/7/a and /proc/self/fd/71/b: /proc/self/fd/7", "/proc/self/fd/7", "runs/a"),
            "runs/a/a and /proc/self/fd/71/b: runs/a");
  EXPECT_EQ(WithFolder("text", "", "runs/a"), "text");
}

}  // namespace
}  // namespace equipoise
