// show.cc: `equipoise settings` and `equipoise config`: what can be set, and what a run would be started with.
#include <cstdio>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/resolve.h"
#include "engine/config/config_file.h"
#include "engine/config/section.h"

namespace equipoise::app {
namespace {

std::string RangeOf(const config::Spec& spec) {
  using Type = config::Spec::Type;
  if (spec.type == Type::kBool) return "true, false";
  if (spec.type == Type::kInt || spec.type == Type::kReal)
    return "[" + config::ToText(spec.lowest) + ", " + config::ToText(spec.highest) + "] " + spec.unit;
  std::string text;
  for (const std::string& choice : spec.choices) text += (text.empty() ? "" : ", ") + choice;
  return text;
}

}  // namespace

int PrintSettings(const std::string& agent, bool markdown) {
  config::Settings scratch;  // knows which agents there are
  if (!agent.empty())
    if (const Status known = config::SetFromText(scratch, "run.agent", agent); !known)
      return Fail(kUsageError, known.error().message);
  std::vector<const config::Section*> sections;
  for (const config::Section& section : config::Sections()) sections.push_back(&section);
  if (!agent.empty()) sections = config::SectionsOf(agent);
  if (markdown) {
    std::fputs(config::SettingsMarkdown(sections).c_str(), stdout);
    return kOk;
  }
  for (const config::Section* section : sections) {
    std::printf("%s[%s]  %s\n", section == sections.front() ? "" : "\n", section->id.c_str(), section->title.c_str());
    for (const config::Spec& spec : section->specs)
      std::printf("  %-22s %-10s %s%s\n  %-22s   %s\n", spec.key.substr(section->id.size() + 1).c_str(),
                  config::ToText(spec.fallback).c_str(), RangeOf(spec).c_str(),
                  spec.when == config::When::kEpisode ? "  (may change while the run goes on)" : "", "",
                  spec.help.c_str());
  }
  return kOk;
}

int PrintConfig(const RunOptions& options) {
  const Result<config::Settings> settings = Resolve(options);
  if (!settings) return Fail(kUsageError, settings.error().message);
  std::fputs(config::ToToml(settings.value()).c_str(), stdout);
  return kOk;
}

}  // namespace equipoise::app
