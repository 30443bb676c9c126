// settings.h: all settings of a run as one plain value, and the table that describes them.
//
// A section is a struct and a table of its fields (section.h), both beside the code that they are about. Those of every
// run are members here; those of parts are asked for by their type, and this room knows none of them by name:
//
//   settings.run.seed      settings.Of<model::DropoutLstmSettings>().dropout
//
// A section that was never written reads as its defaults. Keys are written "section.name". A Settings value is always
// inside its ranges when it came through this header.
//
// Thread   a value: what is const may be read by any number of threads
#pragma once

#include <any>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/result.h"
#include "engine/config/central_settings.h"

namespace equipoise::config {

struct Section;

struct Settings {
  RunSettings run;
  EnvSettings env;
  DistractorSettings distractors;
  LogSettings log;

  // The settings of a part: S is its struct, which names its section as S::kSection. What is returned is that of this
  // value until another is assigned to it; what is const, and read before the section was ever written, until then.
  template <class S>
  const S& Of() const {
    static const S kDefaults{};
    return Found<S>(S::kSection, kDefaults);
  }
  template <class S>
  S& Of() {
    return Made<S>(S::kSection, S{});
  }
  // Of one of several parts that have the same struct, each a section of its own: S::Defaults(section) gives that
  // section's, for as long as the program runs.
  template <class S>
  const S& Of(std::string_view section) const {
    return Found<S>(section, S::Defaults(section));
  }
  template <class S>
  S& Of(std::string_view section) {
    return Made<S>(section, S::Defaults(section));
  }

 private:
  template <class S>
  const S& Found(std::string_view section, const S& defaults) const {
    const auto at = parts_.find(section);
    return at == parts_.end() ? defaults : *Checked<S>(&at->second, section);
  }
  template <class S>
  S& Made(std::string_view section, const S& defaults) {
    const auto at = parts_.find(section);
    std::any& part = at == parts_.end() ? parts_[std::string(section)] : at->second;
    if (!part.has_value()) part = defaults;
    return *Checked<S>(&part, section);
  }
  template <class S, class Any>
  static auto Checked(Any* part, std::string_view section) {
    auto* own = std::any_cast<S>(part);
    EQ_CHECK(own != nullptr, "another struct has the section " + std::string(section));
    return own;
  }

  std::map<std::string, std::any, std::less<>> parts_;  // by section
};

using Value = std::variant<int, double, bool, std::string>;

enum class When { kFixed, kEpisode };  // may it change while the run goes on, and at which boundary

struct Spec {
  enum class Type { kInt, kReal, kBool, kChoice, kText };
  std::string key;  // "model.dropout"
  Type type;
  Value fallback;  // the default
  double lowest = 0, highest = 0;
  std::string unit;
  std::vector<std::string> choices;
  When when;
  std::string help;
};

// Every section that this version knows, in the order in which they are shown; made once. And those of one agent: what
// every run has, what its parts and its arbiter go by; all for an agent that this version does not have. This room
// declares them and the one that knows all parts defines them (engine/agent/sections.cc).
const std::vector<Section>& Sections();
std::vector<const Section*> SectionsOf(const std::string& agent);
// Of a run: without those that its settings make no use of.
std::vector<const Section*> SectionsOf(const Settings& settings);
// What an agent sets before anybody else does: keys and texts. The same room defines it.
using Overrides = std::vector<std::pair<std::string, std::string>>;
const Overrides& SettingsOfAgent(const std::string& agent);

// The whole table, in the order of the sections: of every part, whether a run has it or not.
const std::vector<Spec>& Table();
// Null when there is no such key.
const Spec* FindSpec(std::string_view key);
// The known key that is most like `key`, for error messages.
std::string NearestKey(std::string_view key);

// The defaults with what that agent sets.
Settings DefaultsOf(const std::string& agent);

Value Get(const Settings& settings, std::string_view key);
// Checks type and range. An int is accepted for a real.
Status Set(Settings& settings, std::string_view key, const Value& value);
// The same from text, as given by --set key=value.
Status SetFromText(Settings& settings, std::string_view key, std::string_view text);
std::string ToText(const Value& value);  // shortest text that reads back as the same value

// Relations between settings that no single range can state (e.g. periods in order), of the sections that this agent
// has. `Set` does not check them.
Status Validate(const Settings& settings);

}  // namespace equipoise::config
