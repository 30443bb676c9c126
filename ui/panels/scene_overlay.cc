#include "ui/panels/scene_overlay.h"

#include <algorithm>
#include <cmath>

#include "ui/draw.h"
#include "ui/facts.h"
#include "ui/panels/card_fold.h"
#include "ui/scene_speed.h"

namespace equipoise::ui {
namespace {

constexpr int kCardSentenceLines = 2, kCardTermLines = 2;
constexpr const char* kUnbroken = "\xc2\xa0";  // a space at which no line ends

// In a low picture the card says who and how much, and leaves the rest to the robot.
bool IsLow(ImVec2 a, ImVec2 b) { return b.y - a.y < Px(260); }
float CardWidth(ImVec2 a, ImVec2 b) { return std::min(Px(IsLow(a, b) ? 214 : 334), b.x - a.x - Px(20)); }

std::string Headline(const Moment& moment) {
  if (!moment.any) return "No episode to show yet";
  const Actor actor = ActorOf(moment.pick, moment.reason);
  if (actor == Actor::kRandom) return ActorName(actor);
  return std::string(ActorName(actor)) + (moment.live ? " acts" : " acted");
}

// "forward +5.28, control -0.27"
std::string TermsText(const run::Snapshot& snapshot, const Moment& moment) {
  if (moment.terms == nullptr || snapshot.info == nullptr) return "";
  const auto& names = snapshot.info->task.term_names;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), moment.terms->size()); ++i) {
    std::string name = names[i];
    std::replace(name.begin(), name.end(), '_', ' ');
    std::string term = name + Format(" %+.2f", (*moment.terms)[i]);
    for (size_t at = term.find(' '); at != std::string::npos; at = term.find(' ')) term.replace(at, 1, kUnbroken);
    text += (i > 0 ? ", " : "") + term;
  }
  return text;
}

// Two terms stand behind the reward; more have two lines of their own.
bool HasManyTerms(const run::Snapshot& snapshot) {
  return snapshot.info != nullptr && snapshot.info->task.term_names.size() > 2;
}

std::string EpisodeText(int episode) { return episode > 0 ? Format("episode %d", episode) : "before learning"; }

std::string PhaseText(const run::Snapshot& snapshot, bool compact) {
  const auto phase = WaitingFor(snapshot);
  if (!phase) return "";
  const run::PhaseProgress& p = Progress(snapshot, *phase);
  return Format("%s %.0f %%", PhaseTitle(*phase, compact), 100 * Share(p));
}

std::string ShownText(PanelContext& context, const Moment& moment) {
  const run::Snapshot& snapshot = context.snapshot;
  const bool compact = context.state.compact;
  const Playback& playback = context.state.playback;
  const bool loops = playback.playing() && !context.state.for_export;
  const double pace = ReplayPace(context.state.speed);
  const std::string paced = loops && pace != 1 ? Format(" at %g\xc3\x97", pace) : "";
  if (playback.pinned() && !moment.live) {
    std::string chosen = moment.episode > 0 ? Format("Episode %d", moment.episode) : "Random episode";
    const run::Recalled* recalled = context.state.recalled.get();
    const bool rebuilt = recalled != nullptr && recalled->trace == playback.trace() && !recalled->note.empty();
    chosen += rebuilt ? ", rebuilt from what was observed" : ", as it was acted";
    return loops || context.state.for_export ? chosen + paced : chosen + ", held";
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
                                 : (compact || context.state.for_export ? "Last episode" : "Last episode, held");
  const std::string after = !paused.empty() ? "paused" : phase;
  return after.empty() ? what : what + " \xc2\xb7 " + after;
}

}  // namespace

namespace {

float CardHeight(const run::Snapshot& snapshot, const Moment& moment, ImVec2 a, ImVec2 b, bool folded) {
  if (folded) return Px(36);
  if (IsLow(a, b)) return Px(moment.any ? 58 : 38);
  const auto lines = Wrap(GetFonts().small, moment.why, CardWidth(a, b) - Px(26), kCardSentenceLines).size();
  if (!moment.any) return Px(44) + Px(19) * static_cast<float>(lines);
  // The same at every step, so that the card does not breathe.
  const int rows = 2 + (HasManyTerms(snapshot) ? kCardTermLines : 0);
  return Px(44) + Px(19) * (static_cast<float>(lines) + static_cast<float>(rows));
}

}  // namespace

ImVec2 ActorCardSize(const run::Snapshot& snapshot, const Moment& moment, ImVec2 a, ImVec2 b, bool folded) {
  const float width = folded ? std::min(Px(214), CardWidth(a, b)) : CardWidth(a, b);
  return {width, CardHeight(snapshot, moment, a, b, folded)};
}

void DrawActorCard(PanelContext& context, const Moment& moment, ImVec2 a, ImVec2 b, bool folded) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const ImVec2 size = ActorCardSize(context.snapshot, moment, a, b, folded);
  const float pad = Px(10), width = size.x, height = size.y, line = Px(19);
  const std::vector<std::string> why = Wrap(f.small, moment.why, width - Px(26), kCardSentenceLines);
  if (height + 2 * pad > b.y - a.y) return;
  const ImVec2 p{a.x + pad, a.y + pad}, q{p.x + width, p.y + height};
  const Actor actor = ActorOf(moment.pick, moment.reason);
  const ImU32 color = moment.any ? ActorColor(actor) : c.secondary;
  Rect(p, q, c.scrim, Px(6));
  Rect({p.x, p.y + Px(5)}, {p.x + Px(3), q.y - Px(5)}, color, Px(1));
  float x = p.x + Px(14);
  if (moment.any) {
    ActorGlyph({p.x + Px(20), p.y + Px(18)}, Px(7), actor);
    x = p.x + Px(36);
  }
  x += TextMiddle(f.strong, {x, p.y + Px(18)}, color, Headline(moment));
  const float caret = FoldCaret(context.state, {q.x - Px(6), p.y + Px(18)});
  const float right = q.x - Px(10) - caret;
  const std::string episode = moment.any && !folded ? EpisodeText(moment.episode) : "";
  if (x + Px(10) + TextWidth(f.small, episode) <= right)
    TextRight(f.small, {right, p.y + Px(11)}, c.secondary, episode);
  if (folded) return;
  float y = p.y + Px(34);
  if (IsLow(a, b)) {
    if (moment.any) {
      const std::string sum = Format("return %.1f after %d of %d", moment.return_so_far, moment.step, moment.steps);
      Text(f.small, {p.x + Px(14), y}, c.secondary, Elide(f.small, sum, width - Px(22)));
    }
    return;
  }
  for (const std::string& text : why) {
    Text(f.small, {p.x + Px(14), y}, c.text, text);
    y += line;
  }
  if (!moment.any) return;
  const auto row = [&](const char* name, const std::string& value, const std::string& rest) {
    Text(f.small, {p.x + Px(14), y}, c.secondary, name);
    TextRight(f.mono, {p.x + Px(152), y - Px(1)}, c.text, value);
    Text(f.small, {p.x + Px(162), y}, c.secondary, Elide(f.small, rest, q.x - Px(10) - p.x - Px(162)));
    y += line;
  };
  row("Return so far", Format("%.1f", moment.return_so_far), Format("after %d of %d steps", moment.step, moment.steps));
  if (moment.step == 0) return;
  const std::string terms = TermsText(context.snapshot, moment);
  const bool many = HasManyTerms(context.snapshot);
  row("Reward now", Format("%+.2f", moment.reward_now), many ? "" : terms);
  if (!many) return;
  for (const std::string& text : Wrap(f.small, terms, width - Px(26), kCardTermLines)) {
    Text(f.small, {p.x + Px(14), y}, c.secondary, text);
    y += line;
  }
}

void DrawShownPill(PanelContext& context, const Moment& moment, ImVec2 a, ImVec2 b) {
  const Palette& c = Colors();
  const run::Snapshot& snapshot = context.snapshot;
  const float pad = Px(10), height = Px(24), card = CardWidth(a, b) + 2 * pad;
  const std::string text = Elide(GetFonts().small, ShownText(context, moment), b.x - a.x - 2 * pad - Px(40));
  const float width = TextWidth(GetFonts().small, text) + Px(40);
  ImVec2 p{b.x - pad - width, a.y + pad};
  // Beside the card when there is room, else at the lower right.
  if (p.x < a.x + card) p.y = b.y - pad - height;
  Rect(p, {p.x + width, p.y + height}, c.scrim, Px(5));
  const ImVec2 centre{p.x + Px(15), p.y + height * 0.5f};
  const auto phase = WaitingFor(snapshot);
  if (moment.live && snapshot.live.acting) {
    DrawList()->AddCircleFilled(centre, Px(4.5f), c.good, 16);
  } else if (phase) {
    const ImU32 color = *phase == run::Phase::kModelPolicy ? c.model_based
                        : *phase == run::Phase::kSac       ? c.model_free
                                                           : c.text;
    ProgressRing(centre, Px(6.5f), Share(Progress(snapshot, *phase)), color, Ink(0.2f), Px(2.5f));
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
