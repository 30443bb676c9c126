// exporter.h: carries out what was asked for in the sheet of things to take away.
//
// Everything goes where ExportFolder says, under names that are free, so that nothing is ever overwritten. Returned is
// where it lies, with the sentence that tells a person so.
// Thread   as shot.h
// Errors   no permission, a full disk, no encoder: the sentence names the file and what to do
#pragma once

#include <string>

#include "ui/offscreen/scene_film.h"
#include "ui/offscreen/shot.h"

namespace equipoise::ui {

class Exporter {
 public:
  // `window`: a picture of the window as it is on the screen at scale 1 of the request.
  Exporter(Shooter* shooter, const ShotSpec& window) : shooter_(shooter), window_(window) {}
  // All but films.
  Result<Written> Export(PanelContext& context, const TakeAwayRequest& request) const;
  Result<Written> ExportEvidence(PanelContext& context) const;

 private:
  ShotSpec ShotFor(const TakeAwayRequest& request) const;
  Shooter* shooter_;
  ShotSpec window_;
};

// The episode in the scene as a film, seen as it is there. `scene` may be null: seen as at the start.
Result<FilmOrder> OrderFilm(const PanelContext& context, const TakeAwayRequest& request, const Scene* scene);

}  // namespace equipoise::ui
