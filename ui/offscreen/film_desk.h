// film_desk.h: between the window and the film that is made beside it: an order in, progress and outcome out, once a
// frame.
//
// Thread   window thread; `wake` is called on the film's
#pragma once

#include <functional>
#include <memory>

#include "ui/offscreen/exporter.h"
#include "ui/offscreen/scene_film.h"

namespace equipoise::ui {

class FilmDesk {
 public:
  explicit FilmDesk(std::function<void()> wake) : wake_(std::move(wake)) {}

  // One film at a time. `scene` is what the person sees it in; it may be null.
  void Start(const PanelContext& context, const TakeAwayRequest& wanted, const Scene* scene);
  // How far it is, into the state. Its end is said and forgotten.
  void Show(UiState* state);
  void GiveUp();                   // it ends soon, and nothing of it is left
  void Close() { film_.reset(); }  // gives it up, and waits

 private:
  std::function<void()> wake_;
  std::unique_ptr<FilmWorker> film_;  // null: none is being made
};

}  // namespace equipoise::ui
