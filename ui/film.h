// film.h: the last episode as numbered PNG frames or as a video, at a fixed number of frames a second.
//
// Frame i shows the moment i / fps x speed of the episode's own time. A video needs the program ffmpeg, which gets raw
// frames through a pipe; without it there are the frames, from which any other program makes one.
//
// Thread   one; Add may be called from frame to frame, so that a window goes on in between
// Errors   a target that exists, cannot be written or fills the disk; ffmpeg absent or failing
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "ui/capture.h"

namespace equipoise::ui {

// Frames of an episode of so many seconds, its first and last moment included.
int FilmLength(double episode_seconds, double fps, double speed);

// The program's path, or "" when it is not in $PATH.
std::string FindProgram(const std::string& name);

class Film {
 public:
  // `path` ending in .mp4, .mkv, .webm or .mov: a video; else a folder for frame-00000.png, ...
  static Result<std::unique_ptr<Film>> Create(const std::string& path, double fps);
  static bool IsVideo(const std::string& path);
  ~Film();
  Film(const Film&) = delete;
  Film& operator=(const Film&) = delete;

  // All frames of a film have the size of its first.
  Status Add(const Picture& picture);
  // Nothing may be added afterwards. Without it a video is given up and its file removed.
  Status Finish();
  int frames() const { return frames_; }
  const std::string& path() const { return path_; }

 private:
  Film(std::string path, double fps) : path_(std::move(path)), fps_(fps) {}
  Status StartEncoder(const Picture& first);

  std::string path_, log_;
  double fps_;
  int frames_ = 0, width_ = 0, height_ = 0;
  FILE* encoder_ = nullptr;
};

}  // namespace equipoise::ui
