// What leaves the window: tables, plots, films, evidence. Long because all of it is taken from one made run.
#include "ui/offscreen/take_away.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/export/evidence.h"
#include "ui/figure/chart_svg.h"
#include "ui/offscreen/dashboard.h"

namespace equipoise::ui {
namespace {

using testing::BuildSnapshot;
using testing::SnapshotOptions;
namespace fs = std::filesystem;

std::vector<std::vector<std::string>> Rows(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(csv);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells;
    std::string cell;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) {
        cells.push_back(cell);
        cell.clear();
      } else if (c != '"') {
        cell += c;
      }
    }
    cells.push_back(cell);
    rows.push_back(cells);
  }
  return rows;
}

size_t Column(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  return static_cast<size_t>(std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin());
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class TakeAwayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("equipoise-take-away-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  static Picture Grey(int width, int height) {
    return {width, height, std::vector<unsigned char>(static_cast<size_t>(width) * height * 3, 90)};
  }
  fs::path folder_;
};

TEST_F(TakeAwayTest, TheTableOfEpisodesHoldsEveryNumberToTheBit) {
  const auto snapshot = BuildSnapshot({});
  const auto rows = Rows(EpisodesCsv(*snapshot, std::nullopt));
  ASSERT_EQ(rows.size(), snapshot->episodes->size() + 1);
  const size_t at = Column(rows, "episode_return"), nll = Column(rows, "model_nll_nats_per_step");
  for (size_t i = 0; i < snapshot->episodes->size(); ++i) {
    const run::EpisodeSummary& r = *(*snapshot->episodes)[i];
    ASSERT_EQ(rows[i + 1].size(), rows[0].size());
    EXPECT_EQ(std::strtod(rows[i + 1][at].c_str(), nullptr), r.episode_return);
    EXPECT_EQ(rows[i + 1][nll].empty(), !std::isfinite(r.nll));
  }
}

TEST_F(TakeAwayTest, TheVisibleTableHoldsWhatIsBetweenTheEndsOfTheAxis) {
  const auto snapshot = BuildSnapshot({});
  UiState state;
  EXPECT_FALSE(VisibleEpisodes(*snapshot, state.view.curves).has_value()) << "the view follows the data";
  state.view.curves.x = {9.5, 20.5, false};
  const auto rows =
      Rows(TablesOf(*snapshot, state, ShotOf::kCurves, VisibleEpisodes(*snapshot, state.view.curves)).at("episodes"));
  ASSERT_EQ(rows.size(), 12u);
  EXPECT_EQ(rows[1][0], "10");
  EXPECT_EQ(rows.back()[0], "20");
  EXPECT_EQ(Rows(TablesOf(*snapshot, state, ShotOf::kCurves, std::nullopt).at("episodes")).size(),
            snapshot->episodes->size() + 1);
  state.view.curves.x = {900, 1000, false};
  EXPECT_EQ(
      TablesOf(*snapshot, state, ShotOf::kCurves, VisibleEpisodes(*snapshot, state.view.curves)).count("episodes"), 0u)
      << "nothing in sight: no header without rows";
}

TEST_F(TakeAwayTest, TheTableOfADecisionHasAColumnOfInformationWhereItCounted) {
  eps::Decision d;
  test::DeltaOf(&d) = {4, 10};
  test::ReturnsOf(&d, test::Based()) = {110, 120};
  test::ReturnsOf(&d, test::Free()) = {106, 110};
  EXPECT_EQ(DecisionCsv(d).find("information"), std::string::npos);
  d.bonus = 0.5;
  d.policies[0].information = {1, 2};
  d.policies[1].information = {0.25, 3};
  const auto rows = Rows(DecisionCsv(d));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1][Column(rows, "information_nats_mb")], "0.25");
  EXPECT_EQ(rows[2][Column(rows, "information_nats_sac")], "2");
}

TEST_F(TakeAwayTest, QuotesTextInTables) {
  auto snapshot = std::make_shared<run::Snapshot>(*BuildSnapshot({}));
  auto events = std::make_shared<run::List<run::Event>>();
  run::Event event;
  event.number = 1;
  event.text = "You said \"stop\", then went on.";
  events->push_back(std::make_shared<const run::Event>(event));
  snapshot->events = events;
  EXPECT_NE(EventsCsv(*snapshot).find("\"You said \"\"stop\"\", then went on.\""), std::string::npos);
}

TEST_F(TakeAwayTest, PlotsAreDrawnFromTheDataInTheViewThatIsChosen) {
  const auto snapshot = BuildSnapshot({});
  const auto studio = Studio::OpenForPlots(*snapshot, true, false);
  const auto all = studio->Plots(ShotOf::kCurves);
  ASSERT_EQ(all.size(), 3u);
  const std::string& svg = all.at("return");
  EXPECT_NE(svg.find("<svg"), std::string::npos);
  EXPECT_NE(svg.find("Return per episode"), std::string::npos);
  EXPECT_NE(svg.find("fill=\"#ffffff\""), std::string::npos) << "the light theme's card";
  EXPECT_NE(svg.find("seed 3"), std::string::npos) << "which run it is of";
  EXPECT_EQ(Count(svg, "class=\"legend\""), 6) << "four actors, the smoothed line, the masks' band";
  EXPECT_NE(svg.find(">smoothed over 12</text>"), std::string::npos);
  EXPECT_NE(all.at("fraction").find(">forced floor</text>"), std::string::npos);
  // Marks by shape: circles and squares, one for each episode that is shown.
  const int circles = Count(svg, "<circle"), squares = Count(svg, "<rect x=");
  EXPECT_GT(circles, 50);
  EXPECT_GT(squares, 5);
  studio->state().view.curves.x = {0.5, 20.5, false};
  EXPECT_LT(Count(studio->Plots(ShotOf::kCurves).at("return"), "<circle"), circles);
  EXPECT_EQ(Count(studio->Plots(ShotOf::kCheck).at("check"), "<circle"),
            static_cast<int>(snapshot->decision->delta().size()))
      << "all masks favour model-based";
  EXPECT_TRUE(studio->Plots(ShotOf::kScene).empty());
  // With OpenGL at hand they are the same, and so are those of the whole window.
  auto drawing = Studio::Open(*snapshot, true, false);
  ASSERT_TRUE(drawing) << drawing.error().message;
  EXPECT_EQ(drawing.value()->Plots(ShotOf::kCurves), all);
  EXPECT_EQ(drawing.value()->Plots(ShotOf::kWindow),
            Studio::OpenForPlots(*snapshot, true, false)->Plots(ShotOf::kWindow));
}

TEST_F(TakeAwayTest, AnSvgIsWellFormed) {
  ChartSpec spec;
  const std::vector<double> x = {1, 2, 3, 4}, y = {1, std::nan(""), 2, 3};
  spec.lines.push_back({&x, &y, Rgb(0x58A9FA)});
  spec.x_label = "a < b & c";
  const std::string svg = ChartSvg(spec, {0, 5}, {0, 4}, {});
  EXPECT_NE(svg.find("a &lt; b &amp; c"), std::string::npos);
  EXPECT_EQ(Count(svg, "<polyline"), 1) << "a gap where a value is missing";
  EXPECT_EQ(Count(svg, "<circle"), 1) << "a point alone is a dot";
  EXPECT_EQ(Count(svg, "nan"), 0);
  EXPECT_EQ(Count(svg, "<g "), Count(svg, "</g>"));
}

// What stands between id=" and the next quotation mark, each time.
std::vector<std::string> Ids(const std::string& svg) {
  std::vector<std::string> ids;
  for (size_t at = 0; (at = svg.find(" id=\"", at)) != std::string::npos;) {
    at += 5;
    ids.push_back(svg.substr(at, svg.find('"', at) - at));
  }
  return ids;
}

TEST_F(TakeAwayTest, SvgsInOnePageDoNotTakeEachOthersIds) {
  ChartSpec spec;
  const std::vector<double> x = {1, 2, 3}, y = {1, 2, 3}, z = {3, 2, 2.9};
  spec.lines.push_back({&x, &y, Rgb(0x58A9FA)});
  const std::string first = ChartSvg(spec, {0, 5}, {0, 4}, {});
  ASSERT_EQ(Ids(first).size(), 1u);
  EXPECT_NE(first.find("clip-path=\"url(#" + Ids(first)[0] + ")\""), std::string::npos);
  EXPECT_EQ(ChartSvg(spec, {0, 5}, {0, 4}, {}), first) << "the same picture has the same bytes";
  SvgOptions wider;
  wider.width = 900;
  const std::string wide = ChartSvg(spec, {0, 5}, {0, 4}, wider);
  spec.lines[0].y = &z;
  const std::string other = ChartSvg(spec, {0, 5}, {0, 4}, {});
  EXPECT_NE(Ids(wide), Ids(first));
  EXPECT_NE(Ids(other), Ids(first));
  EXPECT_NE(Ids(other), Ids(wide));
}

TEST_F(TakeAwayTest, AnSvgOfAnyNameIsWellFormed) {
  ChartSpec spec;
  SvgOptions options;
  options.title = "A & B <x>";
  options.note = "caf\xe9 \x1b[31m \"q\"";
  const std::string svg = ChartSvg(spec, {0, 5}, {0, 4}, options);
  EXPECT_NE(svg.find(">A &amp; B &lt;x&gt;</text>"), std::string::npos);
  EXPECT_NE(svg.find(">caf\xef\xbf\xbd \xef\xbf\xbd[31m &quot;q&quot;</text>"), std::string::npos);
}

TEST_F(TakeAwayTest, AnSvgHoldsEveryMarkThatTheScreenShows) {
  const auto snapshot = std::make_shared<run::Snapshot>(*BuildSnapshot({}));
  auto events = std::make_shared<run::List<run::Event>>();
  const auto add = [&](run::Event::Kind kind, int number, int episode, const std::string& checkpoint) {
    auto event = std::make_shared<run::Event>();
    event->kind = kind;
    event->number = number;
    event->episode = episode;
    event->checkpoint = checkpoint;
    event->text = "Something <happened>.";
    events->push_back(event);
  };
  add(run::Event::Kind::kIntervention, 1, 20, "before-1.eqps");
  add(run::Event::Kind::kIntervention, 2, 20, "before-1.eqps");
  add(run::Event::Kind::kIntervention, 3, 60, "before-3.eqps");
  add(run::Event::Kind::kGuard, 0, 90, "");
  snapshot->events = events;
  const auto plots = Studio::OpenForPlots(*snapshot, false, false)->Plots(ShotOf::kCurves);
  for (const char* id : {"return", "fraction", "nll"}) {
    const std::string& svg = plots.at(id);
    EXPECT_EQ(Count(svg, "class=\"checkpoint\""), 2) << id << ": two changes at once share a checkpoint";
    EXPECT_NE(svg.find("Checkpoint before-3.eqps: the state before episode 60"), std::string::npos) << id;
    EXPECT_NE(svg.find(">1\xe2\x80\x93"
                       "2</text>"),
              std::string::npos)
        << id << ": flags on one place share their text";
    EXPECT_NE(svg.find(">3</text>"), std::string::npos) << id;
    EXPECT_NE(svg.find(">!</text>"), std::string::npos) << id << ": the guard";
    EXPECT_NE(svg.find("Something &lt;happened&gt;."), std::string::npos) << id;
    EXPECT_EQ(Count(svg, "<g>") + Count(svg, "<g "), Count(svg, "</g>")) << id;
  }
}

TEST_F(TakeAwayTest, AnSvgShowsWhatIsNotANumber) {
  ChartSpec spec;
  const std::vector<double> x = {1, 2, 3, 4}, y = {1, std::nan(""), INFINITY, 3};
  spec.lines.push_back({&x, &y, Rgb(0x58A9FA)});
  EXPECT_EQ(Count(ChartSvg(spec, {0, 5}, {0, 4}, {}), "class=\"missing\""), 2);
}

// The numbers in points="..." of the first element that begins with `begin`, x and y in turn.
std::vector<double> PointsIn(const std::string& svg, const std::string& begin) {
  const size_t at = svg.find(" points=\"", svg.find(begin)) + 9;
  std::string text = svg.substr(at, svg.find('"', at) - at);
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream in(text);
  std::vector<double> out;
  for (double value; in >> value;) out.push_back(value);
  return out;
}

// As many points as a picture can show, and of each column of it the first, lowest, highest and last.
TEST_F(TakeAwayTest, AnSvgOfALongRunIsThinnedWithoutAnotherShape) {
  // Fifty entries in each of the 642 columns of the chart's own axes, none on a border.
  constexpr size_t kInColumn = 50, kEntries = 642 * kInColumn, kMissing = 500 * kInColumn;
  std::vector<double> x(kEntries), y(kEntries), lo(kEntries), hi(kEntries);
  std::vector<Actor> actor(kEntries, Actor{1});
  for (size_t i = 0; i < kEntries; ++i) {
    x[i] = static_cast<double>(i);
    y[i] = 50 + 20 * std::sin(0.7 * x[i]) + x[i] / 4000;
    lo[i] = y[i] - 5;
    hi[i] = y[i] + 5;
    if (i % 3 == 0) actor[i] = Actor{0};
  }
  y[16000] = 99;  // one episode in many
  y[kMissing] = std::nan("");
  lo[12345] = 2;
  ChartSpec spec;
  spec.lines.push_back({&x, &y, Rgb(0x58A9FA)});
  spec.bands.push_back({&x, &lo, &hi, Rgb(0x58A9FA)});
  spec.marks.push_back({&x, &y, &actor, {}});
  const Axis x_axis{-0.5, kEntries - 0.5, 0, 1}, y_axis{0, 100, 1, 0};
  const std::string svg = ChartSvg(spec, x_axis, y_axis, {});
  EXPECT_LT(svg.size(), 3'000'000u);
  EXPECT_EQ(Count(svg, "class=\"missing\""), 2) << "of the line and of the marks";
  EXPECT_EQ(Count(svg, "<polyline"), 2) << "the gap stays";
  spec.marks.clear();
  const std::string lines = ChartSvg(spec, x_axis, y_axis, {});
  EXPECT_LT(lines.size(), 100'000u);

  // From 356 (zero) to 52 (hundred).
  const auto row = [](double value) { return 356 - 3.04 * value; };
  const std::vector<double> line = PointsIn(lines, "<polyline"), band = PointsIn(lines, "<polygon");
  std::map<int, std::pair<double, double>> drawn, all;  // by column: least and most
  const auto take = [](std::map<int, std::pair<double, double>>* columns, double at, double value) {
    const auto [column, is_new] = columns->try_emplace(static_cast<int>(std::floor(at)), value, value);
    column->second.first = std::min(column->second.first, value);
    column->second.second = std::max(column->second.second, value);
  };
  for (size_t i = 0; i + 1 < line.size(); i += 2) take(&drawn, line[i], line[i + 1]);
  for (size_t i = 0; i < kMissing; ++i) take(&all, 60 + static_cast<double>(i / kInColumn), row(y[i]));
  ASSERT_EQ(drawn.size(), 500u);
  for (const auto& [column, range] : all) {
    EXPECT_NEAR(drawn[column].first, range.first, 0.011) << column;
    EXPECT_NEAR(drawn[column].second, range.second, 0.011) << column;
  }
  EXPECT_NEAR(drawn[60 + 16000 / kInColumn].first, row(99), 0.011);
  double lowest = 0;
  for (size_t i = 1; i < band.size(); i += 2) lowest = std::max(lowest, band[i]);
  EXPECT_NEAR(lowest, row(2), 0.011);
}

TEST_F(TakeAwayTest, AnSvgOfMoreMarksThanAnEyeCanTellHasAStrokePerColumnAndPolicy) {
  constexpr size_t kEntries = kMostMarks + 10000;
  std::vector<double> x(kEntries), y(kEntries);
  std::vector<Actor> actor(kEntries, Actor{1});
  for (size_t i = 0; i < kEntries; ++i) {
    x[i] = static_cast<double>(i);
    y[i] = i % 2 == 0 ? 10 : 90;
  }
  MinMaxPyramid levels;
  levels.Extend(y);
  ChartSpec spec;
  spec.marks.push_back({&x, &y, &actor, {}});
  spec.marks.back().strokes.push_back({&x, &y, &levels, Rgb(0x58A9FA)});
  const std::string svg = ChartSvg(spec, {0, kEntries - 1.0}, {0, 100}, {});
  EXPECT_EQ(Count(svg, "class=\"strokes\""), 1);
  EXPECT_EQ(Count(svg, "<circle"), 0);
  EXPECT_NE(svg.find(" " + std::string("325.60V81.40")), std::string::npos) << svg.substr(0, 3000);
  const std::string zoomed = ChartSvg(spec, {0, 20}, {0, 100}, {});
  EXPECT_EQ(Count(zoomed, "class=\"strokes\""), 0);
  EXPECT_EQ(Count(zoomed, "<circle"), 21);
}

TEST_F(TakeAwayTest, PicturesOfEveryPartHaveTheirScale) {
  const auto snapshot = BuildSnapshot({});
  auto studio = Studio::Open(*snapshot, false, false);
  ASSERT_TRUE(studio) << studio.error().message;
  for (const ShotOf part : kAllShots) {
    const auto picture = studio.value()->Take(UsualShot(part, 1.5f), 0.5);
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture.value().width, std::lround(1.5f * UsualShot(part, 1).width)) << Name(part);
    const auto [least, most] = std::minmax_element(picture.value().rgb.begin(), picture.value().rgb.end());
    EXPECT_GT(*most - *least, 100) << Name(part) << " shows something";
  }
  EXPECT_FALSE(ShotOfName("kitchen"));
}

TEST_F(TakeAwayTest, EvidenceHoldsAllThatStandsBehindAPicture) {
  SnapshotOptions options;
  options.steered = true;
  const auto snapshot = BuildSnapshot(options);
  auto unsaved = std::make_shared<run::Snapshot>(*snapshot);
  auto info = std::make_shared<run::RunInfo>(*snapshot->info);
  info->directory.clear();
  unsaved->info = info;
  EvidenceSpec spec;
  spec.folder = Path("evidence");
  const Status written = WriteEvidence(*unsaved, Grey(64, 48), spec);
  ASSERT_TRUE(written) << written.error().message;
  for (const char* file : {"picture.png", "episodes.csv", "check.csv", "model.csv", "events.csv", "config.toml",
                           "decision.json", "reproduce.sh", "versions.txt"})
    EXPECT_TRUE(fs::exists(folder_ / "evidence" / file)) << file;
  const auto settings = config::LoadFile(Path("evidence/config.toml"), "", {});
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(config::ToJson(settings.value()), config::ToJson(*snapshot->settings));
  const std::string script = ReadFile(Path("evidence/reproduce.sh")).value();
  EXPECT_NE(script.find("equipoise train --config config.toml --episodes 213"), std::string::npos) << script;
  EXPECT_NE(script.find("steered by hand"), std::string::npos) << "a hand cannot be repeated by a command";
  EXPECT_FALSE(WriteEvidence(*unsaved, Grey(64, 48), spec)) << "it exists";
}

TEST_F(TakeAwayTest, EvidenceIsOfEpisodesThatThereAre) {
  const auto snapshot = BuildSnapshot({});
  EvidenceSpec spec;
  spec.folder = Path("evidence");
  spec.episode = 9999;
  Status written = WriteEvidence(*snapshot, Grey(64, 48), spec);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("no episode 9999"), std::string::npos) << written.error().message;
  spec.episode = 12;
  spec.range = EpisodeRange{9000, 9999};
  written = WriteEvidence(*snapshot, Grey(64, 48), spec);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("no episode is in sight"), std::string::npos) << written.error().message;
  EXPECT_FALSE(fs::exists(Path("evidence")));
  spec.range = EpisodeRange{10, 9999};
  EXPECT_TRUE(WriteEvidence(*snapshot, Grey(64, 48), spec)) << "as many as there are";
}

TEST_F(TakeAwayTest, EvidenceOnAFullDiskIsAnErrorAndLeavesNothing) {
  EvidenceSpec spec;
  spec.folder = Path("evidence");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small{1024, old.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status written = WriteEvidence(*BuildSnapshot({}), Grey(64, 48), spec);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find(Path("evidence")), std::string::npos) << written.error().message;
  EXPECT_FALSE(fs::exists(Path("evidence")));
}

TEST_F(TakeAwayTest, NamesNothingTwice) {
  const std::string first = ExportPath(Path("export"), "window", 12, ".png");
  EXPECT_EQ(first, Path("export/window-episode-0012-1.png"));
  fs::create_directories(Path("export"));
  std::ofstream(first.c_str()) << "x";
  EXPECT_EQ(ExportPath(Path("export"), "window", 12, ".png"), Path("export/window-episode-0012-2.png"));
}

TEST_F(TakeAwayTest, IsNamedAfterTheEpisodeThatItShows) {
  const auto snapshot = BuildSnapshot({});  // 213 were acted, the learners are on their way to 214
  ASSERT_EQ(snapshot->episode, 214);
  UiState state;
  state.scene.playback.Offer(snapshot->trace);
  for (const ShotOf part : kAllShots) EXPECT_EQ(EpisodeInName(*snapshot, state, part), 213) << Name(part);
  state.selection.episode = 57;
  for (const ShotOf part : {ShotOf::kWindow, ShotOf::kCheck, ShotOf::kModel})
    EXPECT_EQ(EpisodeInName(*snapshot, state, part), 57) << Name(part);
  EXPECT_EQ(EpisodeInName(*snapshot, state, ShotOf::kScene), 213) << "until it has been brought back";
  auto recalled = std::make_shared<run::EpisodeTrace>(*snapshot->trace);
  recalled->episode = 57;
  state.scene.playback.Pin(recalled);
  EXPECT_EQ(EpisodeInName(*snapshot, state, ShotOf::kScene), 57);
}

}  // namespace
}  // namespace equipoise::ui
