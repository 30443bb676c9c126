// picture_context.h: an ImGui context of its own, in which pictures are drawn between two frames of a window.
//
// What a person points at, holds down or types into belongs to the window's context, and so do its fonts: a click that
// falls while a picture is drawn must still meet the button it was meant for.
//
// Thread   the one whose GL context is current, where it has one
// Errors   Create: no OpenGL 3.3
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "ui/kit/theme_state.h"

namespace equipoise::ui {

class PictureContext {
 public:
  static Result<std::unique_ptr<PictureContext>> Create();
  // For what is only laid out: nothing that needs OpenGL is to be drawn in it.
  static std::unique_ptr<PictureContext> CreateWithoutGl();
  ~PictureContext();
  PictureContext(const PictureContext&) = delete;
  PictureContext& operator=(const PictureContext&) = delete;

  // While one lives this context is the current one; afterwards the one before, with its theme and fonts. May be
  // nested.
  class Use {
   public:
    explicit Use(PictureContext* context);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    ImGuiContext *own_, *before_;
    ThemeState theme_;
  };

  // Theme, and fonts of that scale; while in use, before a frame.
  void Apply(bool light, float scale, bool safe_colours);
  // While in use: begins a frame of so many pixels, with no mouse near.
  void NewFrame(int width, int height);

 private:
  PictureContext();

  ImGuiContext* context_ = nullptr;
  bool started_ = false;  // the renderer in GL
  float scale_ = 0;       // of the fonts in the atlas; 0: none yet
  Fonts fonts_;
};

}  // namespace equipoise::ui
