// random_commands: every agent, used at random (tests/engine/run/random_user.h) for some time: no crash, no hang, no
// fault; under ThreadSanitizer, which tests/long/random_commands.sh builds, no race either.
//
//   random_commands [--agents A,B] [--commands N] [--seconds S] [--seed N] [--stop-seconds S]    each for every agent
//
// Exit code 1: something was found, and is named.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "engine/agent/recipes.h"
#include "tests/engine/agent/tiny_agent.h"
#include "tests/engine/run/random_user.h"

namespace equipoise {
namespace {

int Main(int argc, char** argv) {
  std::vector<std::string> agents;
  for (const agent::Recipe& recipe : agent::Recipes()) agents.emplace_back(recipe.name);
  test::RandomUse use;
  use.commands = 400;
  CLI::App app("Uses every agent at random, and says what was found.");
  app.add_option("--agents", agents, "their names, with commas between")->delimiter(',');
  app.add_option("--commands", use.commands, "posted to each agent");
  app.add_option("--seconds", use.seconds, "that each agent is used at least");
  app.add_option("--seed", use.seed, "of the commands");
  app.add_option("--stop-seconds", use.stop_seconds, "that a quit may take");
  CLI11_PARSE(app, argc, argv);

  namespace fs = std::filesystem;
  const fs::path work = fs::temp_directory_path() / ("equipoise-random-commands-" + std::to_string(::getpid()));
  fs::create_directories(work);
  bool found = false;
  for (const std::string& agent : agents) {
    use.settings = test::TinyAgent(agent);
    use.settings.run.threads = 2;
    use.settings.run.episodes = 1000000;
    use.settings.distractors.groups = 2;
    use.folder = (work / agent).string();
    const test::RandomUseReport report = test::UseAtRandom(use, {});
    std::printf("%s: %s\n", agent.c_str(), test::ToText(report).c_str());
    for (const std::string& fault : report.faults) std::printf("  FOUND %s\n", fault.c_str());
    std::fflush(stdout);
    if (!report.faults.empty()) {
      found = true;
      std::printf("  its folder stays: %s\n", use.folder.c_str());
    } else {
      fs::remove_all(use.folder);
    }
  }
  std::error_code not_empty;
  fs::remove(work, not_empty);
  return found ? 1 : 0;
}

}  // namespace
}  // namespace equipoise

int main(int argc, char** argv) { return equipoise::Main(argc, argv); }
