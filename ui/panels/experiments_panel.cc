#include "ui/panels/experiments_panel.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/effects_panel.h"
#include "ui/panels/reason_field.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

constexpr double kBrokenDropout = 0.5;
// An entropy bonus so many times the untouched one counts as broken: the reward no longer matters to the policy.
constexpr double kBrokenFactor = 4;

ExperimentsView& ViewOf(PanelContext& context) { return context.state.memory.OfWindow<ExperimentsView>(); }

double Real(const run::Snapshot& snapshot, const std::string& key) {
  return std::get<double>(config::Get(SettingsOf(snapshot), key));
}

struct Block {
  std::string title, action, id;
  const char* term = "Experiment";  // in the glossary
  std::string checkpoint;           // that a roll back of this experiment goes to; "": none is kept

  bool on = false, enabled = true;
  std::vector<std::string> pending;  // keys of the changes it makes
  std::string what, expected;        // one sentence each
};

std::string OnSince(const run::Snapshot& snapshot, const std::string& key) {
  const run::Event* event = NewestIntervention(snapshot, key);
  return event != nullptr ? Format("On since episode %d.", event->episode) : "On since the start.";
}

// What most likely comes of an experiment: with a single learner there is nobody to take over.
enum class Blow { kDistractors, kModelFree, kModel };
std::string Expected(const run::Snapshot& snapshot, Blow blow) {
  const nets::PartList& parts = PartsOf(snapshot);
  const std::vector<const nets::PartInfo*> learners = parts.Learners();
  if (learners.empty()) return "";
  if (!parts.HasModel() && blow == Blow::kDistractors) return "Expected: " + learners[0]->name + " learns more slowly.";
  if (!Compares(snapshot)) return "Expected: the return falls, none takes over.";
  const std::string &free = learners.front()->name, &based = learners.back()->name;
  if (blow == Blow::kDistractors) return "Expected: the model suffers, " + free + " takes over.";
  if (blow == Blow::kModelFree) return "Expected: " + based + " acts, " + free + " only when forced.";
  return "Expected: " + parts.Beliefs() + " disagree, " + free + " takes over.";
}

// The first learner without a model that is paid for its entropy; null: there is none.
const nets::PartInfo* Paid(const nets::PartList& parts) {
  for (const nets::PartInfo* part : parts.Learners())
    if (part->kind == nets::PartInfo::Kind::kModelFree && config::FindSpec(part->id + ".entropy_bonus") != nullptr)
      return part;
  return nullptr;
}

// The checkpoint from just before the newest change of `key`, while it is kept.
std::string CheckpointBefore(const run::Snapshot& snapshot, const std::string& key) {
  const run::Event* event = NewestIntervention(snapshot, key);
  if (event == nullptr || event->checkpoint.empty()) return "";
  for (const run::KeptCheckpoint& kept : snapshot.kept)
    if (kept.name == event->checkpoint) return kept.name;
  return "";
}

std::string RollBackSentence(const run::Snapshot& snapshot, const std::string& checkpoint) {
  for (const run::KeptCheckpoint& kept : snapshot.kept)
    if (kept.name == checkpoint) return Format("Roll back: to before episode %d.", kept.episode);
  return "";
}

// In a run that has ended the engine is started again for it.
void RollBackTo(PanelContext& context, const std::string& checkpoint) {
  const run::Snapshot& snapshot = context.snapshot;
  const bool ended = snapshot.state == run::RunState::kFinished || snapshot.state == run::RunState::kStopped;
  if (!ended) {
    context.post(run::RollBack{checkpoint});
  } else if (snapshot.info != nullptr) {
    context.state.requests.Post(
        RunRequest{RunRequest::Kind::kContinue, snapshot.info->directory, {}, 0, checkpoint, true});
  }
}

// Title, action button and the yellow edge of an experiment that is on. True when the button was pressed.
bool DrawHead(PanelContext& context, const Block& block, ImVec2 at, float width, float height) {
  const Palette& c = Colors();
  if (block.on) {
    Rect({at.x - Px(7), at.y - Px(4)}, {at.x + width + Px(6), at.y + height - Px(6)}, WithAlpha(c.note, 0.07f), Px(4));
    Rect({at.x - Px(7), at.y - Px(4)}, {at.x - Px(4), at.y + height - Px(6)}, c.note, Px(1));
  }
  Explain({at.x - Px(7), at.y - Px(4)}, {at.x + width + Px(6), at.y + height - Px(6)}, block.term, block.what);
  const float middle = at.y + Px(12);
  TextMiddle(GetFonts().small, {at.x, middle}, block.on ? c.note : c.secondary, icon::kBolt);
  float right = at.x + width;
  bool pressed = false;
  const auto button = [&](const std::string& id, const std::string& label, bool enabled, const char* tooltip) {
    const float size = std::max(Px(72), TextWidth(GetFonts().small, label) + Px(22));
    right -= size;
    ButtonStyle style;
    style.enabled = enabled;
    style.tooltip = tooltip;
    const bool clicked = Button(id.c_str(), {right, at.y}, {size, Px(24)}, label, style);
    right -= Px(6);
    return clicked;
  };
  // The action stays where it was pressed; the way back comes beside it.
  if (!block.action.empty()) pressed = button(block.id, block.action, block.enabled, nullptr);
  if (block.on && !block.checkpoint.empty() && !DrawingPicture() &&
      button(block.id + ".back", "Roll back", true,
             "To the checkpoint from just before it, as if it had never been. What came after is kept aside."))
    RollBackTo(context, block.checkpoint);
  TextMiddleElided(GetFonts().strong, {at.x + Px(20), middle}, c.text, block.title, right - at.x - Px(22));
  return pressed;
}

// The sentences below the dose, or what is pending.
void DrawFoot(PanelContext& context, const Block& block, ImVec2 at, float width, float height) {
  const Palette& c = Colors();
  ImFont* font = GetFonts().small;
  float y = at.y;
  for (const std::string& key : block.pending) {
    const run::PendingChange* change = FindPending(context.snapshot, key);
    if (change == nullptr) continue;
    const std::string cancel = std::string(icon::kTimes) + " cancel";
    const float cancel_width = TextWidth(font, cancel);
    Text(font, {at.x, y}, c.note, icon::kClock);
    const std::string where = change->episode > 0 ? Format("at episode %d", change->episode) : "at next episode";
    Text(font, {at.x + Px(18), y}, c.note, (block.on ? "off " : "on ") + where);
    const std::string id = "cancel." + block.id;
    if (Link(id.c_str(), {at.x + width - cancel_width, y}, c.secondary, cancel)) {
      for (const std::string& each : block.pending) {
        if (FindPending(context.snapshot, each) != nullptr) context.post(run::CancelChange{each});
      }
    }
    y += Px(17);
    break;
  }
  const std::string expected = block.on ? RollBackSentence(context.snapshot, block.checkpoint) : block.expected;
  for (const auto& [text, color] : {std::pair(block.what, c.secondary), std::pair(expected, c.faint)}) {
    if (text.empty() || y + FontSize(font) > at.y + height) continue;
    TextElided(font, {at.x, y}, color, text, width);
    y += Px(17);
  }
}

// One number of the dose. While the distractors are off it waits for their injection; while they are on it is a
// change like any other.
void DoseField(PanelContext& context, ImVec2 at, float width, const char* key, const char* unit, std::string* dose) {
  const config::Settings& s = SettingsOf(context.snapshot);
  FieldStyle style;
  style.unit = unit;
  style.noted = FindPending(context.snapshot, key) != nullptr;
  const bool on = s.distractors.active;
  const std::string shown = on || dose->empty() ? SettingText(config::Get(s, key)) : *dose;
  const auto typed =
      ValueField((std::string("experiment.") + key).c_str(), {at.x, at.y}, {width, Px(21)}, shown, style);
  if (!typed) return;
  config::Settings probe = s;
  if (const Status read = ReadSetting(key, *typed, &probe); !read) {
    Complain(context.state, read.error().message);
  } else if (on) {
    PostSetting(context, key, config::Get(probe, key));
  } else {
    *dose = SettingText(config::Get(probe, key));
  }
}

constexpr const char* kDoseKeys[] = {"distractors.groups", "distractors.sinusoids", "distractors.amplitude"};

void Inject(PanelContext& context) {
  config::Settings probe = SettingsOf(context.snapshot);
  auto& doses = ViewOf(context).distractor_dose;
  for (size_t i = 0; i < 3; ++i) {
    std::string& dose = doses[i];
    if (!dose.empty() && ReadSetting(kDoseKeys[i], dose, &probe))
      PostSetting(context, kDoseKeys[i], config::Get(probe, kDoseKeys[i]));
    dose.clear();
  }
  PostSetting(context, "distractors.active", true);
}

// As it is, or as it will be once injected.
int DistractorCount(PanelContext& context) {
  config::Settings probe = SettingsOf(context.snapshot);
  const auto& doses = ViewOf(context).distractor_dose;
  for (size_t i = 0; i < 2; ++i)
    if (!probe.distractors.active && !doses[i].empty()) (void)ReadSetting(kDoseKeys[i], doses[i], &probe).ok();
  return probe.distractors.groups * probe.distractors.sinusoids;
}

void DrawDistractors(PanelContext& context, ImVec2 at, float width, float height) {
  const config::Settings& s = SettingsOf(context.snapshot);
  const int count = DistractorCount(context);
  Block block;
  block.checkpoint = CheckpointBefore(context.snapshot, "distractors.active");
  block.id = "experiment.distractors";
  block.term = "Distractors";
  block.on = s.distractors.active;
  block.title = block.on ? "Distractors on" : "Inject distractors";
  block.action = block.on ? "Remove" : "Inject";
  block.pending = {"distractors.active"};
  block.enabled = FindPending(context.snapshot, "distractors.active") == nullptr;
  if (block.on) {
    const int physics = context.snapshot.info != nullptr ? context.snapshot.info->task.observation_size : 0;
    block.what = OnSince(context.snapshot, "distractors.active");
    if (physics > 0) {
      block.what.pop_back();
      block.what += Format(": %d of %d inputs.", count, physics + count);
    }
  } else {
    block.what = Format("%d extra inputs that carry no reward.", count);
    block.expected = Expected(context.snapshot, Blow::kDistractors);
  }
  if (DrawHead(context, block, at, width, height)) {
    if (block.on) {
      PostSetting(context, "distractors.active", false);
    } else {
      Inject(context);
    }
  }
  const float y = at.y + Px(27), cross = Px(15), rest = width - cross - Px(6);
  auto& dose = ViewOf(context).distractor_dose;
  DoseField(context, {at.x, y}, rest * 0.31f, kDoseKeys[0], "groups", &dose[0]);
  Text(GetFonts().small, {at.x + rest * 0.31f + Px(4), y + Px(3)}, Colors().secondary, "\xc3\x97");
  DoseField(context, {at.x + rest * 0.31f + cross, y}, rest * 0.38f, kDoseKeys[1], "sinusoids", &dose[1]);
  DoseField(context, {at.x + rest * 0.69f + cross + Px(6), y}, rest * 0.31f, kDoseKeys[2], "ampl.", &dose[2]);
  DrawFoot(context, block, {at.x, at.y + Px(51)}, width, height - Px(57));
}

void DrawBreakModelFree(PanelContext& context, ImVec2 at, float width, float height) {
  std::string& dose = ViewOf(context).model_free_dose;
  const nets::PartInfo* paid = Paid(PartsOf(context.snapshot));
  if (paid == nullptr) return;
  const std::string bonus = paid->id + ".entropy_bonus", automatic = paid->id + ".entropy_auto";
  const config::Settings& s = SettingsOf(context.snapshot);
  const double untouched = std::get<double>(Untouched(context.snapshot, bonus));
  const double now = std::get<double>(config::Get(s, bonus));
  Block block;
  block.id = "experiment.model_free";
  block.checkpoint = CheckpointBefore(context.snapshot, bonus);
  block.on = !std::get<bool>(config::Get(s, automatic)) && NewestIntervention(context.snapshot, bonus) != nullptr &&
             now > kBrokenFactor * untouched;
  block.title = block.on ? paid->name + " broken" : "Break model-free";
  block.action = block.on ? "Restore" : "Break";
  block.pending = {bonus, automatic};
  block.enabled = FindPending(context.snapshot, bonus) == nullptr;
  block.what = block.on ? OnSince(context.snapshot, bonus) : paid->name + " is paid for acting at random.";
  block.expected = block.on ? "" : Expected(context.snapshot, Blow::kModelFree);
  if (DrawHead(context, block, at, width, height)) {
    if (block.on) {
      PostSetting(context, bonus, untouched);
      PostSetting(context, automatic, Untouched(context.snapshot, automatic));
    } else {
      PostSetting(context, automatic, false);
      config::Settings probe = s;
      if (ReadSetting(bonus, dose, &probe)) PostSetting(context, bonus, config::Get(probe, bonus));
    }
  }
  FieldStyle style;
  style.unit = "\xce\xb1 model-free";
  style.enabled = !block.on;
  const float field = Px(124), y = at.y + Px(27);
  const std::string shown = block.on ? SettingText(now) : dose;
  if (const auto typed = ValueField("experiment.model_free.dose", {at.x, y}, {field, Px(21)}, shown, style)) {
    config::Settings probe = s;
    const Status read = ReadSetting(bonus, *typed, &probe);
    if (read) {
      dose = SettingText(std::get<double>(config::Get(probe, bonus)));
    } else {
      Complain(context.state, read.error().message);
    }
  }
  TextMiddleElided(GetFonts().small, {at.x + field + Px(8), y + Px(10.5f)}, Colors().secondary,
                   "entropy bonus, auto off", width - field - Px(8));
  DrawFoot(context, block, {at.x, at.y + Px(51)}, width, height - Px(57));
}

// Null: the agent has no model whose fit could be stopped.
const nets::PartInfo* Fitted(const nets::PartList& parts) {
  for (const nets::PartInfo& part : parts.all())
    if (part.kind == nets::PartInfo::Kind::kModel && !part.freezes.empty()) return &part;
  return nullptr;
}

void DrawBreakModel(PanelContext& context, ImVec2 at, float width, float height) {
  const run::Snapshot& snapshot = context.snapshot;
  const nets::PartInfo* model = Fitted(PartsOf(snapshot));
  if (model == nullptr) return;
  const std::string &steps = model->freezes, &blur = model->blurs;
  const bool frozen = std::get<int>(config::Get(SettingsOf(snapshot), steps)) == 0;
  const double now = blur.empty() ? 0 : Real(snapshot, blur);
  const double usual = blur.empty() ? 0 : std::get<double>(Untouched(snapshot, blur));
  const bool spread =
      !blur.empty() && NewestIntervention(snapshot, blur) != nullptr && now >= kBrokenDropout && usual < kBrokenDropout;
  Block block;
  block.id = "experiment.model";
  block.checkpoint = CheckpointBefore(snapshot, frozen || blur.empty() ? steps : blur);
  block.on = frozen || spread;
  block.title = frozen ? "Model frozen" : spread ? "Model blurred" : "Break model";
  block.pending = {steps};
  if (!blur.empty()) block.pending.push_back(blur);
  block.what = block.on       ? OnSince(snapshot, frozen ? steps : blur)
               : blur.empty() ? "Beliefs go stale."
                              : "Beliefs go stale, or spread out.";
  block.expected = block.on ? "" : Expected(snapshot, Blow::kModel);
  DrawHead(context, block, at, width, height);
  const float gap = Px(6), half = (width - gap) * 0.5f, y = at.y + Px(27);
  ButtonStyle style;
  style.on = frozen;
  const int usual_steps = std::max(1, std::get<int>(Untouched(snapshot, steps)));
  const std::string fit = frozen ? Format("Fit again, %d steps", usual_steps) : "Freeze its fit";
  if (Button("experiment.freeze", {at.x, y}, {half, Px(24)}, fit, style)) {
    PostSetting(context, steps, frozen ? usual_steps : 0);
  }
  if (!blur.empty()) {
    style.on = spread;
    const double target = spread ? usual : kBrokenDropout;
    const std::string change = "Dropout " + SettingText(now) + " \xe2\x86\x92 " + SettingText(target);
    if (Button("experiment.dropout", {at.x + half + gap, y}, {half, Px(24)}, change, style))
      PostSetting(context, blur, target);
  }
  DrawFoot(context, block, {at.x, y + Px(30)}, width, height - Px(62));
}

// The two sides of the card: what can be done, and what came of it.
void DrawTabs(ExperimentsView* view) {
  const ImVec2 content = ImGui::GetCursorScreenPos(), right = CardTitleRight();
  const Palette& c = Colors();
  float x = content.x + Px(25);
  for (const bool effects : {false, true}) {
    const char* id = effects ? "experiments.effects" : "experiments.actions";
    const bool on = view->effects == effects;
    ImFont* font = on ? GetFonts().strong : GetFonts().body;
    const std::string name = effects ? "Before, after" : "Experiments";
    const float width = TextWidth(font, name);
    const ImVec2 a{x - Px(4), right.y - Px(12)}, b{x + width + Px(4), right.y + Px(12)};
    ImGui::SetCursorScreenPos(a);
    bool chosen = ImGui::InvisibleButton(id, {b.x - a.x, b.y - a.y});
    if (!on) chosen |= FocusItem(ImGui::GetID(id), a, b);
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    TraceWidget(id, a, b);
    TextMiddle(font, {x, right.y}, on || hovered ? c.text : c.secondary, name);
    if (on) Rect({x, b.y - Px(1)}, {x + width, b.y + Px(1)}, c.text, Px(1));
    if (chosen) view->effects = effects;
    x += width + Px(16);
  }
  ImGui::SetCursorScreenPos(content);
}

}  // namespace

void DrawExperimentsPanel(PanelContext& context, ImVec2 size) {
  BeginCard("experiments", icon::kFlask, "", size);
  DrawTabs(&ViewOf(context));
  if (ViewOf(context).effects) {
    DrawEffectsList(context);
    EndCard();
    return;
  }
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const nets::PartList& parts = PartsOf(context.snapshot);
  std::vector<void (*)(PanelContext&, ImVec2, float, float)> blocks{DrawDistractors};
  if (Paid(parts) != nullptr) blocks.push_back(DrawBreakModelFree);
  if (Fitted(parts) != nullptr) blocks.push_back(DrawBreakModel);
  const float field = Px(21), blocks_room = room.y - field - Px(4);
  const float height = std::min(blocks_room / static_cast<float>(blocks.size()), Px(104));
  float y = at.y;
  for (const auto draw : blocks) {
    draw(context, {at.x, y}, room.x, height);
    y += height;
  }
  DrawReason(context, {at.x, y}, {room.x, field});
  y += field + Px(6);
  if (at.y + room.y - y > Px(16))
    Text(GetFonts().small, {at.x, at.y + room.y - Px(15)}, Colors().faint,
         "Each saves a checkpoint first, to roll back.");
  EndCard();
}

}  // namespace equipoise::ui
