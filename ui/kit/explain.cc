#include "ui/kit/explain.h"

#include <algorithm>

#include "ui/kit/picture.h"

namespace equipoise::ui {
namespace {

struct Frame {
  const ImGuiContext* context = nullptr;
  int number = -1;
  std::vector<Meaning> explained, words;
};
Frame frame;
bool keep_all = false;

Frame& ThisFrame() {
  const ImGuiContext* context = ImGui::GetCurrentContext();
  if (frame.context != context || frame.number != ImGui::GetFrameCount())
    frame = {context, ImGui::GetFrameCount(), {}, {}};
  return frame;
}

bool Inside(ImVec2 p, ImVec2 a, ImVec2 b) { return p.x >= a.x && p.x < b.x && p.y >= a.y && p.y < b.y; }

// Is it to be kept: it can be seen, and the mouse is on it?
bool Wanted(ImVec2 a, ImVec2 b) {
  if (DrawingPicture()) return false;
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  ImGuiWindow* window = context.CurrentWindow;
  const ImRect clip = window->ClipRect;
  if (keep_all) {
    const bool covered = context.HoveredWindow != nullptr && context.HoveredWindow->RootWindow != window->RootWindow;
    return !covered && a.x < clip.Max.x && b.x > clip.Min.x && a.y < clip.Max.y && b.y > clip.Min.y;
  }
  const ImVec2 mouse = context.IO.MousePos;
  return context.HoveredWindow == window && Inside(mouse, a, b) && Inside(mouse, clip.Min, clip.Max);
}

}  // namespace

void Explain(ImVec2 a, ImVec2 b, const std::string& term, const std::string& now, const std::string& sentence) {
  if (Wanted(a, b)) ThisFrame().explained.push_back({a, b, term, now, sentence});
}

void NoteWords(ImVec2 a, ImVec2 b, const std::string& words) {
  if (Wanted(a, b)) ThisFrame().words.push_back({a, b, words});
}

void KeepAllMeanings(bool all) { keep_all = all; }

const std::vector<Meaning>& Explained() { return ThisFrame().explained; }
const std::vector<Meaning>& WordsDrawn() { return ThisFrame().words; }

}  // namespace equipoise::ui
