// Films: numbered pictures or a video, at a fixed rate, of the body alone; what is not whole has no film's name.
#include "ui/export/film.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/atomic_file.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/offscreen/offscreen.h"
#include "ui/offscreen/scene_film.h"

namespace equipoise::ui {
namespace {

using testing::BuildSnapshot;
using testing::SnapshotOptions;
namespace fs = std::filesystem;

class FilmTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("equipoise-film-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "films");
  }
  void TearDown() override {
    if (!old_path_.empty()) setenv("PATH", old_path_.c_str(), 1);
    fs::remove_all(folder_);
  }
  std::string Path(const std::string& name) const { return (folder_ / "films" / name).string(); }
  static Picture Grey(int width, int height) {
    return {width, height, std::vector<unsigned char>(static_cast<size_t>(width) * height * 3, 90)};
  }
  // A program that stands in for ffmpeg. Its last argument is the film.
  void FakeEncoder(const std::string& script) {
    std::ofstream(folder_ / "ffmpeg") << "#!/bin/sh\n" << script;
    ::chmod((folder_ / "ffmpeg").c_str(), 0755);
    if (old_path_.empty()) old_path_ = std::getenv("PATH");
    setenv("PATH", (folder_.string() + ":" + old_path_).c_str(), 1);
  }
  std::vector<std::string> Left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_ / "films")) names.push_back(entry.path().filename());
    return names;
  }
  fs::path folder_;
  std::string old_path_;
};

constexpr char kKeepsAll[] = "for last; do :; done\ncat > \"$last\"\n";

TEST_F(FilmTest, HasAFixedNumberOfFramesForEachSecond) {
  EXPECT_EQ(FilmLength(5, 30, 1), 151);
  EXPECT_EQ(FilmLength(5, 30, 2), 76);
  EXPECT_EQ(FilmLength(5, 30, 0.25), 601);
  EXPECT_EQ(FilmLength(0, 30, 1), 1);
  // Steps of 0.05 s at 30 frames a second: 0, 33, 67, 100, 133 ms.
  const auto steps = [](double speed, int count) {
    std::vector<int> shown;
    const int frames = FilmLength(5, 30, speed);
    for (int i = 0; i < count; ++i) shown.push_back(FilmStep(i, frames, 30, speed, 0.05, 100));
    EXPECT_EQ(FilmStep(frames - 1, frames, 30, speed, 0.05, 100), 100) << "the last moment is in it";
    return shown;
  };
  EXPECT_EQ(steps(1, 7), (std::vector<int>{0, 0, 1, 2, 2, 3, 4}));
  EXPECT_EQ(steps(0.5, 7), (std::vector<int>{0, 0, 0, 1, 1, 1, 2}));
  EXPECT_EQ(steps(3, 3), (std::vector<int>{0, 2, 4}));
}

TEST_F(FilmTest, IsNumberedPicturesThatAppearTogether) {
  auto film = Film::Create(Path("frames"), 30);
  ASSERT_TRUE(film) << film.error().message;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(film.value()->Add(Grey(40, 30)));
    EXPECT_FALSE(fs::exists(Path("frames"))) << "not before its last frame";
  }
  EXPECT_FALSE(film.value()->Add(Grey(41, 30))) << "another size";
  ASSERT_TRUE(film.value()->Finish());
  EXPECT_TRUE(fs::exists(Path("frames/frame-00002.png")));
  EXPECT_FALSE(fs::exists(Path("frames/frame-00003.png")));
  EXPECT_EQ(Left(), (std::vector<std::string>{"frames"}));
  EXPECT_FALSE(Film::Create(Path("frames"), 30)) << "it exists";
}

TEST_F(FilmTest, GoesToTheEncoderFrameByFrameAndGetsItsNameAtTheEnd) {
  FakeEncoder("echo \"$@\" > " + (folder_ / "arguments").string() + "\n" + kKeepsAll);
  auto film = Film::Create(Path("it's.mp4"), 25);
  ASSERT_TRUE(film) << film.error().message;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(film.value()->Add(Grey(40, 30)));
  EXPECT_FALSE(fs::exists(Path("it's.mp4")));
  const Status finished = film.value()->Finish();
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(fs::file_size(Path("it's.mp4")), 2u * 40 * 30 * 3);
  EXPECT_EQ(Left().size(), 1u) << "neither a log nor a part of it";
  const std::string arguments = ReadFile((folder_ / "arguments").string()).value();
  EXPECT_NE(arguments.find("-s 40x30 -r 25"), std::string::npos) << arguments;
}

TEST_F(FilmTest, LeavesNothingWhenItIsGivenUp) {
  FakeEncoder(kKeepsAll);
  for (const char* name : {"a.mp4", "frames"}) {
    auto created = Film::Create(Path(name), 25);
    ASSERT_TRUE(created) << created.error().message;
    std::unique_ptr<Film> film = std::move(created).value();
    const Status shot = film->Shoot(
        10, [](int) { return Result<Picture>(Grey(40, 30)); }, [](int done) { return done < 4; });
    ASSERT_FALSE(shot);
    EXPECT_EQ(shot.error().message, Film::kGivenUp);
    film.reset();
    EXPECT_TRUE(Left().empty()) << Left().front();
  }
}

// The encoder ends its film properly when the program that feeds it is killed: a shorter film that plays.
TEST_F(FilmTest, HasNoFilmsNameWhenTheProgramIsKilled) {
  const fs::path begun = folder_ / "begun", ended = folder_ / "ended";
  FakeEncoder("touch " + begun.string() + "\n" + kKeepsAll + "touch " + ended.string() + "\n");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto film = Film::Create(Path("killed.mp4"), 25);
    if (!film) _exit(1);
    for (int i = 0; i < 3; ++i)
      if (!film.value()->Add(Grey(40, 30))) _exit(1);
    while (!fs::exists(begun)) std::this_thread::yield();
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it was to be killed in the middle";
  while (!fs::exists(ended)) std::this_thread::yield();  // nobody waits for an orphan otherwise
  EXPECT_FALSE(fs::exists(Path("killed.mp4")));
  for (const std::string& name : Left()) EXPECT_NE(name.find(".equipoise-part-"), std::string::npos) << name;
}

TEST_F(FilmTest, QuotesAnEncoderThatFailsAndLeavesNothing) {
  FakeEncoder("echo 'no such codec' >&2\nexit 3\n");
  auto created = Film::Create(Path("a.mp4"), 25);
  ASSERT_TRUE(created);
  std::unique_ptr<Film> film = std::move(created).value();
  Status status;
  for (int i = 0; i < 50 && status; ++i) status = film->Add(Grey(200, 200));
  if (status) status = film->Finish();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("no such codec"), std::string::npos) << status.error().message;
  film.reset();
  EXPECT_TRUE(Left().empty()) << Left().front();
}

TEST_F(FilmTest, WithoutAnEncoderAVideoIsRefusedWithTheWayOut) {
  old_path_ = std::getenv("PATH");
  setenv("PATH", folder_.c_str(), 1);
  const auto film = Film::Create(Path("a.mp4"), 25);
  ASSERT_FALSE(film);
  EXPECT_NE(film.error().message.find("ffmpeg, which is not installed"), std::string::npos);
  EXPECT_NE(film.error().message.find("folder"), std::string::npos);
}

FilmOrder OrderFor(const run::Snapshot& snapshot, const std::string& path) {
  FilmOrder order;
  order.path = path;
  order.frames_per_second = 10;
  order.width = 160;
  order.height = 90;
  order.task = snapshot.settings->run.task;
  order.step_seconds = snapshot.info->task.control_dt_seconds;
  order.trace = snapshot.trace;
  order.actor = IM_COL32(255, 140, 0, 255);
  return order;
}

// The fake encoder keeps what it gets: the film is its pictures behind each other.
TEST_F(FilmTest, ShowsTheBodyAloneAsTheSceneDrawsIt) {
  FakeEncoder(kKeepsAll);
  SnapshotOptions options;
  options.task = "cartpole";
  const auto snapshot = BuildSnapshot(options);
  FilmOrder order = OrderFor(*snapshot, Path("body.mp4"));
  const Status made = MakeSceneFilm(order, {});
  ASSERT_TRUE(made) << made.error().message;
  const std::string film = ReadFile(order.path).value();
  const int frames = FramesOf(order);
  const size_t bytes = 160u * 90 * 3;
  ASSERT_EQ(film.size(), bytes * static_cast<size_t>(frames));
  const auto place = OffscreenContext::Create();
  ASSERT_TRUE(place) << place.error().message;
  auto scene = Scene::Create("cartpole");
  ASSERT_TRUE(scene) << scene.error().message;
  for (const int i : {0, frames / 2, frames - 1}) {
    Scene::Frame frame;
    const int step = FilmStep(i, frames, 10, 1, order.step_seconds, order.trace->steps());
    frame.qpos = order.trace->qpos.data() + static_cast<size_t>(step) * static_cast<size_t>(order.trace->qpos_size);
    frame.torso = order.actor;
    frame.width = 160;
    frame.height = 90;
    ASSERT_TRUE(scene.value()->Draw(frame));
    const Picture drawn = scene.value()->Read();
    ASSERT_EQ(drawn.rgb.size(), bytes);
    EXPECT_TRUE(std::equal(drawn.rgb.begin(), drawn.rgb.end(),
                           reinterpret_cast<const unsigned char*>(film.data()) + bytes * static_cast<size_t>(i)))
        << "frame " << i;
  }
  EXPECT_NE(film.substr(0, bytes), film.substr(bytes * static_cast<size_t>(frames - 1))) << "something moves";

  order.path = Path("slow.mp4");
  order.speed = 0.5;
  ASSERT_TRUE(MakeSceneFilm(order, {}));
  const std::string slow = ReadFile(order.path).value();
  EXPECT_EQ(slow.size(), bytes * static_cast<size_t>(FilmLength(order.trace->steps() * order.step_seconds, 10, 0.5)));
  EXPECT_EQ(slow.substr(0, bytes), film.substr(0, bytes));
  EXPECT_EQ(slow.substr(slow.size() - bytes), film.substr(film.size() - bytes));
}

TEST_F(FilmTest, AnImaginationIsFilmedWithItsGhosts) {
  FakeEncoder(kKeepsAll);
  SnapshotOptions options;
  options.task = "cartpole";
  const auto snapshot = BuildSnapshot(options);
  FilmOrder order = OrderFor(*snapshot, Path("real.mp4"));
  order.speed = 0.5;
  ASSERT_TRUE(MakeSceneFilm(order, {}));
  auto imagined = std::make_shared<run::Imagined>();
  imagined->horizon = order.trace->steps();
  imagined->qpos_size = order.trace->qpos_size;
  imagined->has_real = true;
  imagined->real.qpos = order.trace->qpos;
  run::MaskImagined& mask = imagined->masks.emplace_back();
  mask.rollouts.emplace_back().qpos = order.trace->qpos;
  order.trace = nullptr;
  order.imagined = imagined;
  order.colors = {IM_COL32_WHITE, IM_COL32(0, 255, 0, 255), IM_COL32(255, 0, 0, 255), IM_COL32_WHITE};
  order.path = Path("imagined.mp4");
  const Status made = MakeSceneFilm(order, {});
  ASSERT_TRUE(made) << made.error().message;
  const std::string real = ReadFile(Path("real.mp4")).value(), ghosts = ReadFile(order.path).value();
  EXPECT_EQ(real.size(), ghosts.size()) << "as many frames";
  const auto green = [](const std::string& film) {
    size_t pixels = 0;
    for (size_t i = 0; i + 2 < film.size(); i += 3) {
      const auto c = [&](size_t k) { return static_cast<unsigned char>(film[i + k]); };
      pixels += c(1) > c(0) + 40 && c(1) > c(2) + 40;
    }
    return pixels;
  };
  EXPECT_EQ(green(real), 0u);
  EXPECT_GT(green(ghosts), 100u) << "no ghost in its mask's colour";
}

TEST_F(FilmTest, IsSeenFromWhereThePersonLooks) {
  FakeEncoder(kKeepsAll);
  SnapshotOptions options;
  options.task = "cartpole";
  const auto snapshot = BuildSnapshot(options);
  FilmOrder order = OrderFor(*snapshot, Path("usual.mp4"));
  order.frames_per_second = 1;
  ASSERT_TRUE(MakeSceneFilm(order, {}));
  const std::string usual = ReadFile(order.path).value();
  Scene::Viewpoint seen;
  {
    const auto place = OffscreenContext::Create();
    ASSERT_TRUE(place) << place.error().message;
    auto scene = Scene::Create("cartpole");
    ASSERT_TRUE(scene);
    seen = scene.value()->viewpoint();
  }
  order.viewpoint = seen;
  order.path = Path("same.mp4");
  ASSERT_TRUE(MakeSceneFilm(order, {}));
  EXPECT_TRUE(ReadFile(order.path).value() == usual);
  order.viewpoint->azimuth += 40;
  order.path = Path("turned.mp4");
  ASSERT_TRUE(MakeSceneFilm(order, {}));
  EXPECT_FALSE(ReadFile(order.path).value() == usual);
}

TEST_F(FilmTest, IsMadeBesideTheWindowSaysHowFarItIsAndCanBeGivenUp) {
  FakeEncoder(kKeepsAll);
  SnapshotOptions options;
  options.task = "cartpole";
  const auto snapshot = BuildSnapshot(options);
  std::atomic<int> woken{0};
  {
    FilmWorker worker(OrderFor(*snapshot, Path("whole.mp4")), [&woken] { ++woken; });
    while (!worker.Ended()) std::this_thread::yield();
    ASSERT_TRUE(worker.Outcome()) << worker.Outcome().error().message;
    EXPECT_EQ(worker.done(), worker.frames());
    EXPECT_EQ(woken, worker.frames() + 1) << "after each frame and at the end";
    EXPECT_NE(worker.Outcome().value().find("whole.mp4"), std::string::npos);
  }
  FilmOrder order = OrderFor(*snapshot, Path("half.mp4"));
  order.speed = 0.01;
  {
    FilmWorker worker(order, [] {});
    while (worker.done() < 2 && !worker.Ended()) std::this_thread::yield();
    worker.GiveUp();
    while (!worker.Ended()) std::this_thread::yield();
    EXPECT_LT(worker.done(), worker.frames());
    EXPECT_TRUE(worker.Outcome()) << "it was wanted so";
  }
  EXPECT_EQ(Left(), (std::vector<std::string>{"whole.mp4"}));
  order.path = (folder_ / "ffmpeg" / "no.mp4").string();  // a file stands where a folder should be
  FilmWorker worker(order, [] {});
  while (!worker.Ended()) std::this_thread::yield();
  EXPECT_FALSE(worker.Outcome());
}

}  // namespace
}  // namespace equipoise::ui
