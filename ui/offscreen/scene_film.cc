#include "ui/offscreen/scene_film.h"

#include <exception>
#include <utility>

#include "engine/base/priority.h"
#include "ui/offscreen/offscreen.h"

namespace equipoise::ui {
namespace {

constexpr int kNiceness = 5;  // what computes and what a person waits for comes first

void AddActed(const FilmOrder& order, int step, Scene::Frame* frame) {
  const run::EpisodeTrace& trace = *order.trace;
  const auto row = [step](const std::vector<double>& all, int size) -> const double* {
    const size_t first = static_cast<size_t>(step) * static_cast<size_t>(size);
    return size > 0 && first + static_cast<size_t>(size) <= all.size() ? all.data() + first : nullptr;
  };
  frame->qpos = row(trace.qpos, trace.qpos_size);
  frame->qvel = row(trace.qvel, trace.qvel_size);
  frame->ctrl = row(trace.ctrl, trace.ctrl_size);
  if (frame->qvel == nullptr || frame->ctrl == nullptr) frame->qvel = frame->ctrl = nullptr;
}

Scene::Frame FrameAt(const FilmOrder& order, int step) {
  Scene::Frame frame;
  if (order.trace != nullptr) {
    AddActed(order, step, &frame);
  } else {
    AddImagined(*order.imagined, step, order.lanes, order.colors, &frame);
  }
  frame.torso = order.actor;
  frame.light = order.light;
  frame.width = order.width;
  frame.height = order.height;
  frame.show = order.show;
  return frame;
}

}  // namespace

int FramesOf(const FilmOrder& order) {
  return FilmLength(order.steps() * order.step_seconds, order.frames_per_second, order.speed);
}

Status MakeSceneFilm(const FilmOrder& order, const std::function<bool(int done)>& go_on) {
  auto film = Film::Create(order.path, order.frames_per_second, order.rule);
  if (!film) return film.error();
  const auto place = OffscreenContext::Create();
  if (!place) return place.error();
  auto scene = Scene::Create(order.task);
  if (!scene) return scene.error();
  if (scene.value()->qpos_size() != order.qpos_size())
    return Error{order.path + ": this episode was acted by another body than that of " + order.task};
  if (order.viewpoint) scene.value()->SetViewpoint(*order.viewpoint);
  const int frames = FramesOf(order);
  const auto draw = [&](int i) -> Result<Picture> {
    const int step = FilmStep(i, frames, order.frames_per_second, order.speed, order.step_seconds, order.steps());
    const auto drawn = scene.value()->Draw(FrameAt(order, step));
    if (!drawn) return drawn.error();
    return scene.value()->Read();
  };
  return film.value()->Shoot(frames, draw, go_on);
}

FilmWorker::FilmWorker(FilmOrder order, std::function<void()> wake)
    : order_(std::move(order)), frames_(FramesOf(order_)), wake_(std::move(wake)), thread_([this] { Run(); }) {}

FilmWorker::~FilmWorker() {
  given_up_ = true;
  thread_.join();
}

void FilmWorker::Run() {
  StandBack(kNiceness);  // those that the driver starts from here do so too
  try {
    made_ = MakeSceneFilm(order_, [this](int done) {
      done_ = done;
      wake_();
      return !given_up_;
    });
  } catch (const std::exception& error) {
    made_ = Error{order_.path + ": " + error.what()};
  }
  ended_ = true;
  wake_();
}

Result<std::string> FilmWorker::Outcome() const {
  if (made_) return "Film saved: " + order_.path + ", " + std::to_string(frames_) + " frames";
  if (given_up_) return std::string("The film was given up; nothing of it is left.");
  return made_.error();
}

}  // namespace equipoise::ui
