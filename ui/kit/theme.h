// theme.h: colours, fonts, icons and the one scale that every length goes through.
//
// The colours of the learners, blue and orange first, mean them and nothing else, so controls are neutral. A meaning is
// never carried by colour alone: each has a shape as well (draw.h, ActorGlyph).
//
// Units    lengths are written for a scale of 1 and go through Px(); scale = content scale of the monitor x zoom
// Thread   the one that owns the ImGui context; one context at a time
// Errors   none: a font that is not installed is replaced (DejaVu, then ImGui's own)
#pragma once

#include <array>
#include <string>
#include <type_traits>

#include "ui/figure/palette.h"
#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

struct Fonts {
  ImFont* body = nullptr;        // 15
  ImFont* strong = nullptr;      // 15 semibold: card titles, main button
  ImFont* small = nullptr;       // 12.5 medium: labels
  ImFont* title = nullptr;       // 18 semibold: the sentence of the check, the name
  ImFont* mono = nullptr;        // 13: numbers, so that they do not dance
  ImFont* mono_small = nullptr;  // 11.5: times, keys
};

const Fonts& GetFonts();
float Scale();
// A length at scale 1, in whole pixels at the current scale.
float Px(float length);

// Palette and ImGui style; call again whenever theme or scale changes.
// `safe`: who acted in colours that stay apart for every kind of colour-blindness (after Okabe and Ito).
void ApplyTheme(bool light, float scale, bool safe = false);
// Fills the font atlas of the current context for `scale`. Before a frame, never inside one; the renderer's font
// texture must be made again afterwards.
void LoadFonts(float scale);
// The file of a font family as fontconfig finds it, or "" when that family is not installed.
std::string FindFont(const std::string& family, int fontconfig_weight);

static_assert(std::is_same_v<ImU32, Rgba> && IM_COL32_R_SHIFT == 0, "colours are packed as ImGui packs them");

namespace icon {  // FontAwesome 4.7
inline constexpr const char* kPlay = "\xef\x81\x8b";
inline constexpr const char* kPause = "\xef\x81\x8c";
inline constexpr const char* kStepForward = "\xef\x81\x91";
inline constexpr const char* kStepBack = "\xef\x81\x88";
inline constexpr const char* kLoop = "\xef\x80\x9e";
inline constexpr const char* kCamera = "\xef\x80\xb0";
inline constexpr const char* kSave = "\xef\x83\x87";
inline constexpr const char* kBolt = "\xef\x83\xa7";
inline constexpr const char* kCube = "\xef\x86\xb2";
inline constexpr const char* kChart = "\xef\x88\x81";
inline constexpr const char* kEye = "\xef\x81\xae";
inline constexpr const char* kSliders = "\xef\x87\x9e";
inline constexpr const char* kFlask = "\xef\x83\x83";
inline constexpr const char* kList = "\xef\x80\xba";
inline constexpr const char* kScale = "\xef\x89\x8e";
inline constexpr const char* kCheck = "\xef\x80\x8c";
inline constexpr const char* kTimes = "\xef\x80\x8d";
inline constexpr const char* kClock = "\xef\x80\x97";
inline constexpr const char* kFlag = "\xef\x80\xa4";
inline constexpr const char* kUndo = "\xef\x83\xa2";
inline constexpr const char* kFolder = "\xef\x81\xbc";
inline constexpr const char* kWarning = "\xef\x81\xb1";
inline constexpr const char* kHand = "\xef\x89\x96";
inline constexpr const char* kExchange = "\xef\x83\xac";
inline constexpr const char* kCaretDown = "\xef\x83\x97";
inline constexpr const char* kChevronRight = "\xef\x81\x94";
inline constexpr const char* kKeyboard = "\xef\x84\x9c";
inline constexpr const char* kAdjust = "\xef\x81\x82";
inline constexpr const char* kArchive = "\xef\x86\x87";
inline constexpr const char* kDownload = "\xef\x80\x99";
inline constexpr const char* kExpand = "\xef\x81\xa5";
inline constexpr const char* kCompress = "\xef\x81\xa6";
inline constexpr const char* kQuestion = "\xef\x84\xa8";
inline constexpr const char* kHeart = "\xef\x88\x9e";
inline constexpr const char* kCrosshairs = "\xef\x81\x9b";
}  // namespace icon

}  // namespace equipoise::ui
