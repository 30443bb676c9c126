// scene_film.h: an episode that was acted, or an imagination, as a film of the bodies alone: no card, no mark, nothing of the run that goes
// on.
//
// Poses are the recorded ones, each shown until the next: in slow motion nothing is made up between two of them.
//
// Units    sizes in pixels; seconds
// Thread   MakeSceneFilm draws in an OpenGL context of its own on whatever thread calls it. FilmWorker: the window's
// Errors   as film.h; no EGL; an unknown task
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "engine/record/snapshot.h"
#include "ui/export/film.h"
#include "ui/panels/scene/imagined_scene.h"
#include "ui/scene/scene.h"

namespace equipoise::ui {

struct FilmOrder {
  std::string path;       // as Film::Create
  OutputFolderRule rule;  // what may be replaced there
  double frames_per_second = 30, speed = 1;
  int width = 1280, height = 720;
  std::string task;
  double step_seconds = 0;               // of an environment step
  run::Shared<run::EpisodeTrace> trace;  // a whole episode; null: what follows
  ImU32 actor = 0;                       // the colour of who acted
  run::Shared<run::Imagined> imagined;   // one that has a result
  bool lanes = true;                     // bodies behind each other
  ImaginedColors colors{};
  int steps() const { return trace != nullptr ? trace->steps() : imagined->horizon; }
  int qpos_size() const { return trace != nullptr ? trace->qpos_size : imagined->qpos_size; }
  bool light = false;
  SceneShow show;
  std::optional<Scene::Viewpoint> viewpoint;  // none: as at the start
};
int FramesOf(const FilmOrder& order);
Status MakeSceneFilm(const FilmOrder& order, const std::function<bool(int done)>& go_on);

// Makes it on a thread of its own, a little behind training and window.
class FilmWorker {
 public:
  // `wake` is called on that thread after each frame and at the end.
  FilmWorker(FilmOrder order, std::function<void()> wake);
  ~FilmWorker();  // gives the film up and waits
  FilmWorker(const FilmWorker&) = delete;
  FilmWorker& operator=(const FilmWorker&) = delete;

  int frames() const { return frames_; }
  int done() const { return done_; }
  const std::string& path() const { return order_.path; }
  void GiveUp() { given_up_ = true; }
  bool Ended() const { return ended_; }
  // Once it has ended: what a person is told.
  Result<std::string> Outcome() const;

 private:
  void Run();

  const FilmOrder order_;
  const int frames_;
  std::function<void()> wake_;
  std::atomic<int> done_{0};
  std::atomic<bool> given_up_{false}, ended_{false};
  Status made_;  // of the thread until ended_
  std::thread thread_;
};

}  // namespace equipoise::ui
