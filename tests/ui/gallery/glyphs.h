// glyphs.h: the text of a frame as it reached the draw lists: which characters, where, and what was left of them.
//
// A draw list holds triangles, not text. But a quad whose texture coordinates are those of a glyph in the font atlas is
// that glyph, so every text of every panel can be checked in one place, also what ImGui itself wrote.
//
// Units    pixels
// Thread   the one that owns the ImGui context; after ImGui::Render
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui::testing {

struct Glyph {
  unsigned character = 0;
  ImVec2 a, b;  // its box
  ImVec4 clip;  // what the draw command leaves of the screen: x0, y0, x1, y1
  ImU32 color = 0;
  std::string list;  // the window that it was drawn in
};

inline std::string Utf8(unsigned character) {
  char text[8] = {};
  ImTextCharToUtf8(text, character);
  return text;
}

// Every glyph of the atlas by its texture coordinates.
class GlyphAtlas {
 public:
  explicit GlyphAtlas(const ImFontAtlas& atlas) {
    for (const ImFont* font : atlas.Fonts)
      for (const ImFontGlyph& glyph : font->Glyphs)
        if (glyph.Visible) by_place_[Key(glyph.U0, glyph.V0, glyph.U1, glyph.V1)] = glyph.Codepoint;
  }
  // 0: no glyph.
  unsigned At(const ImVec2& uv0, const ImVec2& uv1) const {
    const auto found = by_place_.find(Key(uv0.x, uv0.y, uv1.x, uv1.y));
    return found == by_place_.end() ? 0 : found->second;
  }

 private:
  using Place = std::array<float, 4>;
  static Place Key(float a, float b, float c, float d) { return {a, b, c, d}; }
  std::map<Place, unsigned> by_place_;
};

// Where the only texture that is not the fonts' was drawn: x0, y0, x1, y1; all 0: nowhere.
inline ImVec4 PictureBox(const ImDrawData& data) {
  ImVec4 box{};
  for (int l = 0; l < data.CmdListsCount; ++l) {
    const ImDrawList* list = data.CmdLists[l];
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback != nullptr || command.GetTexID() == ImGui::GetIO().Fonts->TexID) continue;
      for (unsigned i = 0; i < command.ElemCount; ++i) {
        const ImDrawIdx index = list->IdxBuffer[static_cast<int>(command.IdxOffset + i)];
        const ImVec2 at = list->VtxBuffer[static_cast<int>(command.VtxOffset + index)].pos;
        if (box.z == 0) box = {at.x, at.y, at.x, at.y};
        box = {std::min(box.x, at.x), std::min(box.y, at.y), std::max(box.z, at.x), std::max(box.w, at.y)};
      }
    }
  }
  return box;
}

// In the order in which they were drawn.
inline std::vector<Glyph> GlyphsOf(const ImDrawData& data, const GlyphAtlas& atlas) {
  std::vector<Glyph> glyphs;
  for (int l = 0; l < data.CmdListsCount; ++l) {
    const ImDrawList* list = data.CmdLists[l];
    const std::string owner = list->_OwnerName != nullptr ? list->_OwnerName : "";
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback != nullptr) continue;
      const ImDrawIdx* index = &list->IdxBuffer[static_cast<int>(command.IdxOffset)];
      const auto vertex = [&](unsigned i) -> const ImDrawVert& {
        return list->VtxBuffer[static_cast<int>(command.VtxOffset + index[i])];
      };
      for (unsigned i = 0; i + 5 < command.ElemCount;) {
        // ImGui's quads: 0 1 2, 0 2 3, the first and the third corner opposite.
        const bool quad = index[i + 3] == index[i] && index[i + 4] == index[i + 2];
        const ImDrawVert &first = vertex(i), &third = vertex(i + 2);
        const unsigned character = quad ? atlas.At(first.uv, third.uv) : 0;
        if (character == 0) {
          i += 3;
          continue;
        }
        glyphs.push_back({character, first.pos, third.pos, command.ClipRect, first.col, owner});
        i += 6;
      }
    }
  }
  return glyphs;
}

// Glyphs that stand in one line close to each other, read as words.
inline std::string TextAround(const std::vector<Glyph>& glyphs, size_t at) {
  const auto follows = [&](const Glyph& l, const Glyph& r) {
    return l.list == r.list && l.color == r.color && r.a.x > l.a.x && r.a.x - l.b.x < 9 && std::fabs(l.b.y - r.b.y) < 8;
  };
  size_t from = at, to = at;
  while (from > 0 && follows(glyphs[from - 1], glyphs[from])) --from;
  while (to + 1 < glyphs.size() && follows(glyphs[to], glyphs[to + 1])) ++to;
  std::string text;
  for (size_t i = from; i <= to; ++i) {
    if (i > from && glyphs[i].a.x - glyphs[i - 1].b.x > 2.5f) text += ' ';
    text += Utf8(glyphs[i].character);
  }
  return text;
}

}  // namespace equipoise::ui::testing
