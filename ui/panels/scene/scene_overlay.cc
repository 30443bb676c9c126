#include "ui/panels/scene/scene_overlay.h"

#include <algorithm>
#include <cmath>

#include "ui/kit/draw.h"
#include "ui/kit/picture.h"
#include "ui/panels/scene/scene_speed.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

std::string PhaseText(const run::Snapshot& snapshot, bool compact) {
  const run::StageProgress* stage = WaitingFor(snapshot);
  if (stage == nullptr) return "";
  const StageTitles titles = TitlesOf(*stage, PartsOf(snapshot));
  return Format("%s %.0f %%", (compact ? titles.compact : titles.whole).c_str(), 100 * Share(*stage));
}

std::string ShownText(PanelContext& context, const Moment& moment) {
  const run::Snapshot& snapshot = context.snapshot;
  const bool compact = context.state.window.compact;
  const Playback& playback = context.state.scene.playback;
  const bool loops = playback.playing() && !DrawingPicture();
  const double pace = ReplayPace(context.state.scene.speed);
  const std::string paced = loops && pace != 1 ? Format(" at %g\xc3\x97", pace) : "";
  if (playback.pinned() && !moment.live) {
    std::string chosen = moment.episode > 0 ? Format("Episode %d", moment.episode) : "Random episode";
    const run::Recalled* recalled = context.state.answers.recalled.get();
    const bool rebuilt = recalled != nullptr && recalled->trace == playback.trace() && !recalled->note.empty();
    chosen += rebuilt ? ", rebuilt from what was observed" : ", as it was acted";
    return loops || DrawingPicture() ? chosen + paced : chosen + ", held";
  }
  const std::string looping = paced.empty() ? "" : ", looping" + paced;
  if (snapshot.state == run::RunState::kFinished) return "The run is finished" + looping;
  if (snapshot.state == run::RunState::kStopped) return "The run has stopped" + looping;
  if (moment.live && snapshot.live.acting) {
    if (snapshot.state == run::RunState::kPaused) return "Live, paused";
    if (snapshot.speed <= 0) return "Live, at full speed";
    return snapshot.speed == 1 ? "Live, slowed to real time" : Format("Live, %g\xc3\x97 real time", snapshot.speed);
  }
  const std::string phase = PhaseText(snapshot, compact);
  const std::string paused = snapshot.state == run::RunState::kPaused ? "Paused" : "";
  if (moment.live || !moment.any) return !paused.empty() ? paused : phase.empty() ? "Waiting" : phase;
  const std::string what = loops ? (compact ? "Looping" : "Looping the last episode") + paced
                                 : (compact || DrawingPicture() ? "Last episode" : "Last episode, held");
  const std::string after = !paused.empty() ? "paused" : phase;
  return after.empty() ? what : what + " \xc2\xb7 " + after;
}

}  // namespace

void DrawShownPill(PanelContext& context, const Moment& moment, ImVec2 a, ImVec2 b) {
  const Palette& c = Colors();
  const run::Snapshot& snapshot = context.snapshot;
  const float pad = Px(10), height = Px(24);
  const std::string text = Elide(GetFonts().small, ShownText(context, moment), b.x - a.x - 2 * pad - Px(40));
  const float width = TextWidth(GetFonts().small, text) + Px(40);
  const ImVec2 p{b.x - pad - width, a.y + pad};
  Rect(p, {p.x + width, p.y + height}, c.scrim, Px(5));
  const ImVec2 centre{p.x + Px(15), p.y + height * 0.5f};
  const run::StageProgress* stage = WaitingFor(snapshot);
  if (moment.live && snapshot.live.acting) {
    DrawList()->AddCircleFilled(centre, Px(4.5f), c.good, 16);
  } else if (stage != nullptr) {
    const Actor learner = LearnerOf(PartsOf(snapshot), eps::Pick::Of(stage->id));
    const ImU32 color = learner.random() ? c.text : ActorColor(learner);
    ProgressRing(centre, Px(6.5f), Share(*stage), color, Ink(0.2f), Px(2.5f));
  } else {
    DrawList()->AddCircle(centre, Px(4.5f), c.secondary, 16, Px(1.5f));
  }
  TextMiddle(GetFonts().small, {p.x + Px(29), centre.y}, c.text, text);
}

void DrawGestureHint(ImVec2 a, ImVec2 b, bool compact) {
  const char* longer =
      "drag orbit \xc2\xb7 right-drag pan \xc2\xb7 wheel zoom \xc2\xb7 double-click pick \xc2\xb7 Ctrl+drag push "
      "(recorded)";
  const char* shorter = "drag orbit \xc2\xb7 Ctrl+drag push \xc2\xb7 double-click pick";
  const bool fits = !compact && TextWidth(GetFonts().small, longer) + Px(100) <= b.x - a.x;
  const std::string text = fits ? longer : shorter;
  const float pad = Px(10), height = Px(22), width = TextWidth(GetFonts().small, text) + Px(18);
  if (width + 2 * pad > b.x - a.x) return;
  const ImVec2 p{a.x + pad, b.y - pad - height};
  Rect(p, {p.x + width, p.y + height}, WithAlpha(Colors().scrim, Colors().light ? 0.7f : 0.55f), Px(5));
  TextMiddle(GetFonts().small, {p.x + Px(9), p.y + height * 0.5f}, Colors().secondary, text);
}

void DrawStopped(const std::string& reason, ImVec2 a, ImVec2 b) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const float pad = Px(10), line = Px(19), width = b.x - a.x - 2 * pad;
  const int most = std::max(1, static_cast<int>((b.y - a.y) * 0.5f / line) - 2);
  const std::vector<std::string> lines = Wrap(f.small, reason, width - Px(28), most);
  const float height = Px(40) + line * static_cast<float>(lines.size());
  const ImVec2 p{a.x + pad, b.y - pad - height}, q{b.x - pad, b.y - pad};
  Rect(p, q, WithAlpha(c.card, 0.96f), Px(6));
  Frame(p, q, c.bad, Px(6), Px(1.5f));
  const float x = p.x + Px(14);
  const float icon_width = TextMiddle(f.strong, {x, p.y + Px(19)}, c.bad, icon::kWarning);
  TextMiddle(f.strong, {x + icon_width + Px(8), p.y + Px(19)}, c.bad, "The run has stopped");
  float y = p.y + Px(35);
  for (const std::string& text : lines) {
    Text(f.small, {x, y}, c.text, text);
    y += line;
  }
}

}  // namespace equipoise::ui
