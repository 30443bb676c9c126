// `equipoise export` and `screenshot` as processes: what they write, and what they must leave alone.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "engine/base/output_folder.h"
#include "tests/shell.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;
using testing_support::Shell;
using testing_support::ShellOutcome;

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Every file below a folder with its content, but for those that a reader may make.
std::map<std::string, std::string> Contents(const std::string& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    contents[entry.path().string()] = entry.is_regular_file() ? Shell::Text(entry.path().string()) : "";
  return contents;
}

class ExportCommand : public ::testing::Test {
 protected:
  // One run for all of them, which no command may change.
  static void SetUpTestSuite() {
    made_ = new Shell;
    const ShellOutcome trained = made_->Run("equipoise train --episodes 4 --seed 5 --out 'runs/my run'" +
                                            std::string(testing_support::kTinyRun));
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
  static void TearDownTestSuite() { delete made_; }

  void SetUp() override { fs::copy(made_->folder() / "runs", Path("runs"), fs::copy_options::recursive); }
  std::string Path(const std::string& name) const { return shell_.folder() / name; }
  std::string Text(const std::string& name) const { return Shell::Text(Path(name)); }
  // `equipoise export --run 'runs/my run' <arguments>`
  ShellOutcome Export(const std::string& arguments) const {
    return shell_.Run("equipoise export --run 'runs/my run' " + arguments);
  }
  // A folder of programs that come before the installed ones.
  void FakeEncoder(const std::string& script) const {
    fs::create_directory(Path("bin"));
    shell_.folder().Write("bin/ffmpeg", "#!/bin/bash\nfor last; do :; done\n" + script);
    ::chmod(Path("bin/ffmpeg").c_str(), 0755);
  }

  static Shell* made_;
  Shell shell_;
};
Shell* ExportCommand::made_ = nullptr;

TEST_F(ExportCommand, OverwriteDeletesNothingThatItDidNotWrite) {
  fs::create_directory(Path("mine"));
  shell_.folder().Write("mine/thesis.txt", "years of work");
  const auto before = Contents(shell_.folder().path());
  const std::pair<const char*, const char*> cases[] = {
      {"--of scene --frames mine --overwrite", "mine exists and holds thesis.txt"},
      {"--bundle mine --overwrite", "mine exists and holds thesis.txt"},
      {"--bundle runs --overwrite", "runs holds the run runs/my run"},
      {"--of scene --frames runs/ --overwrite", "runs holds the run"},
      {"--bundle 'runs/my run' --overwrite", "is the run runs/my run"},
      {"--bundle 'runs/my run/checkpoints' --overwrite", "which Equipoise did not write there"},
      {"--bundle . --overwrite", "is the working directory or holds it"},
      {"--of scene --frames .. --overwrite", "is the working directory or holds it"},
      {"--of scene --frames / --overwrite", "is the working directory or holds it"},
      {"--of scene --video mine --overwrite", "mine is a folder"},
      {"--csv 'runs/my run/progress.csv' --of curves --overwrite", "belongs to the run in"},
      {"--of scene --frames mine/thesis.txt --overwrite", "exists and is not a folder"},
  };
  for (const auto& [arguments, said] : cases) {
    const ShellOutcome outcome = Export(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments << outcome.err;
    EXPECT_TRUE(Has(outcome.err, said)) << arguments << ": " << outcome.err;
    EXPECT_EQ(Contents(shell_.folder().path()), before) << arguments;
  }
  const ShellOutcome inside = shell_.Run("cd 'runs/my run' && equipoise export --run . --bundle .. --overwrite");
  EXPECT_EQ(inside.code, 2) << inside.err;
  EXPECT_EQ(Contents(shell_.folder().path()), before);
}

TEST_F(ExportCommand, AFolderThatItWroteIsReplacedWhenAsked) {
  const std::string frames = "--of scene --width 200 --height 150 --frames 'the frames' ";
  const ShellOutcome first = Export(frames + "--fps 20");
  ASSERT_EQ(first.code, 0) << first.err;
  const size_t many = Contents(Path("the frames")).size();
  const ShellOutcome again = Export(frames + "--fps 5");
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(Has(again.err, "the frames exists; name another folder, or add --overwrite")) << again.err;
  EXPECT_EQ(Contents(Path("the frames")).size(), many);
  ASSERT_EQ(Export(frames + "--fps 5 --overwrite").code, 0);
  const size_t few = Contents(Path("the frames")).size();
  EXPECT_LT(few, many) << "no frame of the old film is left among the new ones";
  EXPECT_GT(few, 2u);
  EXPECT_TRUE(fs::exists(Path("the frames/") + kMarkFile));
  ASSERT_EQ(Export("--bundle evidence").code, 0);
  EXPECT_EQ(Export("--bundle evidence").code, 2);
  EXPECT_EQ(Export("--bundle evidence --overwrite").code, 0);
  shell_.folder().Write("evidence/notes.txt", "mine");
  EXPECT_EQ(Export("--bundle evidence --overwrite").code, 2);
  EXPECT_EQ(Text("evidence/notes.txt"), "mine");
}

TEST_F(ExportCommand, FilesAreRefusedWhereSomethingIs) {
  for (const std::string kind : {"png", "svg", "csv"}) {
    const std::string name = "x." + kind;
    shell_.folder().Write(name, "mine");
    const ShellOutcome refused = Export("--of check --" + kind + " " + name);
    EXPECT_EQ(refused.code, 2);
    EXPECT_TRUE(Has(refused.err, name + " exists; name another file, or add --overwrite")) << refused.err;
    EXPECT_EQ(Text(name), "mine");
    EXPECT_EQ(Export("--of check --overwrite --" + kind + " " + name).code, 0);
    EXPECT_NE(Text(name), "mine");
    EXPECT_TRUE(Has(Export("--of check --" + kind + " y.txt").err, "here it must be ." + kind)) << kind;
    EXPECT_EQ(Export("--of check --" + kind + " ''").code, 1) << "an empty variable of a script";
  }
  const ShellOutcome shot = shell_.Run("equipoise screenshot --run 'runs/my run' --out x.png --width 400 --height 300");
  EXPECT_EQ(shot.code, 2) << shot.err;
  EXPECT_EQ(
      shell_.Run("equipoise screenshot --run 'runs/my run' --out x.png --overwrite --width 400 --height 300").code, 0);
  EXPECT_TRUE(Has(shell_.Run("equipoise screenshot --run 'runs/my run' --out x.jpg").err, "here it must be .png"));
  EXPECT_FALSE(fs::exists(Path("y.txt")));
}

TEST_F(ExportCommand, NothingIsWrittenWhenOneOfThePlacesIsRefused) {
  shell_.folder().Write("x.png", "mine");
  EXPECT_EQ(Export("--of check --csv new.csv --svg new.svg --png x.png").code, 2);
  EXPECT_FALSE(fs::exists(Path("new.csv")));
  EXPECT_FALSE(fs::exists(Path("new.svg")));
}

TEST_F(ExportCommand, DevicesPipesAndLinksStayWhatTheyAre) {
  ASSERT_EQ(Export("--of check --csv check.csv").code, 0);
  const std::string table = Text("check.csv");
  EXPECT_EQ(Export("--of check --csv -").out, table) << "and nothing else";
  EXPECT_EQ(Export("--of check --csv /dev/stdout").out, table);
  EXPECT_EQ(Export("--of check --csv /proc/self/fd/1").out, table);
  EXPECT_EQ(
      shell_.Run("{ echo before; equipoise export --run 'runs/my run' --of check --csv /dev/stdout; } >both").code, 0);
  EXPECT_EQ(Text("both"), "before\n" + table) << "goes on where it stood";
  EXPECT_EQ(Export("--of check --csv /dev/fd/7 7>seven").code, 0);
  EXPECT_EQ(Text("seven"), table);
  EXPECT_EQ(shell_.Run("mkfifo p; cat p >got & equipoise export --run 'runs/my run' --of check --csv p; wait").code, 0);
  EXPECT_EQ(Text("got"), table);
  EXPECT_TRUE(fs::is_fifo(Path("p")));
  EXPECT_EQ(Export("--of check --svg /dev/null --png /dev/null --csv /dev/null --overwrite").code, 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const ShellOutcome full = Export("--of check --csv /dev/full");
  EXPECT_EQ(full.code, 2);
  EXPECT_TRUE(Has(full.err, "No space left on device")) << full.err;
  ASSERT_EQ(shell_.Run("mkdir data; mv check.csv data/; ln -s data/check.csv link.csv; echo old >data/check.csv").code,
            0);
  EXPECT_EQ(Export("--of check --csv link.csv").code, 2);
  EXPECT_EQ(Export("--of check --csv link.csv --overwrite").code, 0);
  EXPECT_TRUE(fs::is_symlink(Path("link.csv")));
  EXPECT_EQ(Text("data/check.csv"), table);
}

TEST_F(ExportCommand, AStreamGetsOneTableAndSaysSo) {
  const ShellOutcome window = Export("--csv -");
  EXPECT_EQ(window.code, 0) << window.err;
  EXPECT_EQ(window.out.rfind("episode,pick,reason", 0), 0u) << window.out.substr(0, 60);
  EXPECT_TRUE(Has(window.err, "- gets \"episodes\" alone")) << window.err;
  EXPECT_EQ(Export("--of curves --svg -").out.rfind("<svg", 0), 0u);
  const ShellOutcome two = Export("--of check --csv - --svg /dev/stdout");
  EXPECT_EQ(two.code, 1);
  EXPECT_TRUE(Has(two.err, "can go to standard output, not 2")) << two.err;
  EXPECT_EQ(two.out, "");
  const ShellOutcome both = Export("--of check --csv - --svg check.svg");
  EXPECT_EQ(both.out.rfind("mask,delta", 0), 0u);
  EXPECT_TRUE(Has(both.err, "check.svg")) << "what was written is told beside the table";
  for (const char* folder : {"--of scene --frames -", "--bundle -"})
    EXPECT_TRUE(Has(Export(folder).err, "several files need a folder")) << folder;
  EXPECT_TRUE(Has(Export("--of scene --video -").err, "cannot be written piece by piece"));
}

TEST_F(ExportCommand, AnEpisodeOrARangeThatTheRunDoesNotHaveIsAnError) {
  const std::pair<const char*, const char*> cases[] = {
      {"--episode 99 --of check --csv x.csv", "has no episode 99; its episodes are -1 to 4"},
      {"--episode 99 --bundle b", "has no episode 99"},
      {"--episode -5 --png x.png", "has no episode -5"},
      {"--episodes 90:95 --of curves --csv x.csv", "has no episode from 90 to 95; its episodes are -1 to 4"},
      {"--episodes 90:95 --bundle b", "has no episode from 90 to 95"},
      {"--episodes 4:2 --csv x.csv", "write it as first:last"},
      {"--episodes '' --csv x.csv", "write it as first:last"},
      {"--episodes 3 --csv x.csv", "write it as first:last"},
      {"--episodes 1:99999999999 --csv x.csv", "write it as first:last"},
  };
  for (const auto& [arguments, said] : cases) {
    const ShellOutcome outcome = Export(arguments);
    EXPECT_EQ(outcome.code, 1) << arguments;
    EXPECT_TRUE(Has(outcome.err, said)) << arguments << ": " << outcome.err;
  }
  EXPECT_FALSE(fs::exists(Path("x.csv")) || fs::exists(Path("x.png")) || fs::exists(Path("b")));
  const ShellOutcome some = Export("--episodes 0:2 --of curves --csv -");
  EXPECT_EQ(some.code, 0) << some.err;
  EXPECT_EQ(std::count(some.out.begin(), some.out.end(), '\n'), 4) << "the header, a random one and two";
  EXPECT_EQ(Export("--episode 2 --of check --csv -").code, 0);
}

TEST_F(ExportCommand, AFilmThatIsKilledLeavesNothingThatLooksWhole) {
  const std::string film = "--of scene --width 200 --height 150 --video hop.mp4";
  FakeEncoder("head -c 200000 >\"$last\"\nkill -9 $$\n");
  const ShellOutcome died = shell_.Run("PATH=\"$PWD/bin:$PATH\"; equipoise export --run 'runs/my run' " + film);
  EXPECT_EQ(died.code, 2) << died.err;
  EXPECT_FALSE(fs::exists(Path("hop.mp4")));
  for (const auto& entry : fs::directory_iterator(shell_.folder().path()))
    EXPECT_TRUE(entry.path().filename() == "bin" || entry.path().filename() == "runs") << entry.path();
  // The program itself is killed, while the encoder holds half of the film.
  FakeEncoder("head -c 200000 >\"$last\"\necho >half\nexec sleep 100\n");
  const ShellOutcome killed =
      shell_.Run("PATH=\"$PWD/bin:$PATH\"; set -m; equipoise export --run 'runs/my run' " + film +
                 " & until [ -e half ]; do kill -0 $! || exit 99; sleep 0.02; done; kill -KILL -- -$!; wait $!");
  EXPECT_EQ(killed.code, 137) << killed.err;
  EXPECT_TRUE(fs::exists(Path("half")));
  EXPECT_FALSE(fs::exists(Path("hop.mp4")));
  // And one that ends well is there, under its name alone; an older one stays until then.
  shell_.folder().Write("hop.mp4", "old");
  FakeEncoder("cat >\"$last\"\ncp hop.mp4 meanwhile\n");
  EXPECT_EQ(shell_.Run("PATH=\"$PWD/bin:$PATH\"; equipoise export --run 'runs/my run' " + film).code, 2);
  EXPECT_EQ(shell_.Run("PATH=\"$PWD/bin:$PATH\"; equipoise export --overwrite --run 'runs/my run' " + film).code, 0);
  EXPECT_EQ(Text("meanwhile"), "old");
  EXPECT_EQ(fs::file_size(Path("hop.mp4")) % (200 * 150 * 3), 0u);
}

TEST_F(ExportCommand, CtrlCLeavesNothingOfAFilm) {
  FakeEncoder("head -c 100000 >\"$last\"\necho >half\nexec sleep 100\n");
  for (const char* target : {"--video hop.mp4", "--frames hop"}) {
    // As a terminal does it: the encoder hears it too. The frames have no encoder that says how far it is.
    const ShellOutcome stopped =
        shell_.Run("PATH=\"$PWD/bin:$PATH\"; set -m; equipoise export --run 'runs/my run' --of scene --fps 240 " +
                   std::string(target) +
                   " & until [ -e half ] || [ -e hop.equipoise-part-*/frame-00001.png ]; do kill -0 $! || exit 99; "
                   "sleep 0.02; done; kill "
                   "-INT -- -$!; wait $!");
    EXPECT_EQ(stopped.code, 130) << target << stopped.err;
    fs::remove(Path("half"));
    for (const auto& entry : fs::directory_iterator(shell_.folder().path()))
      EXPECT_TRUE(entry.path().filename() == "bin" || entry.path().filename() == "runs") << entry.path();
  }
}

}  // namespace
}  // namespace equipoise::ui
