// show.cc: `equipoise settings` and `equipoise config`: what can be set, and what a run would be started with.
#include <cstdio>
#include <string>

#include "app/commands.h"
#include "app/resolve.h"
#include "engine/config/config_file.h"

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

int PrintSettings(bool markdown) {
  if (markdown) {
    std::fputs(config::SettingsMarkdown().c_str(), stdout);
    return kOk;
  }
  std::string section;
  for (const config::Spec& spec : config::Table()) {
    const size_t dot = spec.key.find('.');
    if (spec.key.substr(0, dot) != section) {
      std::printf("%s[%s]\n", section.empty() ? "" : "\n", spec.key.substr(0, dot).c_str());
      section = spec.key.substr(0, dot);
    }
    std::printf("  %-22s %-10s %s%s\n  %-22s   %s\n", spec.key.substr(dot + 1).c_str(),
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
