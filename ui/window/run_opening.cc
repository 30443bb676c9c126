#include "ui/window/run_opening.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <utility>

#include "engine/store/run_folder.h"
#include "ui/kit/draw.h"
#include "ui/kit/trace.h"
#include "ui/view/facts.h"
#include "ui/window/behind_window.h"

namespace equipoise::ui {

RunOpening::RunOpening(std::string words, MakeRun make, std::function<void()> wake)
    : words_(std::move(words)),
      made_(std::async(std::launch::async,
                       [failure = failure_, make = std::move(make), wake = std::move(wake)]() -> Result<OpenedRun> {
                         // The window must hear of the end whatever it was.
                         struct Waker {
                           const std::function<void()>& wake;
                           ~Waker() {
                             if (wake) wake();
                           }
                         } waker{wake};
                         StandBehindTheWindow();
                         try {
                           Result<OpenedRun> made = make();
                           if (!made) *failure = made.error().message;
                           return made;
                         } catch (const std::exception& error) {
                           *failure = error.what();
                           return Error{error.what()};
                         }
                       })) {}

bool RunOpening::Ready(std::chrono::milliseconds patience) const {
  return made_.wait_for(patience) == std::future_status::ready;
}

std::string RunOpening::Failure() const { return made_.valid() && Ready() ? *failure_ : ""; }

MakeRun OpeningOf(const RunRequest& request, bool same) {
  return [request, same]() -> Result<OpenedRun> {
    OpenedRun opened;
    opened.paused = request.paused;
    opened.watching = request.kind == RunRequest::Kind::kLook;
    auto made = MakeEngine(request);
    if (!made && same) {
      opened.complaint = made.error().message;
      opened.watching = true;
      RunRequest look;
      look.folder = request.folder;
      made = MakeEngine(look);
    }
    if (!made) return made.error();
    opened.engine = std::move(made).value();
    return opened;
  };
}

std::string OpeningWords(const std::string& folder) {
  std::error_code absent;
  const auto bytes = std::filesystem::file_size(store::RunPaths(folder).episodes, absent);
  if (absent) return "Making " + folder + ".";
  return "Reading " + folder + Format(": %.1f MB of episodes.", static_cast<double>(bytes) / 1e6);
}

void DrawOpening(const RunOpening& opening, double since, UiState* state) {
  constexpr double kAtOnce = 0.15, kFramePeriod = 0.1;
  if (since < kAtOnce) {
    state->clock.WakeIn(kAtOnce - since);
    return;
  }
  state->clock.WakeIn(kFramePeriod);
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(all);
  ImGui::SetNextWindowFocus();
  ImGui::Begin("##opening", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground);
  Rect({0, 0}, all, WithAlpha(Colors().window, 0.75f), 0);
  ImFont* font = GetFonts().body;
  const std::string words = Elide(font, opening.words(), all.x - Px(160));
  const float width = TextWidth(font, words) + Px(76), height = Px(56);
  const ImVec2 a{0.5f * (all.x - width), 0.5f * (all.y - height)}, b{a.x + width, a.y + height};
  Rect(a, b, Colors().card, Px(8));
  Frame(a, b, Colors().line, Px(8));
  const ImVec2 centre{a.x + Px(30), 0.5f * (a.y + b.y)};
  const float turn = static_cast<float>(std::fmod(since, 1.0) * 2 * 3.14159265358979);
  DrawList()->PathArcTo(centre, Px(9), turn, turn + 4.2f, 24);
  DrawList()->PathStroke(Colors().text, 0, Px(2.2f));
  TextMiddle(font, {a.x + Px(52), centre.y}, Colors().text, words);
  TraceWidget("opening", a, b);
  ImGui::End();
}

}  // namespace equipoise::ui
