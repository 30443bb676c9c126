// What every file of the program keeps to: no learner's name outside what belongs to that learner, and no file that is
// too long to be read in one sitting.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/paths.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Sources() {
  std::vector<std::string> paths;
  for (const char* top : {"engine", "ui", "app"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(tests::SourceFolder()) / top))
      for (const char* extension : {".h", ".cc", ".def", ".inc"})
        if (entry.path().extension() == extension)
          paths.push_back(fs::relative(entry.path(), tests::SourceFolder()).string());
  return paths;
}

std::vector<std::string> Lines(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream in(fs::path(tests::SourceFolder()) / path);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Names of learners in code and in what it says, comments apart.
std::vector<std::string> LearnersIn(const std::string& path, const std::vector<std::string>& lines) {
  static const std::regex kName(
      "\\b(sac|SAC|td3|TD3|ddpg|DDPG|ppo|PPO|mbrl|MBRL|mbpo|MBPO|dreamer|Dreamer|naf|NAF|alm|ALM|mba|MBA|heess|"
      "mpc|MPC|cem|mppi|MPPI|mbmf)"
      "\\b|"
      "\\b\\w*((Sac|Td3|Ddpg|Ppo|Naf|Heess|Alm|Clone)[A-Z]|(ModelBased|Svg)(Learner|Info|Policy|Settings))\\w*|"
      "[\"., ](mb|pg|kl|mix|nudge|clone)[.\"]");
  std::vector<std::string> out;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string code = lines[i].substr(0, lines[i].find("//"));
    if (std::regex_search(code, kName) && code.find("#include") == std::string::npos)
      out.push_back(path + ":" + std::to_string(i + 1) + ": " + code);
  }
  return out;
}

TEST(House, ALearnerIsNamedInItsOwnFilesAndItsRecipeAlone) {
  const std::vector<std::regex> own = {
      std::regex("engine/learn/(sac|td3|ppo|model_based|clone)\\w*\\.(h|cc)"),
      std::regex("engine/learn/expanded/value_expansion_settings\\.(h|cc)"),  // whose targets they may be
      std::regex("engine/learn/(naf|svg|alm)/\\w+\\.(h|cc)"),
      std::regex("engine/agent/controllers/encoded\\.(h|cc)"),
      std::regex("engine/plan/(shooting|cem|mppi|uct|policy_mppi|gradient_plan|planners)\\.(h|cc)"),
      std::regex("engine/agent/controllers/(mpc_\\w+|model_root)\\.(h|cc)"),
      std::regex("engine/agent/recipes/\\w+\\.(h|cc)"),  // what the agents are made of
      std::regex("engine/agent/phases_settings\\.(h|cc)"),
      std::regex("engine/agent/sections\\.cc"),      // the settings of every part
      std::regex("engine/record/older_names\\.cc"),  // what older run folders called them
      std::regex("app/(main|.*_options)\\.cc"),      // examples of what a person types
  };
  std::set<size_t> needed;
  for (const std::string& path : Sources()) {
    const std::vector<std::string> named = LearnersIn(path, Lines(path));
    const auto at =
        std::find_if(own.begin(), own.end(), [&](const std::regex& r) { return std::regex_match(path, r); });
    if (at != own.end() && !named.empty()) needed.insert(static_cast<size_t>(at - own.begin()));
    if (at == own.end())
      for (const std::string& line : named) ADD_FAILURE() << line;
  }
  EXPECT_EQ(needed.size(), own.size()) << "one of the exceptions is none any more";
}

TEST(House, TheSearchSeesNamesAndNoMore) {
  const auto sees = [](const char* line) { return !LearnersIn("a.cc", {line}).empty(); };
  EXPECT_TRUE(sees("  return \"sac.alpha\";"));
  EXPECT_TRUE(sees("  if (s.mb.steps > 0) return;"));
  EXPECT_TRUE(sees("  text = \"SAC acts.\";"));
  EXPECT_TRUE(sees("  std::unique_ptr<SacLearner> learner;"));
  EXPECT_TRUE(sees("  if (mode == \"dreamer\") return;"));
  EXPECT_FALSE(sees("  if (part.kind == Kind::kModelBased) return;  // SAC is none of these"));
  EXPECT_FALSE(sees("  const float* mb = moments(adam.m);"));
  EXPECT_FALSE(sees("  return NumberOf(Sacrifice(x));"));
}

TEST(House, FilesAreShort) {
  std::vector<size_t> lengths;
  for (const std::string& path : Sources()) {
    lengths.push_back(Lines(path).size());
    EXPECT_LE(lengths.back(), 400u) << path;
  }
  ASSERT_GT(lengths.size(), 300u);
  std::nth_element(lengths.begin(), lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2), lengths.end());
  EXPECT_LE(lengths[lengths.size() / 2], 100u) << "the median";
}

}  // namespace
}  // namespace equipoise
