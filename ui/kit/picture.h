// picture.h: is a picture being drawn at this moment, and not the window? The only sign of it.
//
// A picture shows what is known of the run and nothing that only a person could use: no control that acts, no mark of
// the keyboard, no place where a widget lies; what moves stands still, and what a window would read beside its frames
// is waited for.
//
// Thread   window thread, or the one that draws without a window
#pragma once

namespace equipoise::ui {

bool DrawingPicture();

// As long as one lives, what is drawn is a picture. May be nested.
class PictureDrawing {
 public:
  explicit PictureDrawing(bool is_picture = true);
  ~PictureDrawing();
  PictureDrawing(const PictureDrawing&) = delete;
  PictureDrawing& operator=(const PictureDrawing&) = delete;

 private:
  bool before_;
};

}  // namespace equipoise::ui
