// exporter.h: carries out what was asked for in the sheet of things to take away.
//
// Everything goes to <run>/export under names that are free, so that nothing is ever overwritten. Returned is the
// sentence that tells a person where it lies.
// Thread   as shot.h
// Errors   no permission, a full disk, no encoder: the sentence names the file and what to do
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ui/film.h"
#include "ui/shot.h"

namespace equipoise::ui {

// The last episode, a frame at a time, so that the window lives on meanwhile.
class FilmOfEpisode {
 public:
  FilmOfEpisode(std::unique_ptr<Film> film, const ShotSpec& spec, const UiState& state, int frames);
  // One frame. A sentence when it was the last one or the film was cancelled; "" while there is more to do.
  Result<std::string> Step(PanelContext& context, Shooter* shooter);

 private:
  std::unique_ptr<Film> film_;
  ShotSpec spec_;
  std::unique_ptr<UiState> view_;  // its own: the person may go on looking at other things
  int frames_, next_ = 0;
};

class Exporter {
 public:
  // `window`: a picture of the window as it is on the screen at scale 1 of the request.
  Exporter(Shooter* shooter, const ShotSpec& window) : shooter_(shooter), window_(window) {}
  // A film is begun in `*film` and goes on by Step.
  Result<std::string> Export(PanelContext& context, const TakeAwayRequest& request,
                             std::optional<FilmOfEpisode>* film) const;
  Result<std::string> ExportEvidence(PanelContext& context) const;

 private:
  ShotSpec ShotFor(const TakeAwayRequest& request) const;
  Shooter* shooter_;
  ShotSpec window_;
};

}  // namespace equipoise::ui
