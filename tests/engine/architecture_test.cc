// The layers of the source tree: who may include whom, and that the engine never draws.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/paths.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;

// The rooms, each of which may use those before it; what each is for stands in its README.md.
//
// store knows files and no run, so it stands beside the chain from config to replay.
const std::vector<std::string>& Rooms() {
  static const std::vector<std::string> kRooms = {"engine/base",
                                                  "engine/store",
                                                  "engine/config",
                                                  "engine/env",
                                                  "engine/replay",
                                                  "engine/nets",
                                                  "engine/model",
                                                  "engine/learn",
                                                  "engine/plan",
                                                  "engine/eps",
                                                  "engine/record",
                                                  "engine/agent",
                                                  "engine/run",
                                                  "engine/inspect",
                                                  "engine/browse",
                                                  "engine/sweep",
                                                  "engine/report",
                                                  "ui/figure",
                                                  "ui/kit",
                                                  "ui/plot",
                                                  "ui/gl",
                                                  "ui/scene",
                                                  "ui/view",
                                                  "ui/export",
                                                  "ui/panels",
                                                  "ui/workspace",
                                                  "ui/offscreen",
                                                  "ui/window",
                                                  "app"};
  return kRooms;
}

size_t Rank(const std::string& room) {
  return static_cast<size_t>(std::find(Rooms().begin(), Rooms().end(), room) - Rooms().begin());
}

bool MayInclude(const std::string& from, const std::string& to) {
  if (from == to) return true;
  if (from == "engine/store") return to == "engine/base";
  if (to == "engine/store") return Rank(from) >= Rank("engine/record");
  return Rank(to) < Rank(from);
}

// "engine/nets/kernels/gemm.h" -> "engine/nets", "ui/kit/theme.h" -> "ui/kit", "app/torch/device.cc" -> "app"; "" for
// what is not ours, and the folder itself for one that is not a room.
std::string RoomOf(const std::string& path) {
  static const std::regex kPattern("^((?:engine|ui)/[a-z]+|app|engine|ui)/.*");
  std::smatch match;
  return std::regex_match(path, match, kPattern) ? match[1].str() : "";
}

// The engine, and figures, which are written without a window.
bool DrawsNothing(const std::string& path) { return path.rfind("engine/", 0) == 0 || path.rfind("ui/figure/", 0) == 0; }

// One line for each include of `text` that goes against the direction.
std::vector<std::string> Violations(const std::string& path, const std::string& text) {
  static const std::regex kInclude("^\\s*#\\s*include\\s+[\"<]([^\">]+)[\">]");
  static const std::regex kDrawing("^(GL|GLES\\w*|EGL|GLFW|SDL\\w*|imgui)/.*|^imgui.*|^backends/imgui.*|.*mjrender.*");
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, kInclude)) continue;
    const std::string target = match[1], room = RoomOf(target);
    const bool backwards = !room.empty() && !MayInclude(RoomOf(path), room);
    const bool draws = DrawsNothing(path) && std::regex_match(target, kDrawing);
    if (backwards || draws) out.push_back(path + " includes " + target);
  }
  return out;
}

std::string ReadText(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Architecture, NoIncludeRunsBack) {
  const fs::path root = tests::SourceFolder();
  int files = 0;
  std::set<std::string> rooms;
  for (const char* top : {"engine", "ui", "app"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc" && extension != ".cpp") continue;
      ++files;
      const std::string path = fs::relative(entry.path(), root).string();
      rooms.insert(RoomOf(path));
      for (const std::string& violation : Violations(path, ReadText(entry.path()))) ADD_FAILURE() << violation;
    }
  }
  EXPECT_GT(files, 30);
  EXPECT_EQ(rooms, std::set<std::string>(Rooms().begin(), Rooms().end()));
}

// What a room is for and its rule, in a few sentences.
TEST(Architecture, EveryRoomSaysWhatItIsFor) {
  for (const std::string& room : Rooms()) {
    if (room == "app") continue;
    const std::string text = ReadText(fs::path(tests::SourceFolder()) / room / "README.md");
    EXPECT_GT(std::count(text.begin(), text.end(), '.'), 2) << room << "/README.md";
    EXPECT_LT(text.size(), 1200u) << room << "/README.md";
  }
}

// Variables of functions that outlive a call and can change, one line for each.
std::vector<std::string> HiddenState(const std::string& path, const std::string& text) {
  static const std::regex kPattern("^\\s+(static|thread_local)\\s+(?!const\\b|constexpr\\b)[^()]*[;={].*");
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (std::regex_match(line, kPattern)) out.push_back(path + ": " + line);
  return out;
}

// What a panel keeps from frame to frame belongs to a window and mostly to a run (ui/view/panel_memory.h). The rooms
// below know no run: there is one keyboard, one theme, one trace.
TEST(Architecture, NoPanelKeepsStateOfItsOwn) {
  const fs::path root = tests::SourceFolder();
  // The tables of charts for a list of parts are the same whoever asks for them, and when.
  const std::string kCharts = "ui/view/curve_charts.cc:   static std::map<std::vector<std::string>";
  int files = 0;
  for (const char* room : {"plot", "scene", "view", "export", "panels", "workspace", "offscreen", "window"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / "ui" / room)) {
      if (entry.path().extension() != ".cc") continue;
      ++files;
      const std::string path = fs::relative(entry.path(), root).string();
      for (const std::string& line : HiddenState(path, ReadText(entry.path())))
        if (line.find(kCharts) == std::string::npos) ADD_FAILURE() << line;
    }
  }
  EXPECT_GT(files, 30);
  EXPECT_EQ(HiddenState("a.cc", "  static Cache cache;\n  static double listed_at = -1e9;\n").size(), 2u);
  EXPECT_TRUE(HiddenState("a.cc", "  static const EpisodeList kNone;\n  static void Wake();\n").empty());
}

// The scan above must be able to fail.
TEST(Architecture, TheScanSeesArrowsThatRunBack) {
  EXPECT_EQ(Violations("engine/config/a.h", "#include \"engine/run/engine.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/store/a.h", "  #  include \"engine/config/settings.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/eps/a.cc", "#include \"engine/store/run_folder.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/run/a.cc", "#include \"ui/window/window.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("ui/view/a.cc", "#include \"app/commands.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("ui/kit/a.cc", "#include \"ui/view/facts.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("ui/panels/check/a.cc", "#include \"ui/window/window.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/record/a.h", "#include \"engine/agent/trainer.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/env/a.cc", "#include <GL/gl.h>\n#include <GLFW/glfw3.h>\n#include <imgui.h>\n").size(),
            3u);
  EXPECT_EQ(Violations("ui/figure/a.cc", "#include \"ui/kit/theme.h\"\n#include <imgui.h>\n").size(), 2u);
  EXPECT_TRUE(
      Violations("engine/run/a.cc", "#include \"engine/store/run_folder.h\"\n#include <mujoco/mujoco.h>\n").empty());
  EXPECT_TRUE(Violations("ui/view/a.cc", "#include <GLFW/glfw3.h>\n#include \"engine/run/engine.h\"\n").empty());
}

// Functions that a static library needs from elsewhere and that draw. mjr_ is MuJoCo's renderer.
std::vector<std::string> DrawingSymbols(const fs::path& library) {
  static const std::regex kPattern("U ((gl[A-Z]|glfw[A-Z]|glX[A-Z]|egl[A-Z]|mjr_)\\w*|_ZN?K?\\d*(5ImGui|Im[A-Z])\\w*)");
  std::vector<std::string> out;
  FILE* pipe = ::popen(("nm -u '" + library.string() + "' 2>/dev/null").c_str(), "r");
  char line[4096];
  while (pipe != nullptr && std::fgets(line, sizeof(line), pipe) != nullptr) {
    std::cmatch match;
    if (std::regex_search(line, match, kPattern)) out.push_back(match[1]);
  }
  EXPECT_TRUE(pipe != nullptr && ::pclose(pipe) == 0) << "nm cannot read " << library;
  return out;
}

fs::path BuildFolder() { return fs::path(tests::Program()).parent_path().lexically_normal(); }

TEST(Architecture, EngineAndFiguresNeedNothingThatDraws) {
  for (const char* name : {"libequipoise_engine.a", "libequipoise_figure.a"}) {
    const fs::path library = BuildFolder() / name;
    ASSERT_TRUE(fs::exists(library)) << library;
    for (const std::string& symbol : DrawingSymbols(library)) ADD_FAILURE() << name << " refers to " << symbol;
  }
}

TEST(Architecture, TheSymbolScanSeesTheWindowsLibrary) {
  const fs::path library = BuildFolder() / "libequipoise_ui.a";
  if (!fs::exists(library)) GTEST_SKIP() << "the window's library is not part of this build";
  EXPECT_FALSE(DrawingSymbols(library).empty());
}

}  // namespace
}  // namespace equipoise
