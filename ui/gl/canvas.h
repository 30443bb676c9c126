// canvas.h: a framebuffer to draw a picture into, of any size that the driver grants.
//
// Units    pixels
// Thread   the one whose GL context is current; bound from its making until it ends, then the window's own is bound
// Errors   Complete() is false when the driver refuses the size
#pragma once

namespace equipoise::ui {

// The framebuffer that is bound, to the ground of the window in the current theme.
void ClearToGround(int width, int height);

class Canvas {
 public:
  Canvas(int width, int height);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  bool Complete() const;
  // Bound again and cleared to the ground of the window in the current theme.
  void Clear() const;
  void Bind() const;
  // A part of it, from its lower left corner; it is bound.
  void ClearBox(int left, int bottom, int width, int height) const;
  unsigned framebuffer() const { return framebuffer_; }

 private:
  int width_, height_;
  unsigned texture_ = 0, framebuffer_ = 0;
};

}  // namespace equipoise::ui
