// The sheets without a display: every setting in reach of the keyboard, doses and roll backs posted as commands.
#include "ui/workspace/sheets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/agent/recipes.h"
#include "engine/config/section.h"
#include "tests/engine/temporary_folder.h"
#include "tests/ui/gallery/glyphs.h"
#include "tests/ui/headless_imgui.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/kit/focus.h"
#include "ui/panels/experiments_panel.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

using testing::BuildSnapshot;
using testing::SnapshotOptions;

class SheetsTest : public ::testing::Test {
 protected:
  SheetsTest() : imgui_({1280, 800}) { Use(BuildSnapshot({})); }
  void Use(std::shared_ptr<const run::Snapshot> snapshot) {
    snapshot_ = std::make_shared<run::Snapshot>(*snapshot);
    snapshot_->pending.clear();
  }

  void Frame(const std::function<void()>& before = [] {}) {
    imgui_.Frame([&] {
      BeginFocusFrame();
      before();
      PanelContext context{*snapshot_, post_, state_};
      if (draw_) draw_(context);
      DrawSettingsSheet(context);
      DrawKeySheet(context);
      DrawNewRunSheet(context);
      DrawForkSheet(context);
      DrawTakeAwaySheet(context);
    });
  }
  void Tab(int times) {
    for (int i = 0; i < times; ++i) Frame([] { MoveFocus(1); });
  }
  void Enter() {
    Frame([] { PressFocused(); });
    Frame();
  }
  std::vector<std::string> Changed() const {
    std::vector<std::string> keys;
    for (const run::Command& command : posted_)
      if (const auto* change = std::get_if<run::ChangeSetting>(&command)) keys.push_back(change->key);
    return keys;
  }

  HeadlessImGui imgui_;
  std::shared_ptr<run::Snapshot> snapshot_;
  UiState state_;
  std::vector<run::Command> posted_;
  std::function<void(run::Command)> post_ = [this](const run::Command& command) { posted_.push_back(command); };
  std::function<void(PanelContext&)> draw_;
};

TEST_F(SheetsTest, EveryLiveSettingIsInReachOfTheKeyboard) {
  state_.sheet.Open(Sheet::kSettings);
  for (int i = 0; i < 3; ++i) Frame();
  std::ptrdiff_t live = 0;
  for (const config::Section* section : config::SectionsOf(SettingsOf(*snapshot_).run.agent))
    live += std::count_if(section->specs.begin(), section->specs.end(),
                          [](const config::Spec& spec) { return spec.when == config::When::kEpisode; });
  EXPECT_GE(FocusCount(), live);
  // Round the whole list, pressing every control: each switch among them posts its change.
  ForgetFocus();
  const int count = FocusCount();
  for (int i = 0; i < count + 10; ++i) {  // a list of choices takes two more
    Tab(1);
    Enter();
    state_.memory.OfWindow<SettingsSheetView>().filter = SettingsFilter::kAll;  // the filter was pressed as well
  }
  const auto changed = Changed();
  for (const config::Section* section : config::SectionsOf(SettingsOf(*snapshot_).run.agent))
    for (const config::Spec& spec : section->specs) {
      if (spec.type != config::Spec::Type::kBool || spec.when != config::When::kEpisode) continue;
      EXPECT_NE(std::find(changed.begin(), changed.end(), spec.key), changed.end()) << spec.key;
    }
}

TEST_F(SheetsTest, OnlySettingsThatTheAgentHasAreShown) {
  SnapshotOptions sac;
  sac.agent = "sac";
  const auto live = [](const std::vector<const config::Section*>& sections) {
    int64_t count = 0;
    for (const config::Section* section : sections)
      count += std::count_if(section->specs.begin(), section->specs.end(),
                             [](const config::Spec& spec) { return spec.when == config::When::kEpisode; });
    return count;
  };
  state_.sheet.Open(Sheet::kSettings);
  for (int i = 0; i < 3; ++i) Frame();
  const int all = FocusCount();
  Use(BuildSnapshot(sac));
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(all - FocusCount(), live(config::SectionsOf("unified")) - live(config::SectionsOf("sac")));
  EXPECT_LT(FocusCount(), all);
}

TEST_F(SheetsTest, ASearchLeavesOnlyWhatMatches) {
  state_.sheet.Open(Sheet::kSettings);
  for (int i = 0; i < 3; ++i) Frame();
  const int all = FocusCount();
  Tab(1);  // out of the search field, which keeps its own text while it is edited
  state_.memory.OfWindow<SettingsSheetView>().search = "DROPOUT";
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_LT(FocusCount(), all / 4);
  EXPECT_GE(FocusCount(), 1 + 3 + 1) << "the search, the filter, model.dropout";
}

constexpr int kPages = 3;  // of the sheet of a new run, before all else in it

TEST_F(SheetsTest, ANewRunSaysWhatIsWrongWhileItIsTypedAndKeepsTheOtherFields) {
  const testing_support::TemporaryFolder folder;
  NewRunDraft& draft = state_.memory.OfRun<NewRunSheetView>().draft;
  draft.parent = folder.path();
  draft.episodes = "77";
  state_.sheet.Open(Sheet::kNewRun);
  const auto written = [this] {
    const testing::GlyphAtlas atlas(*ImGui::GetIO().Fonts);
    std::string text;
    for (const testing::Glyph& glyph : testing::GlyphsOf(*ImGui::GetDrawData(), atlas))
      text += testing::Utf8(glyph.character);
    return text;
  };
  const std::string problem = "Awholenumberfrom0to2147483647.";
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(written().find(problem), std::string::npos);
  const int usable = FocusCount();
  // Past the pages, the tasks, the presets and the list of agents.
  Tab(kPages +
      static_cast<int>(config::FindSpec("run.task")->choices.size() + PresetsOf("cartpole", "unified").size()) + 1 + 1);
  Enter();
  for (int i = 0; i < 3; ++i) Frame();
  for (const char character : std::string("x")) {
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(character));
    for (int i = 0; i < 2; ++i) Frame();
  }
  EXPECT_EQ(draft.seed, "0") << "it has not been entered yet";
  EXPECT_NE(written().find(problem), std::string::npos) << written();
  EXPECT_NE(written().find("77"), std::string::npos) << "the other fields stay";
  EXPECT_NE(written().find("cartpole-unified"), std::string::npos);
  Tab(1);  // the field is left, with what was typed
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(draft.seed, "x");
  EXPECT_NE(written().find(problem), std::string::npos);
  EXPECT_EQ(FocusCount(), usable - 2) << "a run that cannot be made cannot be started";
  // A folder that is taken: said at once, and the free one is a press away.
  draft.seed = "3";
  draft.folder = folder / "run";
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(FocusCount(), usable);
  std::filesystem::create_directories(folder / "run");
  folder.Write("run/run.json", "{}");
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_NE(written().find("Thereisaruninitalready."), std::string::npos) << written();
  ForgetFocus();
  Tab(kPages +
      static_cast<int>(config::FindSpec("run.task")->choices.size() + PresetsOf("cartpole", "unified").size()) + 1 + 4);
  Enter();
  EXPECT_EQ(draft.folder, folder / "run-2");
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(written().find("Thereisaruninitalready."), std::string::npos);
}

TEST_F(SheetsTest, AForkTakesAnEpisodeAFolderAndOtherSettingsAndChangesNothingOfThisRun) {
  const testing_support::TemporaryFolder folder;
  auto info = std::make_shared<run::RunInfo>(*snapshot_->info);
  info->directory = folder / "run";
  snapshot_->info = info;
  state_.sheet.AskToFork(40);
  for (int i = 0; i < 3; ++i) Frame();
  ForkSheetView& view = state_.memory.OfRun<ForkSheetView>();
  EXPECT_EQ(view.episode, "40");
  EXPECT_EQ(view.folder, folder / "run-fork");
  const int all = FocusCount();
  view.search = "distractors.active";
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(FocusCount(), 3 + 1 + 1 + 1) << "three fields, the search, the switch, the start";
  EXPECT_GT(all, 6 + 20);
  ForgetFocus();
  Tab(5);
  Enter();
  ASSERT_EQ(view.changes.size(), 1u);
  EXPECT_EQ(view.changes[0].key, "distractors.active");
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(FocusCount(), 7) << "and a way to undo it";
  EXPECT_TRUE(posted_.empty()) << "this run goes on as it is";
  // What cannot be cannot be started: an episode to come, none of its own, a folder that is taken.
  const auto startable = [&] {
    for (int i = 0; i < 3; ++i) Frame();
    return FocusCount() == 7;
  };
  for (const char* episode : {"215", "0", "x", "-3"}) {
    view.episode = episode;
    EXPECT_FALSE(startable()) << episode;
  }
  view.episode = "214";
  EXPECT_TRUE(startable()) << "the one that comes next";
  view.episodes = "100";
  EXPECT_FALSE(startable());
  view.episodes = "300";
  EXPECT_TRUE(startable());
  std::filesystem::create_directories(folder / "run-fork/mine");
  EXPECT_FALSE(startable());
  view.folder = folder / "b";
  EXPECT_TRUE(startable());
  ForgetFocus();
  Tab(7);
  Enter();
  EXPECT_FALSE(state_.sheet.any());
  const auto requests = state_.requests.Take();
  ASSERT_EQ(requests.size(), 1u);
  const auto* request = std::get_if<run::ForkRequest>(&requests[0]);
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(request->from, folder / "run");
  EXPECT_EQ(request->out, folder / "b");
  EXPECT_EQ(request->episode, 214);
  EXPECT_EQ(request->episodes, 300);
  ASSERT_EQ(request->changes.size(), 1u);
  EXPECT_EQ(request->changes[0].value, config::Value(true));
  // A second one begins anew.
  state_.sheet.AskToFork(7);
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_TRUE(view.changes.empty());
  EXPECT_EQ(view.episode, "7");
}

TEST_F(SheetsTest, ANewRunTakesAnyAgentFromAList) {
  NewRunDraft& draft = state_.memory.OfRun<NewRunSheetView>().draft;
  state_.sheet.Open(Sheet::kNewRun);
  for (int i = 0; i < 3; ++i) Frame();
  const std::string before = draft.agent;
  Tab(kPages + static_cast<int>(config::FindSpec("run.task")->choices.size() + PresetsOf("cartpole", before).size()) +
      1);
  Enter();
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(FocusCount(), static_cast<int>(agent::Recipes().size()));
  Tab(2);
  Enter();
  for (int i = 0; i < 3; ++i) Frame();
  EXPECT_EQ(draft.agent, agent::Recipes()[1].name);
  EXPECT_NE(draft.agent, before);
}

TEST_F(SheetsTest, ASheetThatIsLargerThanTheWindowScrollsToWhatTheKeyboardReaches) {
  for (const ImVec2 size : {ImVec2{640, 400}, ImVec2{550, 350}}) {
    ImGui::GetIO().DisplaySize = size;
    for (const Sheet sheet : {Sheet::kSettings, Sheet::kNewRun, Sheet::kTakeAway, Sheet::kFork}) {
      state_ = {};
      state_.sheet.Open(sheet);
      for (int i = 0; i < 3; ++i) Frame();
      ForgetFocus();
      const int count = FocusCount();
      EXPECT_GT(count, 5);
      for (int i = 0; i < std::min(count, 40); ++i) {
        Tab(1);
        for (int k = 0; k < 3; ++k) Frame();
        const ImVec4 mark = FocusMark();
        EXPECT_TRUE(mark.y >= 0 && mark.w <= size.y + 3 && mark.x >= -3 && mark.z <= size.x + 3)
            << "control " << i << " at " << mark.x << ", " << mark.y << " to " << mark.z << ", " << mark.w << " of "
            << size.x << " x " << size.y;
      }
    }
  }
}

TEST_F(SheetsTest, OnlyTheControlsOfTheOpenSheetAreInReach) {
  draw_ = [](PanelContext& context) { DrawExperimentsPanel(context, {290, 340}); };
  for (int i = 0; i < 3; ++i) Frame();
  const int panel = FocusCount();
  EXPECT_GT(panel, 3);
  state_.sheet.Open(Sheet::kTakeAway);
  for (int i = 0; i < 3; ++i) Frame();
  ForgetFocus();
  state_.memory.OfWindow<TakeAwaySheetView>().chosen.part = ShotOf::kWindow;
  Tab(3);  // the third of the parts
  Enter();
  EXPECT_EQ(state_.memory.OfWindow<TakeAwaySheetView>().chosen.part, ShotOf::kCurves);
}

TEST_F(SheetsTest, InjectsTheDoseThatWasTyped) {
  draw_ = [](PanelContext& context) { DrawExperimentsPanel(context, {290, 340}); };
  state_.memory.OfWindow<ExperimentsView>().distractor_dose = {"3", "", "2.5"};
  for (int i = 0; i < 3; ++i) Frame();
  ForgetFocus();
  Tab(2);  // past the other side of the card to Inject
  Enter();
  EXPECT_EQ(Changed(), (std::vector<std::string>{"distractors.groups", "distractors.amplitude", "distractors.active"}));
}

TEST_F(SheetsTest, TheExperimentsCardHasASecondSideWithWhatCameOfThem) {
  auto events = std::make_shared<run::List<run::Event>>();
  const int last = snapshot_->episodes->back()->episode;
  for (int number = 1; number <= 9; ++number) {
    run::Event event;
    event.kind = run::Event::Kind::kIntervention;
    event.number = number;
    event.episode = std::max(1, last - 90 + 10 * number);
    event.key = "sac.entropy_bonus";
    events->push_back(std::make_shared<const run::Event>(event));
  }
  for (const bool steered : {false, true}) {
    if (steered) snapshot_->events = events;
    for (const ImVec2 size : {ImVec2{264, 216}, ImVec2{276, 264}, ImVec2{420, 700}}) {
      draw_ = [size](PanelContext& context) { DrawExperimentsPanel(context, size); };
      state_.memory.OfWindow<ExperimentsView>().effects = false;
      for (int i = 0; i < 3; ++i) Frame();
      const int actions = FocusCount();
      EXPECT_GT(actions, 3);
      ForgetFocus();
      Tab(1);
      Enter();
      EXPECT_TRUE(state_.memory.OfWindow<ExperimentsView>().effects);
      for (int i = 0; i < 3; ++i) Frame();
      EXPECT_EQ(FocusCount(), 1) << "only the way back";
      ForgetFocus();
      Tab(1);
      Enter();
      EXPECT_FALSE(state_.memory.OfWindow<ExperimentsView>().effects);
    }
  }
  EXPECT_TRUE(posted_.empty());
}

TEST_F(SheetsTest, RollsBackToTheCheckpointOfTheExperimentThatIsOn) {
  auto settings = std::make_shared<config::Settings>(*snapshot_->settings);
  settings->distractors.active = true;
  snapshot_->settings = settings;
  run::Event event;
  event.kind = run::Event::Kind::kIntervention;
  event.number = 4;
  event.key = "distractors.active";
  event.from = "false";
  event.to = "true";
  event.checkpoint = "before-4";
  auto events = std::make_shared<run::List<run::Event>>();
  events->push_back(std::make_shared<const run::Event>(event));
  snapshot_->events = events;
  draw_ = [](PanelContext& context) { DrawExperimentsPanel(context, {290, 340}); };
  for (int i = 0; i < 3; ++i) Frame();
  ForgetFocus();
  Tab(2);
  Enter();
  EXPECT_EQ(Changed(), std::vector<std::string>{"distractors.active"})
      << "without a kept checkpoint there is only Remove";
  posted_.clear();
  snapshot_->kept.push_back({"before-4", 121});
  for (int i = 0; i < 3; ++i) Frame();
  ForgetFocus();
  Tab(3);  // behind the action, which keeps its place
  Enter();
  ASSERT_FALSE(posted_.empty());
  ASSERT_TRUE(std::holds_alternative<run::RollBack>(posted_.back()));
  EXPECT_EQ(std::get<run::RollBack>(posted_.back()).checkpoint, "before-4");
  // A run that has ended is opened again for it.
  snapshot_->state = run::RunState::kFinished;
  posted_.clear();
  Enter();
  ASSERT_EQ(state_.requests.posted().size(), 1u);
  const auto* wanted = std::get_if<RunRequest>(&state_.requests.posted().front());
  ASSERT_NE(wanted, nullptr);
  EXPECT_EQ(wanted->roll_back, "before-4");
}

}  // namespace
}  // namespace equipoise::ui
