#include "ui/film.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
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

// An encoder that ends early must not end the program that writes to it.
class IgnoreBrokenPipe {
 public:
  IgnoreBrokenPipe() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoreBrokenPipe() { sigaction(SIGPIPE, &before_, nullptr); }
  IgnoreBrokenPipe(const IgnoreBrokenPipe&) = delete;
  IgnoreBrokenPipe& operator=(const IgnoreBrokenPipe&) = delete;

 private:
  struct sigaction before_ {};
};

}  // namespace

int FilmLength(double episode_seconds, double fps, double speed) {
  const double frames = episode_seconds * fps / std::max(speed, 1e-3);
  return std::isfinite(frames) && frames > 0 ? static_cast<int>(std::lround(std::min(frames, 1e6))) + 1 : 1;
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

Result<std::unique_ptr<Film>> Film::Create(const std::string& path, double fps) {
  std::error_code error;
  if (!(fps > 0 && fps <= 240)) return Error{path + ": frames a second must lie between 1 and 240"};
  if (fs::exists(path, error)) return Error{path + " exists; name another one, or remove it first"};
  if (IsVideo(path) && FindProgram("ffmpeg").empty())
    return Error{path +
                 ": a video needs the program ffmpeg, which is not installed (package ffmpeg). Name a folder "
                 "instead of a file and it gets the frames as numbered PNG"};
  const fs::path folder = IsVideo(path) ? fs::path(path).parent_path() : fs::path(path);
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) return Error{path + ": the folder cannot be made (" + error.message() + "); choose another one"};
  return std::unique_ptr<Film>(new Film(path, fps));
}

Film::~Film() {
  if (encoder_ == nullptr) return;
  const IgnoreBrokenPipe ignore;
  pclose(encoder_);
  std::error_code ignored;
  fs::remove(path_, ignored);
  fs::remove(log_, ignored);
}

Status Film::StartEncoder(const Picture& first) {
  log_ = path_ + ".log";
  std::ostringstream command;
  // Encoders want even sizes; what is missing is filled with one row or column. Colours carry meaning here, so the film
  // says which matrix its numbers are in instead of leaving players to guess.
  command << Quoted(FindProgram("ffmpeg")) << " -loglevel error -f rawvideo -pix_fmt rgb24 -s " << first.width << "x"
          << first.height << " -r " << fps_
          << " -i - -vf 'pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv' -pix_fmt yuv420p"
             " -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 "
          << Quoted(path_) << " 2> " << Quoted(log_);
  encoder_ = popen(command.str().c_str(), "w");
  if (encoder_ == nullptr) return Error{path_ + ": ffmpeg cannot be started"};
  return {};
}

Status Film::Add(const Picture& picture) {
  if (frames_ == 0) {
    width_ = picture.width;
    height_ = picture.height;
    if (IsVideo(path_))
      if (Status started = StartEncoder(picture); !started) return started;
  }
  if (picture.width != width_ || picture.height != height_)
    return Error{path_ + ": the frames of a film must have one size"};
  if (IsVideo(path_)) {
    const IgnoreBrokenPipe ignore;
    const size_t written = std::fwrite(picture.rgb.data(), 1, picture.rgb.size(), encoder_);
    if (written != picture.rgb.size() || std::fflush(encoder_) != 0) {
      Status ended = Finish();
      return ended ? Error{path_ + ": ffmpeg ended before the film did"} : ended;
    }
  } else {
    char name[32];
    std::snprintf(name, sizeof name, "/frame-%05d.png", frames_);
    if (Status status = WritePng(picture, path_ + name); !status) return status;
  }
  ++frames_;
  return {};
}

Status Film::Finish() {
  if (encoder_ == nullptr) return {};
  const IgnoreBrokenPipe ignore;
  const int status = pclose(encoder_);
  encoder_ = nullptr;
  const Result<std::string> log = ReadFile(log_);
  std::error_code ignored;
  fs::remove(log_, ignored);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  fs::remove(path_, ignored);
  std::string said = log ? log.value() : "";
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
  return Error{path_ + ": ffmpeg failed" + (said.empty() ? "" : ": " + said)};
}

}  // namespace equipoise::ui
