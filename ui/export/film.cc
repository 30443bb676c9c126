#include "ui/export/film.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <sstream>

#include "engine/base/atomic_file.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

// As one word of the shell.
std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// An encoder that ends early must not end the program that writes to it. Of this thread alone: others may be writing to
// pipes of their own.
class IgnoreBrokenPipe {
 public:
  IgnoreBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~IgnoreBrokenPipe() {
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  IgnoreBrokenPipe(const IgnoreBrokenPipe&) = delete;
  IgnoreBrokenPipe& operator=(const IgnoreBrokenPipe&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

}  // namespace

int FilmLength(double episode_seconds, double fps, double speed) {
  const double frames = episode_seconds * fps / std::max(speed, 1e-3);
  return std::isfinite(frames) && frames > 0 ? static_cast<int>(std::lround(std::min(frames, 1e6))) + 1 : 1;
}

int FilmStep(int frame, int frames, double fps, double speed, double step_seconds, int steps) {
  if (frame + 1 >= frames || !(step_seconds > 0)) return steps;
  constexpr double kRounding = 1e-6;  // of a moment that is a step's own
  const double moment = frame / fps * speed;
  return std::clamp(static_cast<int>(moment / step_seconds + kRounding), 0, steps);
}

std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = (folder.empty() ? "." : folder) + "/" + name;
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

bool Film::IsVideo(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  return extension == ".mp4" || extension == ".mkv" || extension == ".webm" || extension == ".mov";
}

Result<std::unique_ptr<Film>> Film::Create(const std::string& path, double fps, const OutputFolderRule& rule) {
  if (!(fps > 0 && fps <= 240)) return Error{path + ": frames a second must lie between 1 and 240"};
  std::unique_ptr<Film> film(new Film(path, fps));
  if (!IsVideo(path)) {
    auto folder = OutputFolder::At(path, rule);
    if (!folder) return folder.error();
    film->folder_ = std::move(folder).value();
    return film;
  }
  OutputRule video;
  video.overwrite = rule.overwrite;
  video.streams = false;
  auto file = OutputFile::At(path, video);
  if (!file) return file.error();
  film->file_ = std::move(file).value();
  if (FindProgram("ffmpeg").empty())
    return Error{path +
                 ": a video needs the program ffmpeg, which is not installed (package ffmpeg). Name a folder "
                 "instead of a file and it gets the frames as numbered PNG"};
  return film;
}

Film::~Film() {
  if (encoder_ == nullptr) return;
  const IgnoreBrokenPipe ignore;
  pclose(encoder_);
  std::error_code ignored;
  fs::remove(log_, ignored);
}

Status Film::Begin(const Picture& first) {
  width_ = first.width;
  height_ = first.height;
  auto to = file_ ? file_->Begin() : folder_->Begin();
  if (!to) return to.error();
  to_ = std::move(to).value();
  return file_ ? StartEncoder(first) : Status();
}

Status Film::StartEncoder(const Picture& first) {
  log_ = to_ + ".log";
  std::ostringstream command;
  // Encoders want even sizes; what is missing is filled with one row or column. Colours carry meaning here, so the film
  // says which matrix its numbers are in instead of leaving players to guess.
  command << "exec " << Quoted(FindProgram("ffmpeg")) << " -y -loglevel error -f rawvideo -pix_fmt rgb24 -s "
          << first.width << "x" << first.height << " -r " << fps_
          << " -i - -vf 'pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv' -pix_fmt yuv420p"
             " -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 "
          << Quoted(to_) << " 2> " << Quoted(log_);
  encoder_ = popen(command.str().c_str(), "we");
  if (encoder_ == nullptr) return Error{path_ + ": ffmpeg cannot be started"};
  return {};
}

Status Film::Add(const Picture& picture) {
  if (frames_ == 0)
    if (Status begun = Begin(picture); !begun) return begun;
  if (picture.width != width_ || picture.height != height_)
    return Error{path_ + ": the frames of a film must have one size"};
  if (file_) {
    const IgnoreBrokenPipe ignore;
    const size_t written = std::fwrite(picture.rgb.data(), 1, picture.rgb.size(), encoder_);
    if (written != picture.rgb.size() || std::fflush(encoder_) != 0) {
      Status ended = EndEncoder();
      return ended ? Error{path_ + ": ffmpeg ended before the film did"} : ended;
    }
  } else {
    char name[32];
    std::snprintf(name, sizeof name, "/frame-%05d.png", frames_);
    if (Status status = WritePng(picture, to_ + name); !status) return status;
  }
  ++frames_;
  return {};
}

Status Film::EndEncoder() {
  const IgnoreBrokenPipe ignore;
  const int status = pclose(encoder_);
  encoder_ = nullptr;
  const Result<std::string> log = ReadFile(log_);
  std::error_code ignored;
  fs::remove(log_, ignored);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  std::string said = log ? log.value() : "";
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
  return Error{path_ + ": ffmpeg failed" + (said.empty() ? "" : ": " + said)};
}

Status Film::Finish() {
  if (frames_ == 0) return Error{path_ + ": there is no frame in this film"};
  if (!file_) return folder_->Finish();
  if (encoder_ != nullptr)
    if (Status ended = EndEncoder(); !ended) return ended;
  return file_->Finish();
}

Status Film::Shoot(int frames, const std::function<Result<Picture>(int frame)>& draw,
                   const std::function<bool(int done)>& go_on) {
  for (int i = 0; i < frames; ++i) {
    const Result<Picture> picture = draw(i);
    if (!picture) return picture.error();
    if (Status added = Add(picture.value()); !added) return added;
    if (go_on && !go_on(i + 1)) return Error{kGivenUp};
  }
  return Finish();
}

}  // namespace equipoise::ui
