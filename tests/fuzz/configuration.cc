#include <filesystem>

#include "engine/agent/recipes.h"
#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/config/schedule.h"
#include "tests/fuzz/file_of.h"
#include "tests/fuzz/targets.h"
#include "tests/paths.h"

namespace equipoise::fuzz {
namespace {

// What was read is inside its ranges, and is written and read again as it was.
void ReadBack(const config::Settings& settings) {
  const std::string json = config::ToJson(settings);
  const auto again = config::FromJson(json);
  EQ_CHECK(again.ok(), "what was accepted cannot be read again: " + again.error().message);
  EQ_CHECK(config::ToJson(again.value()) == json, "what was accepted is read again as something else");
}

}  // namespace

void Configuration(const std::string& bytes) {
  const FileOf file(bytes);
  if (const auto settings = config::LoadFile(file.path(), "", {}); settings.ok()) ReadBack(settings.value());
  (void)config::PresetsOf(file.path(), "unified");
  if (const auto settings = config::FromJson(bytes); settings.ok()) ReadBack(settings.value());
  (void)config::ReadSchedule(bytes);
  config::Settings settings;
  if (const size_t at = bytes.find('='); at != std::string::npos)
    (void)config::SetFromText(settings, bytes.substr(0, at), bytes.substr(at + 1));
}

std::vector<std::string> ConfigurationSeeds() {
  std::vector<std::string> seeds{"100 eps.force_every=5, 200 eps.masks=50", "model.dropout=0.05"};
  for (const auto& entry : std::filesystem::directory_iterator(tests::SourceFolder() + "/configs"))
    if (entry.is_regular_file()) seeds.push_back(ReadFile(entry.path().string()).value());
  for (const agent::Recipe& recipe : agent::Recipes()) seeds.push_back(config::ToJson(config::DefaultsOf(recipe.name)));
  return seeds;
}

}  // namespace equipoise::fuzz
