// take_away_sheet.cc: pictures, plots, data and films of what is shown, into the run's folder "export".
#include <algorithm>
#include <string>
#include <vector>

#include "ui/export/film.h"
#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/widgets.h"
#include "ui/view/filmed.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

using What = TakeAwayRequest::What;

struct Item {
  const char *id, *label, *what;
  What request;
  bool enabled;
};

// "episode 12: 10 s, 301 frames"
std::string FilmLengthWords(const PanelContext& context, const TakeAwayRequest& wanted) {
  const Filmed filmed = FilmedNow(context);
  if (filmed.steps() == 0 || context.snapshot.info == nullptr) return "";
  const double seconds = filmed.steps() * context.snapshot.info->task.control_dt_seconds;
  const std::string episode = filmed.episode() > 0 ? Format("episode %d", filmed.episode()) : "a random episode";
  return (filmed.imagined != nullptr ? "imagined, " + episode : episode) +
         Format(": %.3g s, %d frames", seconds / wanted.film_speed,
                FilmLength(seconds, wanted.frames_per_second, wanted.film_speed));
}

void DrawFilmProgress(UiState& state, ImVec2 at, float width) {
  const double share = static_cast<double>(state.window.film.frame) / std::max(1, state.window.film.frames);
  Rect(at, {at.x + width, at.y + Px(8)}, Colors().field, Px(4));
  Rect(at, {at.x + width * static_cast<float>(share), at.y + Px(8)}, Colors().accent, Px(4));
  TextMiddle(GetFonts().small, {at.x, at.y + Px(26)}, Colors().secondary,
             Elide(GetFonts().small,
                   Format("Frame %d of %d: %s", state.window.film.frame, state.window.film.frames,
                          state.window.film.path.c_str()),
                   width - Px(104)));
  if (Button("film.cancel", {at.x + width - Px(90), at.y + Px(14)}, {Px(90), Px(26)}, "Cancel"))
    state.requests.Post(GiveUpFilm{});
}

}  // namespace

void DrawTakeAwaySheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.Shows(Sheet::kTakeAway)) return;
  TakeAwayRequest& wanted = state.memory.OfWindow<TakeAwaySheetView>().chosen;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const SheetFrame frame =
      BeginSheet("##takeaway", {std::clamp(all.x - Px(40), Px(520), Px(640)), Px(418)}, icon::kDownload, "Export");
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, label = Px(90);
  const auto name = [&](const char* text) {
    Explain(at, {at.x + width, at.y + Px(28)}, "Export",
            std::string(text) + ": chosen here for all that is exported below.");
    TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, text);
  };
  name("Of");
  const int part = Segments("export.part", {at.x + label, at.y}, {width - label, Px(26)},
                            {"Window", "Scene", "Curves", "Check", "Model"}, static_cast<int>(wanted.part));
  if (part >= 0) wanted.part = kAllShots[part];
  at.y += Px(34);
  name("Scale");
  const float scales[] = {1, 2, 3, 4};
  const int scale = Segments("export.scale", {at.x + label, at.y}, {Px(220), Px(26)},
                             {"1\xc3\x97", "2\xc3\x97", "3\xc3\x97", "4\xc3\x97"}, static_cast<int>(wanted.scale) - 1);
  if (scale >= 0) wanted.scale = scales[scale];
  ShotSpec size = UsualShot(wanted.part, wanted.scale);
  if (wanted.part == ShotOf::kWindow) {
    size.width = all.x;
    size.height = all.y;
  }
  TextMiddle(GetFonts().small, {at.x + label + Px(232), at.y + Px(13)}, Colors().faint,
             Format("%.0f \xc3\x97 %.0f pixels", size.width * size.scale, size.height * size.scale));
  at.y += Px(34);
  name("Film");
  const double rates[] = {10, 25, 30, 60};
  const auto rate = std::find(std::begin(rates), std::end(rates), wanted.frames_per_second);
  const int chosen = Segments("export.rate", {at.x + label, at.y}, {Px(220), Px(26)}, {"10", "25", "30", "60"},
                              static_cast<int>(rate - std::begin(rates)));
  if (chosen >= 0) wanted.frames_per_second = rates[chosen];
  TextMiddle(GetFonts().small, {at.x + label + Px(232), at.y + Px(13)}, Colors().faint, "frames a second");
  at.y += Px(34);
  name("Film speed");
  const double speeds[] = {1, 0.5, 0.25, 0.1};
  const auto speed = std::find(std::begin(speeds), std::end(speeds), wanted.film_speed);
  const int slow = Segments("export.film_speed", {at.x + label, at.y}, {Px(220), Px(26)},
                            {"real", "\xc2\xbd\xc3\x97", "\xc2\xbc\xc3\x97", "0.1\xc3\x97"},
                            static_cast<int>(speed - std::begin(speeds)));
  if (slow >= 0) wanted.film_speed = speeds[slow];
  TextMiddle(GetFonts().small, {at.x + label + Px(232), at.y + Px(13)}, Colors().faint,
             FilmLengthWords(context, wanted));
  at.y += Px(46);
  if (state.window.film.frames > 0) {
    DrawFilmProgress(state, at, width);
    EndSheet(frame, &state.sheet);
    return;
  }

  const bool has_film = wanted.part == ShotOf::kScene && FilmedNow(context).steps() > 0;
  const bool encoder = !FindProgram("ffmpeg").empty();
  const char* no_film = wanted.part == ShotOf::kScene ? "once an episode was acted" : "films are of the scene";
  const std::vector<Item> items = {
      {"export.picture", "Picture, PNG", "as it is shown, drawn anew at that scale", What::kPicture, true},
      {"export.plots", "Plots, SVG",
       wanted.part == ShotOf::kScene ? "the scene holds no plot" : "from the data, in the view that is chosen",
       What::kPlots, wanted.part != ShotOf::kScene},
      {"export.visible", "Visible data, CSV", "the episodes in sight, the numbers of check and model shown",
       What::kVisibleData, true},
      {"export.all", "All data, CSV", "every episode of the run", What::kAllData, true},
      {"export.frames", "Frames, PNG",
       has_film ? "the body alone, made beside the window, as numbered pictures" : no_film, What::kFrames, has_film},
      {"export.video", "Video, MP4",
       !encoder   ? "needs the program ffmpeg, which is not installed (package ffmpeg)"
       : has_film ? "the body alone, made beside the window"
                  : no_film,
       What::kVideo, has_film && encoder},
  };
  for (const Item& item : items) {
    ButtonStyle style;
    style.enabled = item.enabled;
    Explain(at, {at.x + width, at.y + Px(28)}, "Export", std::string(item.label) + ": " + item.what + ".");
    if (Button(item.id, at, {Px(160), Px(28)}, item.label, style)) {
      TakeAwayRequest request = wanted;
      request.what = item.request;
      state.requests.Post(request);
    }
    TextMiddleElided(GetFonts().small, {at.x + Px(174), at.y + Px(14)},
                     item.enabled ? Colors().secondary : Colors().faint, item.what, width - Px(174));
    at.y += Px(33);
  }
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
