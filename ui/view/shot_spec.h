// shot_spec.h: which part of the window a picture, a plot or a table is of, and how large.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::ui {

enum class ShotOf { kWindow, kScene, kCurves, kCheck, kModel };
inline constexpr ShotOf kAllShots[] = {ShotOf::kWindow, ShotOf::kScene, ShotOf::kCurves, ShotOf::kCheck,
                                       ShotOf::kModel};
const char* Name(ShotOf part);  // "window", "scene", "curves", "check", "model"
Result<ShotOf> ShotOfName(const std::string& name);

struct ShotSpec {
  ShotOf part = ShotOf::kWindow;
  float width = 1600, height = 1000;  // at scale 1; the picture has scale times as many pixels
  float scale = 1;
};
// Width and height at which the part looks as it does in a usual window.
ShotSpec UsualShot(ShotOf part, float scale);

// What a person asks for in the sheet of things to take away.
struct TakeAwayRequest {  // films are of the scene, whatever part is chosen
  enum class What { kPicture, kPlots, kVisibleData, kAllData, kFrames, kVideo } what = What::kPicture;
  ShotOf part = ShotOf::kWindow;
  float scale = 1;
  double frames_per_second = 30, film_speed = 1;  // 0.25: four times slower than it was acted
};

inline bool IsFilm(TakeAwayRequest::What what) {
  return what == TakeAwayRequest::What::kFrames || what == TakeAwayRequest::What::kVideo;
}

}  // namespace equipoise::ui
