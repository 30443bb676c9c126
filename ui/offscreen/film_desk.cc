#include "ui/offscreen/film_desk.h"

#include <utility>

#include "ui/panels/setting_row.h"

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
  const bool give_up = std::exchange(state->film_cancelled, false);
  if (film_ == nullptr) return;
  if (give_up) film_->GiveUp();
  state->film_frame = film_->done();
  state->film_frames = film_->frames();
  state->film_path = film_->path();
  if (!film_->Ended()) return;
  Report(*state, film_->Outcome());
  film_.reset();
  state->film_frames = 0;
}

}  // namespace equipoise::ui
