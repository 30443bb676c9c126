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

// base <- config <- env <- replay <- nets <- model <- learn <- eps <- agent <- run, base <- store <- run <- ui <- app.
bool MayInclude(const std::string& from, const std::string& to) {
  static const std::vector<std::string> kChain = {"base",  "config", "env", "replay", "nets",
                                                  "model", "learn",  "eps", "agent",  "run"};
  const auto rank = [](const std::string& layer) {
    return std::find(kChain.begin(), kChain.end(), layer) - kChain.begin();
  };
  if (from == to || from == "app") return true;
  if (to == "app") return false;
  if (from == "ui") return true;
  if (to == "ui") return false;
  if (from == "store") return to == "base";
  if (to == "store") return from == "run";
  return rank(from) < static_cast<long>(kChain.size()) && rank(to) < rank(from);
}

// "engine/eps/check.h" -> "eps", "ui/window.h" -> "ui"; "" for what is not ours.
std::string LayerOf(const std::string& path) {
  static const std::regex kPattern("^(?:engine/([a-z]+)|(ui|app))/.*");
  std::smatch match;
  if (!std::regex_match(path, match, kPattern)) return "";
  return match[1].matched ? match[1] : match[2];
}

// One line for each include of `text` that goes against the direction.
std::vector<std::string> Violations(const std::string& path, const std::string& text) {
  static const std::regex kInclude("^\\s*#\\s*include\\s+[\"<]([^\">]+)[\">]");
  static const std::regex kDrawing("^(GL|GLES\\w*|EGL|GLFW|SDL\\w*|imgui)/.*|^imgui.*|^backends/imgui.*|.*mjrender.*");
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, kInclude)) continue;
    const std::string target = match[1], layer = LayerOf(target);
    const bool backwards = !layer.empty() && !MayInclude(LayerOf(path), layer);
    const bool draws = path.rfind("engine/", 0) == 0 && std::regex_match(target, kDrawing);
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
  std::set<std::string> layers;
  for (const char* top : {"engine", "ui", "app"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc" && extension != ".cpp") continue;
      ++files;
      const std::string path = fs::relative(entry.path(), root).string();
      layers.insert(LayerOf(path));
      for (const std::string& violation : Violations(path, ReadText(entry.path()))) ADD_FAILURE() << violation;
    }
  }
  EXPECT_GT(files, 30);
  for (const char* layer : {"base", "config", "env", "eps", "run", "store"})
    EXPECT_EQ(layers.count(layer), 1u) << layer;
}

// The scan above must be able to fail.
TEST(Architecture, TheScanSeesArrowsThatRunBack) {
  EXPECT_EQ(Violations("engine/config/a.h", "#include \"engine/run/engine.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/store/a.h", "  #  include \"engine/config/settings.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/eps/a.cc", "#include \"engine/store/run_folder.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/run/a.cc", "#include \"ui/window.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("ui/a.cc", "#include \"app/commands.h\"\n").size(), 1u);
  EXPECT_EQ(Violations("engine/env/a.cc", "#include <GL/gl.h>\n#include <GLFW/glfw3.h>\n#include <imgui.h>\n").size(),
            3u);
  EXPECT_TRUE(
      Violations("engine/run/a.cc", "#include \"engine/store/run_folder.h\"\n#include <mujoco/mujoco.h>\n").empty());
  EXPECT_TRUE(Violations("ui/a.cc", "#include <GLFW/glfw3.h>\n#include \"engine/run/engine.h\"\n").empty());
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

TEST(Architecture, TheEngineLibraryNeedsNothingThatDraws) {
  const fs::path library = BuildFolder() / "libequipoise_engine.a";
  ASSERT_TRUE(fs::exists(library)) << library;
  for (const std::string& symbol : DrawingSymbols(library)) ADD_FAILURE() << "the engine library refers to " << symbol;
}

TEST(Architecture, TheSymbolScanSeesTheWindowsLibrary) {
  const fs::path library = BuildFolder() / "libequipoise_ui.a";
  if (!fs::exists(library)) GTEST_SKIP() << "the window's library is not part of this build";
  EXPECT_FALSE(DrawingSymbols(library).empty());
}

}  // namespace
}  // namespace equipoise
