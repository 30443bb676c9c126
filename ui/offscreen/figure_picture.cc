#include "ui/offscreen/figure_picture.h"

#include <cmath>
#include <string>
#include <utility>

#include "ui/gl/canvas.h"
#include "ui/kit/draw.h"
#include "ui/kit/imgui_backends.h"
#include "ui/kit/picture.h"
#include "ui/kit/picture_context.h"
#include "ui/offscreen/offscreen.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/line_chart.h"

namespace equipoise::ui {
namespace {

constexpr float kEdge = 16, kHead = 40, kLegendRow = 20, kSignWidth = 18, kTitleRow = 24, kBetween = 10, kFoot = 12;

void DrawSign(const LegendEntry& entry, ImVec2 left_middle) {
  const ImVec2 right{left_middle.x + Px(kSignWidth), left_middle.y};
  switch (entry.sign) {
    case LegendEntry::Sign::kActor:
      ActorGlyph({left_middle.x + Px(kSignWidth) / 2, left_middle.y}, Px(4), entry.actor);
      break;
    case LegendEntry::Sign::kLine:
      Line(left_middle, right, entry.color, Px(2));
      break;
    case LegendEntry::Sign::kDashes:
      DashedPath({left_middle, right}, entry.color, Px(2), Px(6), Px(4));
      break;
    case LegendEntry::Sign::kDots:
      DashedPath({left_middle, right}, entry.color, Px(2), Px(2), Px(3));
      break;
    case LegendEntry::Sign::kBand:
      Line(left_middle, right, WithAlpha(entry.color, 0.3f), Px(9));
      break;
  }
}

// In as many rows as they need; the height of these. Only measured unless `draw`.
float Legend(const std::vector<LegendEntry>& entries, float width, float top, bool draw) {
  ImFont* font = GetFonts().small;
  float x = Px(kEdge), y = top;
  for (const LegendEntry& entry : entries) {
    const float wide = Px(kSignWidth + 6) + TextWidth(font, entry.label) + Px(14);
    if (x > Px(kEdge) && x + wide > width - Px(kEdge)) {
      x = Px(kEdge);
      y += Px(kLegendRow);
    }
    const float middle = y + Px(kLegendRow) / 2;
    if (draw) {
      DrawSign(entry, {x, middle});
      TextMiddle(font, {x + Px(kSignWidth + 6), middle}, Colors().secondary, entry.label);
    }
    x += wide;
  }
  return entries.empty() ? 0 : y - top + Px(kLegendRow);
}

// Everything of a figure, from above; where it ends.
float Draw(const std::vector<FigureChart>& charts, const SvgOptions& options, float width, bool draw) {
  float top = Px(kHead);
  if (draw) {
    Text(GetFonts().strong, {Px(kEdge), Px(12)}, Colors().text, options.title);
    TextRight(GetFonts().small, {width - Px(kEdge), Px(14)}, Colors().secondary, options.note);
  }
  if (!charts.empty()) top += Legend(charts.front().spec.legend, width, top, draw);
  for (const FigureChart& chart : charts) {
    if (!chart.title.empty()) {
      if (draw) Text(GetFonts().strong, {Px(kEdge), top + Px(4)}, Colors().text, chart.title);
      top += Px(kTitleRow);
    }
    const float height = Px(static_cast<float>(chart.height)) + TickRowHeight() + Px(4);
    if (draw) {
      AxisView x{chart.x.lo, chart.x.hi, false}, y{chart.y.lo, chart.y.hi, false};
      ChartSpec spec = chart.spec;
      spec.x_fit = x;
      spec.y_fit = y;
      x.fit = y.fit = true;
      spec.left_margin = 56;
      ImGui::SetCursorScreenPos({Px(8), top});
      ImGui::PushID(&chart);
      DrawLineChart("chart", {width - Px(8 + 14), height}, spec, &x, &y);
      ImGui::PopID();
    }
    top += height + Px(kBetween);
  }
  return top - Px(kBetween) + Px(kFoot);
}

}  // namespace

struct FigureStudio::Parts {
  std::unique_ptr<OffscreenContext> offscreen;  // before all that lives in it
  std::unique_ptr<PictureContext> pictures;
  bool light = true;
};

FigureStudio::FigureStudio(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FigureStudio::~FigureStudio() = default;

Result<std::unique_ptr<FigureStudio>> FigureStudio::Open(bool light) {
  auto offscreen = OffscreenContext::Create();
  if (!offscreen) return offscreen.error();
  auto parts = std::make_unique<Parts>();
  parts->offscreen = std::move(offscreen).value();
  auto pictures = PictureContext::Create();
  if (!pictures) return pictures.error();
  parts->pictures = std::move(pictures).value();
  parts->light = light;
  return std::unique_ptr<FigureStudio>(new FigureStudio(std::move(parts)));
}

Result<Picture> FigureStudio::Take(const std::vector<FigureChart>& charts, const SvgOptions& options, float scale) {
  const PictureContext::Use use(parts_->pictures.get());
  const PictureDrawing drawing;
  parts_->pictures->Apply(parts_->light, scale, /*safe_colours=*/false);
  const float width = Px(static_cast<float>(options.width));
  int height = 1;
  // The first frame measures.
  for (const bool draw : {false, true}) {
    parts_->pictures->NewFrame(static_cast<int>(std::lround(width)), height);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::Begin("##figure", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings);
    ImGui::PopStyleVar();
    if (draw) Rect({0, 0}, ImGui::GetIO().DisplaySize, Colors().card);
    height = static_cast<int>(std::lround(Draw(charts, options, width, draw)));
    ImGui::End();
    ImGui::Render();
  }
  const Canvas canvas(static_cast<int>(std::lround(width)), height);
  if (!canvas.Complete())
    return Error{"the driver refuses a picture of " + std::to_string(std::lround(width)) + " x " +
                 std::to_string(height) + " pixels"};
  canvas.Clear();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return ReadFramebuffer(static_cast<int>(std::lround(width)), height);
}

}  // namespace equipoise::ui
