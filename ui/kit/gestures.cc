#include "ui/kit/gestures.h"

namespace equipoise::ui {

const std::vector<Gesture>& Gestures() {
  static const std::vector<Gesture> kGestures = {
      {"Everywhere", "rest", "What lies under the mouse is explained"},
      {"Everywhere", "right click", "What can be done there: copy, go to the episode, fork, export"},
      {"Everywhere", "drag a gap", "Other sizes of the cards; double click: as at the start"},
      {"Scene", "drag", "Look around the body"},
      {"Scene", "right drag", "Move the view; with Shift and the left button too"},
      {"Scene", "wheel", "Nearer, farther; middle drag too"},
      {"Scene", "double click", "Name the body that lies there; beside all of them: none"},
      {"Scene", "right double click", "Turn the view to what lies there"},
      {"Scene", "Ctrl drag",
       "Push the body that acts, in the plane of the view, or with Shift along the ground; recorded"},
      {"Rewards below it", "drag", "To another step of the episode"},
      {"Check", "click a dot", "Watch what this version of the model imagines; again: let it go"},
      {"Check", "Shift click", "A second one beside it"},
      {"Who acted", "click", "That episode, everywhere; again: back to the newest"},
      {"Who acted", "wheel, drag", "Back through the run"},
      {"Who acted", "band above", "A click or a drag: that part of the run"},
      {"Curves", "click", "That episode, everywhere"},
      {"Curves", "wheel", "Zoom along the run at the mouse; Ctrl: up and down, Shift: both"},
      {"Curves", "drag", "Move what is in view"},
      {"Curves", "right drag", "Zoom to the box"},
      {"Curves", "double click", "All of it again"},
      {"Curves", "click a legend", "Hide what it stands for; again: show it"},
      {"Log", "click", "That episode, everywhere"},
      {"Values", "click", "Type another one; Enter takes it, Esc gives the old one back"},
  };
  return kGestures;
}

}  // namespace equipoise::ui
