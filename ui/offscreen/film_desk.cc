#include "ui/offscreen/film_desk.h"

#include <filesystem>
#include <utility>

namespace equipoise::ui {

void FilmDesk::Start(const PanelContext& context, const TakeAwayRequest& wanted, const Scene* scene) {
  if (film_ != nullptr) {
    Complain(context.state, "One film at a time: another one is being made.");
    return;
  }
  Result<FilmOrder> order = OrderFilm(context, wanted, scene);
  if (!order) {
    Complain(context.state, order.error().message);
    return;
  }
  film_ = std::make_unique<FilmWorker>(std::move(order).value(), wake_);
  Show(&context.state);
}

void FilmDesk::Show(UiState* state) {
  if (film_ == nullptr) return;
  state->window.film = {film_->done(), film_->frames(), film_->path()};
  if (!film_->Ended()) return;
  const Result<std::string> outcome = film_->Outcome();
  std::error_code absent;
  if (outcome && std::filesystem::exists(film_->path(), absent))
    Report(*state, Result<Written>(Written{film_->path(), outcome.value()}));
  else  // it was given up, or could not be written
    Report(*state, outcome);
  film_.reset();
  state->window.film.frames = 0;
}

void FilmDesk::GiveUp() {
  if (film_ != nullptr) film_->GiveUp();
}

}  // namespace equipoise::ui
