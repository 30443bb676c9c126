// settings.h: all settings of a run as one plain value, and the table that describes them.
//
// The struct is generated from settings.def: settings.model.dropout, settings.eps.masks, ...
// Keys are written "section.name". A Settings value is always inside its ranges when it came through this header.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::config {

struct Settings {
#define EQ_SECTION(section) struct section##_t {
#define EQ_INT(name, def, lo, hi, unit, when, help) int name = def;
#define EQ_REAL(name, def, lo, hi, unit, when, help) double name = def;
#define EQ_BOOL(name, def, when, help) bool name = def;
#define EQ_CHOICE(name, def, choices, when, help) std::string name = def;
#define EQ_TEXT(name, def, when, help) std::string name = def;
#define EQ_END(section) } section;
#include "engine/config/settings.def"
#undef EQ_SECTION
#undef EQ_INT
#undef EQ_REAL
#undef EQ_BOOL
#undef EQ_CHOICE
#undef EQ_TEXT
#undef EQ_END
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

// The whole table, in the order of settings.def.
const std::vector<Spec>& Table();
// Null when there is no such key.
const Spec* FindSpec(std::string_view key);
// The known key that is most like `key`, for error messages.
std::string NearestKey(std::string_view key);

Value Get(const Settings& settings, std::string_view key);
// Checks type and range. An int is accepted for a real.
Status Set(Settings& settings, std::string_view key, const Value& value);
// The same from text, as given by --set key=value.
Status SetFromText(Settings& settings, std::string_view key, std::string_view text);
std::string ToText(const Value& value);  // shortest text that reads back as the same value

// Relations between settings that no single range can state (e.g. periods in order). `Set` does not check them.
Status Validate(const Settings& settings);

}  // namespace equipoise::config
