// film.h: an episode as numbered PNG frames or as a video, at a fixed number of frames a second.
//
// Frame i shows the moment i / fps x speed of the episode's own time. A video needs the program ffmpeg, which gets raw
// frames through a pipe; without it there are the frames, from which any other program makes one. Until the last frame
// is in, all of it lies under another name: whatever ends the program in between leaves nothing that looks like a film.
//
// Thread   any one
// Errors   a target that exists, cannot be written or fills the disk; ffmpeg absent or failing
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/output_file.h"
#include "engine/base/output_folder.h"
#include "ui/gl/capture.h"

namespace equipoise::ui {

// Frames of an episode of so many seconds, its first and last moment included.
int FilmLength(double episode_seconds, double fps, double speed);
// The environment step whose pose frame `frame` of `frames` shows: the last one reached at its moment.
int FilmStep(int frame, int frames, double fps, double speed, double step_seconds, int steps);

// The program's path, or "" when it is not in $PATH.
std::string FindProgram(const std::string& name);

class Film {
 public:
  // `path` ending in .mp4, .mkv, .webm or .mov: a video; else a folder for frame-00000.png, ... `rule`: what may be
  // replaced.
  static Result<std::unique_ptr<Film>> Create(const std::string& path, double fps, const OutputFolderRule& rule = {});
  static bool IsVideo(const std::string& path);
  ~Film();
  Film(const Film&) = delete;
  Film& operator=(const Film&) = delete;

  // All frames of a film have the size of its first.
  Status Add(const Picture& picture);
  // Gives it its name; nothing may be added afterwards. Without it the film is given up and what there is removed.
  Status Finish();
  // All of it: frames 0 to frames - 1 as `draw` gives them, and Finish. `go_on` is asked after each one; false gives
  // the film up, with the error kGivenUp.
  Status Shoot(int frames, const std::function<Result<Picture>(int frame)>& draw,
               const std::function<bool(int done)>& go_on);
  static constexpr const char* kGivenUp = "the film was given up";
  int frames() const { return frames_; }
  const std::string& path() const { return path_; }

 private:
  Film(std::string path, double fps) : path_(std::move(path)), fps_(fps) {}
  Status Begin(const Picture& first);
  Status StartEncoder(const Picture& first);
  Status EndEncoder();

  std::string path_, log_, to_;  // to_: where it is until it is whole
  std::optional<OutputFile> file_;
  std::optional<OutputFolder> folder_;
  double fps_;
  int frames_ = 0, width_ = 0, height_ = 0;
  FILE* encoder_ = nullptr;
};

}  // namespace equipoise::ui
