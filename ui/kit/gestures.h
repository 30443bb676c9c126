// gestures.h: every gesture of the mouse, once, as F1 lists them.
//
// Thread   any
#pragma once

#include <vector>

namespace equipoise::ui {

struct Gesture {
  const char *where, *hand, *text;  // "Scene", "drag", "look around the body"
};
const std::vector<Gesture>& Gestures();

}  // namespace equipoise::ui
