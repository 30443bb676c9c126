#include "ui/view/shot_spec.h"

namespace equipoise::ui {

const char* Name(ShotOf part) {
  switch (part) {
    case ShotOf::kWindow:
      return "window";
    case ShotOf::kScene:
      return "scene";
    case ShotOf::kCurves:
      return "curves";
    case ShotOf::kCheck:
      return "check";
    case ShotOf::kModel:
      return "model";
  }
  return "";
}

Result<ShotOf> ShotOfName(const std::string& name) {
  std::string known;
  for (const ShotOf part : kAllShots) {
    if (name == Name(part)) return part;
    known += (known.empty() ? "" : ", ") + std::string(Name(part));
  }
  return Error{"there is no picture of \"" + name + "\"; there are " + known};
}

ShotSpec UsualShot(ShotOf part, float scale) {
  switch (part) {
    case ShotOf::kWindow:
      break;
    case ShotOf::kScene:
      return {part, 1280, 720, scale};
    case ShotOf::kCurves:
      return {part, 640, 560, scale};
    case ShotOf::kCheck:
      return {part, 900, 360, scale};
    case ShotOf::kModel:
      return {part, 640, 280, scale};
  }
  return {part, 1600, 1000, scale};
}

}  // namespace equipoise::ui
