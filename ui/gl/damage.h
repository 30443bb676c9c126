// damage.h: which part of the window looks otherwise than in the frame before, by what ImGui wants drawn.
//
// The window is cut into tiles. A tile's content is summed from all triangles that may touch it, in their order: places,
// colours, texture and what clips them. Tiles whose sum has changed are gathered to a few boxes; outside of them every
// pixel is as it was, so only the boxes need to be drawn, and of every list only the triangles that touch one.
//
// Units    pixels of the framebuffer; x right, y down
// Thread   window thread, between ImGui::Render and the next frame
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

struct DamageBox {
  int left = 0, top = 0, right = 0, bottom = 0;
};

class Damage {
 public:
  // Of a texture: another number whenever its content is another one. Empty: textures never change.
  using Version = std::function<uint64_t(ImTextureID texture)>;

  // Compares with what was given before, and keeps it for the next time. Boxes do not overlap. `ground`: the colour
  // below everything. The first frame, another size or another ground: one box, all of it.
  const std::vector<DamageBox>& Compare(const ImDrawData& data, uint32_t ground, const Version& version);
  // The next comparison finds everything changed.
  void Forget() { sums_.clear(); }

 private:
  void Sum(const ImDrawData& data, const Version& version);
  void Gather(const std::vector<bool>& changed);

  int width_ = 0, height_ = 0, columns_ = 0, rows_ = 0;
  uint32_t ground_ = 0;
  std::vector<uint64_t> sums_, now_;  // by tile
  std::vector<DamageBox> boxes_;
};

// Leaves of the data what is seen in these boxes: of every command the triangles that touch one, clipped to it. ImGui
// makes its lists anew in every frame, so they are changed in place.
void KeepBoxes(const std::vector<DamageBox>& boxes, ImDrawData* data);

}  // namespace equipoise::ui
