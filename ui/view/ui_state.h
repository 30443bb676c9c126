// ui_state.h: what the person looks at. Shared by all panels of one window; nothing in it ever reaches the engine.
//
// Thread   window thread
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/plot/axis.h"
#include "ui/scene/scene_show.h"
#include "ui/view/arrangement.h"
#include "ui/view/curve_charts.h"
#include "ui/view/imagined_view.h"
#include "ui/view/moment.h"
#include "ui/view/playback.h"
#include "ui/view/run_request.h"
#include "ui/view/shot_spec.h"

namespace equipoise::ui {

enum class XAxis { kEpisode, kEnvironmentSteps, kGradientSteps, kWallTime };
// automatic: live while acting, the last episode otherwise
enum class SceneSource { kAutomatic, kLive, kLastEpisode, kImagined };
enum class SceneEffort { kLow, kMedium, kFull };  // no shadows; shadows; and smooth edges and reflections
enum class SettingsFilter { kAll, kLive, kChanged };
enum class LogFilter { kEverything, kEpisodes, kInterventions, kProblems };

struct UiState {
  // A pinned episode (click in curves, strip or log): the check shows its decision. None: the newest.
  std::optional<int> selected_episode;
  // The episode under the mouse: a panel sets next_hovered while it draws; at the start of a frame the window moves it
  // here.
  std::optional<int> hovered_episode, next_hovered_episode;
  std::optional<int> selected_mask;  // index into the decision shown
  XAxis x_axis = XAxis::kEpisode;
  LogFilter log_filter = LogFilter::kEverything;

  // What the curves show and how far they are zoomed.
  struct ChartView {
    AxisView y;
    std::optional<bool> logarithmic;  // none: as the table of charts has it
    uint32_t hidden = 0;              // by a click in its legend, one bit for each entry
    size_t overlaid = 0;              // the series that other runs draw (OverlaidSeries in other_runs.h)
  };
  struct Curves {
    uint32_t shown = kUsualCharts;  // one bit for each CurveChart
    AxisView x;
    std::array<ChartView, kCurveCharts> chart;
    XAxis zoomed = XAxis::kEpisode;   // what x counts: a zoom means nothing on another axis
    int smoothing = 0;                // episodes; 0: chosen by the length of the run; 1: none
    int fraction_window = 20;         // picks
    bool by_actor = false;            // one smoothed return for each policy
    bool events = true;               // marks of what happened
    std::vector<std::string> others;  // folders of runs drawn beside this one
    bool large = false;               // over the scene and the check as well
  } curves;

  // Another rule over the stored decisions (eps/what_if.h); the values of the rules that are not shown are kept too.
  struct WhatIf {
    bool on = false;
    int kind = 0;                                         // eps::WhatIfRule::Kind
    std::array<double, 6> value{10, 20, 20, 0, 0.9, 10};  // in the order of that enum
  } what_if;
  struct ModelChart {
    AxisView x, error;
    bool logarithmic = false;
  } model_chart;
  std::optional<int> strip_last;   // the last episode in the strip of who acted; none: the newest one there is
  std::optional<int> strip_shows;  // the selection that the strip has already brought into view

  std::optional<int> log_shows;  // likewise the log

  bool light = false;
  bool safe_colours = false;  // the learners' colours from a palette made for the colour-blind
  float zoom_noticed = 1;     // the one whose fit was judged last
  float zoom = 1;             // of the whole interface, on top of the monitor's content scale
  bool compact = false;       // small window: words shorten, secondary sentences go. Set by the layout each frame
  bool single_pane = false;   // likewise: one card at a time, behind tabs
  PageChoice pages;           // the tabs, where not everything has room at once

  SceneSource scene_source = SceneSource::kAutomatic;
  Playback playback;  // of the last episode, in the scene
  // How fast what the scene shows moves, as a factor of real time: environment steps that are being acted, a loop, an
  // imagination. 0: steps are acted as fast as possible, and what was acted is shown in real time.
  double speed = 0;
  SceneSource source_before = SceneSource::kAutomatic;  // the newest that was no imagination
  SceneEffort scene_effort = SceneEffort::kFull;        // set by the window: what drawing may cost
  bool camera_reset_wanted = false;
  SceneShow scene_show;
  bool show_view_options = false;             // the sheet of scene_show
  bool hand_on_body = false;                  // Ctrl and a button went down on it: the next move pulls
  std::array<double, 6> pull{};               // posted last while a hand pulls at the robot
  ImaginedView imagined;                      // when the source is kImagined; mask A is selected_mask
  run::Shared<run::Reevaluated> reevaluated;  // newest answer
  run::Shared<run::Recalled> recalled;        // newest answer: an episode that was chosen, as it was acted
  std::optional<int> recall_asked;            // the episode asked for last
  std::vector<run::Inspection> inspections;   // asked for in this frame

  bool show_keys = false;      // the sheet of F1
  bool show_settings = false;  // all settings
  std::string settings_search;
  bool settings_search_wanted = false;  // the keyboard belongs into the search field
  SettingsFilter settings_filter = SettingsFilter::kAll;
  bool show_runs = false;  // the runs in runs_folder
  std::string runs_folder = "runs";
  bool show_new_run = false;
  NewRunDraft new_run;
  std::optional<RunRequest> run_wanted;   // another run for this window; taken at the end of the frame
  std::optional<RunRequest> leave_asked;  // it would end the training that goes on: a person is asked about it
  struct Elsewhere {
    std::string folder, words;  // "Training goes on: hopper-s3, episode 12"
  };
  std::optional<Elsewhere> elsewhere;  // the run that trains in this window while another one is looked at
  bool back_wanted = false;            // back to it
  bool watching = false;               // this window only reads the run
  bool hint_wanted = false;            // of a first start; until a person has closed it
  std::string model_free_dose = "10";  // entropy bonus with which "Break model-free" breaks it
  // Dose of the distractors to inject, as typed: groups, sinusoids, amplitude; "": as the settings say.
  std::array<std::string, 3> distractor_dose;
  bool show_effects = false;  // the card of the experiments shows before and after
  bool screenshot_wanted = false;
  bool evidence_wanted = false;
  bool undo_wanted = false;     // of the last change of view
  bool show_take_away = false;  // the sheet of pictures, plots, data and films
  TakeAwayRequest take_away;    // as chosen there
  std::optional<TakeAwayRequest> take_away_wanted;
  int film_frame = 0, film_frames = 0;  // of the film being made; 0 frames: none
  std::string film_path;
  bool film_cancelled = false;

  double now_seconds = 0;           // a steady clock, the same for all panels of a frame
  double frame_seconds = 0;         // since the last frame
  double next_frame_in = INFINITY;  // seconds until something moves by itself. Reset each frame; panels lower it
  std::string toast;                // a passing message
  double toast_until = 0;
  bool toast_is_problem = false;
  double frames_per_second = 0;  // as drawn lately
  bool for_export = false;       // a picture without a person: nothing that only a mouse could use
};

}  // namespace equipoise::ui
