#include "ui/kit/theme.h"

#include <cmath>
#include <filesystem>

#include <fontconfig/fontconfig.h>

#include "ui/kit/theme_state.h"

namespace equipoise::ui {
namespace {

Fonts fonts;
float scale_factor = 1;

void SetStyleColors(ImGuiStyle* style) {
  const Palette& p = Colors();
  const auto set = [style](int index, ImU32 color) { style->Colors[index] = ImGui::ColorConvertU32ToFloat4(color); };
  const ImU32 none = 0;
  ImGui::StyleColorsDark(style);
  set(ImGuiCol_Text, p.text);
  set(ImGuiCol_TextDisabled, p.secondary);
  set(ImGuiCol_TextSelectedBg, WithAlpha(p.accent, 0.35f));
  set(ImGuiCol_WindowBg, p.window);
  set(ImGuiCol_ChildBg, p.card);
  set(ImGuiCol_PopupBg, p.raised);
  set(ImGuiCol_Border, p.line);
  set(ImGuiCol_BorderShadow, none);
  set(ImGuiCol_FrameBg, p.field);
  set(ImGuiCol_FrameBgHovered, p.field_hover);
  set(ImGuiCol_FrameBgActive, p.field_on);
  for (int title : {ImGuiCol_TitleBg, ImGuiCol_TitleBgActive, ImGuiCol_TitleBgCollapsed}) set(title, p.card);
  set(ImGuiCol_ScrollbarBg, none);
  set(ImGuiCol_ScrollbarGrab, p.field_on);
  set(ImGuiCol_ScrollbarGrabHovered, p.faint);
  set(ImGuiCol_ScrollbarGrabActive, p.faint);
  set(ImGuiCol_CheckMark, p.accent);
  set(ImGuiCol_SliderGrab, p.accent);
  set(ImGuiCol_SliderGrabActive, p.text);
  set(ImGuiCol_Button, p.field);
  set(ImGuiCol_ButtonHovered, p.field_hover);
  set(ImGuiCol_ButtonActive, p.field_on);
  set(ImGuiCol_Header, p.field);
  set(ImGuiCol_HeaderHovered, p.field_hover);
  set(ImGuiCol_HeaderActive, p.field_on);
  set(ImGuiCol_Separator, p.line);
  set(ImGuiCol_Tab, none);
  set(ImGuiCol_TabHovered, p.field_hover);
  set(kColorTabSelected, p.field);
  set(kColorTabDimmed, none);
  set(kColorTabDimmedSelected, p.field);
  set(ImGuiCol_ModalWindowDimBg, Rgb(0x05070A, 150));
}

bool SameFamily(const FcPattern* font, const std::string& family) {
  FcChar8* name = nullptr;
  const auto* wanted = reinterpret_cast<const FcChar8*>(family.c_str());
  for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &name) == FcResultMatch; ++i) {
    if (FcStrCmpIgnoreCase(name, wanted) == 0) return true;
  }
  return false;
}

struct Face {
  const char* family;
  const char* fallback;
  int weight;
  float size;
  bool icons;
};

ImFont* AddFont(const Face& face, float scale, const std::string& icon_file) {
  // Latin, Greek, and the punctuation, arrows, mathematics and shapes that our sentences use.
  static const ImWchar kText[] = {0x0020, 0x017F, 0x0391, 0x03C9, 0x2010, 0x2027, 0x2030, 0x205E, 0x2070,
                                  0x209F, 0x2190, 0x21FF, 0x2200, 0x22FF, 0x25A0, 0x25FF, 0};
  static const ImWchar kIcons[] = {0xF000, 0xF2E0, 0};
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  const float size = std::floor(face.size * scale * 2 + 0.5f) / 2;
  ImFontConfig text;
  text.OversampleH = 2;
  text.OversampleV = 1;
  std::string file = FindFont(face.family, face.weight);
  if (file.empty()) file = FindFont(face.fallback, face.weight);
  ImFont* font = nullptr;
  if (!file.empty()) font = atlas->AddFontFromFileTTF(file.c_str(), size, &text, kText);
  if (font == nullptr) {
    text.SizePixels = size;
    font = atlas->AddFontDefault(&text);
  }
  if (face.icons && !icon_file.empty()) {
    ImFontConfig merged;
    merged.MergeMode = true;
    merged.PixelSnapH = true;
    merged.GlyphMinAdvanceX = size * 1.15f;
    merged.GlyphOffset.y = 0.5f;
    atlas->AddFontFromFileTTF(icon_file.c_str(), size * 0.92f, &merged, kIcons);
  }
  return font;
}

}  // namespace

const Fonts& GetFonts() { return fonts; }
float Scale() { return scale_factor; }
float Px(float length) { return std::floor(length * scale_factor + 0.5f); }

void ApplyTheme(bool light, float scale, bool safe) {
  UseColors(MakePalette(light, safe));
  scale_factor = scale;
  ImGuiStyle style;  // a fresh one, so that a second call does not scale twice
  style.WindowPadding = {12, 10};
  style.FramePadding = {9, 5};
  style.ItemSpacing = {8, 7};
  style.ItemInnerSpacing = {7, 5};
  style.CellPadding = {6, 4};
  style.ScrollbarSize = 11;
  style.GrabMinSize = 11;
  style.IndentSpacing = 16;
  style.WindowRounding = 0;
  style.ChildRounding = style.PopupRounding = style.ScrollbarRounding = 6;
  style.FrameRounding = style.GrabRounding = style.TabRounding = 5;
  style.WindowBorderSize = style.FrameBorderSize = style.TabBorderSize = 0;
  style.ChildBorderSize = style.PopupBorderSize = 1;
  style.SelectableTextAlign = {0, 0.5f};
  style.DisabledAlpha = 0.45f;
  SetStyleColors(&style);
  style.ScaleAllSizes(scale);
  ImGui::GetStyle() = style;
}

ThemeState KeepTheme() { return {Colors(), fonts, scale_factor}; }

void RestoreTheme(const ThemeState& state) {
  UseColors(state.palette);
  fonts = state.fonts;
  scale_factor = state.scale;
}

std::string FindFont(const std::string& family, int fontconfig_weight) {
  FcPattern* wanted = FcPatternCreate();
  FcPatternAddString(wanted, FC_FAMILY, reinterpret_cast<const FcChar8*>(family.c_str()));
  FcPatternAddInteger(wanted, FC_WEIGHT, fontconfig_weight);
  FcPatternAddInteger(wanted, FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(wanted, FC_VARIABLE, FcFalse);  // a variable font would be drawn in its default weight
  FcConfigSubstitute(nullptr, wanted, FcMatchPattern);
  FcDefaultSubstitute(wanted);
  FcResult result = FcResultNoMatch;
  FcPattern* found = FcFontMatch(nullptr, wanted, &result);
  std::string file;
  // fontconfig always offers something; only the family that was asked for will do.
  if (found != nullptr && SameFamily(found, family)) {
    FcChar8* name = nullptr;
    if (FcPatternGetString(found, FC_FILE, 0, &name) == FcResultMatch) file = reinterpret_cast<const char*>(name);
  }
  if (found != nullptr) FcPatternDestroy(found);
  FcPatternDestroy(wanted);
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? file : "";
}

void LoadFonts(float scale) {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->Clear();
  UseFreeType(atlas);
  const std::string icons = FindFont("FontAwesome", FC_WEIGHT_REGULAR);
  const auto add = [&](const Face& face) { return AddFont(face, scale, icons); };
  // The first one is ImGui's default.
  fonts.body = add({"Inter", "DejaVu Sans", FC_WEIGHT_REGULAR, 15, true});
  fonts.strong = add({"Inter", "DejaVu Sans", FC_WEIGHT_DEMIBOLD, 15, true});
  fonts.small = add({"Inter", "DejaVu Sans", FC_WEIGHT_MEDIUM, 12.5f, true});
  fonts.title = add({"Inter", "DejaVu Sans", FC_WEIGHT_DEMIBOLD, 18, true});
  fonts.mono = add({"JetBrains Mono", "DejaVu Sans Mono", FC_WEIGHT_REGULAR, 13, false});
  fonts.mono_small = add({"JetBrains Mono", "DejaVu Sans Mono", FC_WEIGHT_REGULAR, 11.5f, false});
}

}  // namespace equipoise::ui
