#include "engine/config/settings.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>

namespace equipoise::config {
namespace {

struct Field {
  Spec spec;
  void* (*at)(Settings&);  // where the value lies
};

std::vector<std::string> SplitChoices(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    const size_t bar = text.find('|');
    out.emplace_back(text.substr(0, bar));
    if (bar == std::string_view::npos) return out;
    text.remove_prefix(bar + 1);
  }
}

const std::vector<Field>& Fields() {
  static const std::vector<Field> fields = [] {
    using Type = Spec::Type;
    constexpr When kFixed = When::kFixed, kEpisode = When::kEpisode;
    std::vector<Field> out;
    const auto add = [&out](std::string key, Type type, Value fallback, double lo, double hi, const char* unit,
                            std::vector<std::string> choices, When when, const char* help, void* (*at)(Settings&)) {
      out.push_back({{std::move(key), type, std::move(fallback), lo, hi, unit, std::move(choices), when, help}, at});
    };
#define EQ_SECTION(section)                                                   \
  {                                                                           \
    constexpr Settings::section##_t Settings::*kSection = &Settings::section; \
    const std::string prefix = #section ".";
#define EQ_AT(name) [](Settings& s) -> void* { return &(s.*kSection).name; }
#define EQ_INT(name, def, lo, hi, unit, when, help) \
  add(prefix + #name, Type::kInt, Value(int{def}), lo, hi, unit, {}, when, help, EQ_AT(name));
#define EQ_REAL(name, def, lo, hi, unit, when, help) \
  add(prefix + #name, Type::kReal, Value(double{def}), lo, hi, unit, {}, when, help, EQ_AT(name));
#define EQ_BOOL(name, def, when, help) \
  add(prefix + #name, Type::kBool, Value(bool{def}), 0, 0, "", {}, when, help, EQ_AT(name));
#define EQ_CHOICE(name, def, choices, when, help) \
  add(prefix + #name, Type::kChoice, Value(std::string(def)), 0, 0, "", SplitChoices(choices), when, help, EQ_AT(name));
#define EQ_TEXT(name, def, when, help) \
  add(prefix + #name, Type::kText, Value(std::string(def)), 0, 0, "", {}, when, help, EQ_AT(name));
#define EQ_END(section) }
#include "engine/config/settings.def"
#undef EQ_SECTION
#undef EQ_AT
#undef EQ_INT
#undef EQ_REAL
#undef EQ_BOOL
#undef EQ_CHOICE
#undef EQ_TEXT
#undef EQ_END
    return out;
  }();
  return fields;
}

const Field* FindField(std::string_view key) {
  const std::vector<Field>& fields = Fields();
  const auto it = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.spec.key == key; });
  return it == fields.end() ? nullptr : &*it;
}

int EditDistance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i) + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const int substitute = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substitute, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

Error UnknownKey(std::string_view key) {
  return Error{"unknown setting " + std::string(key) + "; the nearest known one is " + NearestKey(key)};
}

std::string Range(const Spec& spec) {
  return "[" + ToText(Value(spec.lowest)) + ", " + ToText(Value(spec.highest)) + "]";
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

template <class T>
bool ParseWhole(std::string_view text, T* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

Status CheckChoice(const Spec& spec, const std::string& text) {
  if (std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end()) return {};
  std::string allowed;
  for (const std::string& choice : spec.choices) allowed += (allowed.empty() ? "" : ", ") + choice;
  return Error{spec.key + " = \"" + text + "\" is not one of " + allowed};
}

const char* Wanted(Spec::Type type) {
  switch (type) {
    case Spec::Type::kInt:
      return "a whole number";
    case Spec::Type::kReal:
      return "a number";
    case Spec::Type::kBool:
      return "true or false";
    case Spec::Type::kChoice:
    case Spec::Type::kText:
      return "a text";
  }
  return "";
}

}  // namespace

const std::vector<Spec>& Table() {
  static const std::vector<Spec> table = [] {
    std::vector<Spec> out;
    for (const Field& field : Fields()) out.push_back(field.spec);
    return out;
  }();
  return table;
}

const Spec* FindSpec(std::string_view key) {
  const Field* field = FindField(key);
  return field == nullptr ? nullptr : &field->spec;
}

std::string NearestKey(std::string_view key) {
  const size_t dot = key.find('.');
  const std::string_view name = dot == std::string_view::npos ? key : key.substr(dot + 1);
  int best = 1 << 30;
  std::string nearest;
  for (const Field& field : Fields()) {
    const std::string& known = field.spec.key;
    const std::string_view known_name = std::string_view(known).substr(known.find('.') + 1);
    int distance = EditDistance(key, known);
    if (dot == std::string_view::npos) distance = std::min(distance, EditDistance(key, known_name));
    if (name == known_name) distance = std::min(distance, 2);  // the right name in the wrong section
    if (distance < best) {
      best = distance;
      nearest = known;
    }
  }
  return nearest;
}

Value Get(const Settings& settings, std::string_view key) {
  const Field* field = FindField(key);
  EQ_CHECK(field != nullptr, "no setting " + std::string(key));
  const void* at = field->at(const_cast<Settings&>(settings));
  switch (field->spec.type) {
    case Spec::Type::kInt:
      return *static_cast<const int*>(at);
    case Spec::Type::kReal:
      return *static_cast<const double*>(at);
    case Spec::Type::kBool:
      return *static_cast<const bool*>(at);
    case Spec::Type::kChoice:
    case Spec::Type::kText:
      return *static_cast<const std::string*>(at);
  }
  return {};
}

Status Set(Settings& settings, std::string_view key, const Value& value) {
  const Field* field = FindField(key);
  if (field == nullptr) return UnknownKey(key);
  const Spec& spec = field->spec;
  void* at = field->at(settings);
  const auto wrong_type = [&] { return Error{spec.key + " = " + ToText(value) + " should be " + Wanted(spec.type)}; };
  const auto outside = [&] { return Error{spec.key + " = " + ToText(value) + " is outside " + Range(spec)}; };
  switch (spec.type) {
    case Spec::Type::kInt: {
      const int* number = std::get_if<int>(&value);
      if (number == nullptr) return wrong_type();
      if (*number < spec.lowest || *number > spec.highest) return outside();
      *static_cast<int*>(at) = *number;
      return {};
    }
    case Spec::Type::kReal: {
      if (!std::holds_alternative<int>(value) && !std::holds_alternative<double>(value)) return wrong_type();
      const int* whole = std::get_if<int>(&value);
      const double number = whole != nullptr ? *whole : std::get<double>(value);
      if (!std::isfinite(number))
        return Error{spec.key + " = " + ToText(value) + " is not a finite number; it must lie in " + Range(spec)};
      if (number < spec.lowest || number > spec.highest) return outside();
      *static_cast<double*>(at) = number;
      return {};
    }
    case Spec::Type::kBool: {
      const bool* flag = std::get_if<bool>(&value);
      if (flag == nullptr) return wrong_type();
      *static_cast<bool*>(at) = *flag;
      return {};
    }
    case Spec::Type::kChoice:
    case Spec::Type::kText: {
      const std::string* text = std::get_if<std::string>(&value);
      if (text == nullptr) return wrong_type();
      if (spec.type == Spec::Type::kChoice)
        if (Status status = CheckChoice(spec, *text); !status) return status;
      *static_cast<std::string*>(at) = *text;
      return {};
    }
  }
  return {};
}

Status SetFromText(Settings& settings, std::string_view key, std::string_view text) {
  const Spec* spec = FindSpec(key);
  if (spec == nullptr) return UnknownKey(key);
  text = Trim(text);
  const auto unreadable = [&] {
    return Error{spec->key + " = " + std::string(text) + " should be " + Wanted(spec->type)};
  };
  switch (spec->type) {
    case Spec::Type::kInt: {
      int64_t number = 0;
      if (!ParseWhole(text, &number)) return unreadable();
      if (number < spec->lowest || number > spec->highest)
        return Error{spec->key + " = " + std::string(text) + " is outside " + Range(*spec)};
      return Set(settings, key, static_cast<int>(number));
    }
    case Spec::Type::kReal: {
      double number = 0;
      if (!ParseWhole(text, &number)) return unreadable();
      return Set(settings, key, number);
    }
    case Spec::Type::kBool:
      if (text == "true" || text == "on" || text == "yes" || text == "1") return Set(settings, key, true);
      if (text == "false" || text == "off" || text == "no" || text == "0") return Set(settings, key, false);
      return unreadable();
    case Spec::Type::kChoice:
    case Spec::Type::kText:
      return Set(settings, key, std::string(text));
  }
  return {};
}

std::string ToText(const Value& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const int* integer = std::get_if<int>(&value)) return std::to_string(*integer);
  if (const std::string* text = std::get_if<std::string>(&value)) return *text;
  char digits[32];
  const double number = std::get<double>(value);
  const bool whole = std::abs(number) < 1e15 && number == std::floor(number);  // 100000, not 1e+05
  const auto end = whole ? std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::fixed).ptr
                         : std::to_chars(digits, digits + sizeof(digits), number).ptr;
  return std::string(digits, end);
}

Status Validate(const Settings& s) {
  const auto number = [](auto v) { return ToText(Value(v)); };
  if (s.distractors.longest_period < s.distractors.shortest_period)
    return Error{"distractors.longest_period = " + number(s.distractors.longest_period) +
                 " is below distractors.shortest_period = " + number(s.distractors.shortest_period)};
  if (s.model.sd_max <= s.model.sd_min)
    return Error{"model.sd_max = " + number(s.model.sd_max) +
                 " must be above model.sd_min = " + number(s.model.sd_min)};
  if (s.mb.entropy_auto && s.mb.entropy_bonus <= 0)
    return Error{"mb.entropy_auto tunes the logarithm of mb.entropy_bonus, which must start above 0"};
  if (s.sac.entropy_auto && s.sac.entropy_bonus <= 0)
    return Error{"sac.entropy_auto tunes the logarithm of sac.entropy_bonus, which must start above 0"};
  if (s.sac.target_critics > s.sac.critics)
    return Error{"sac.target_critics = " + number(s.sac.target_critics) +
                 " is more than there are: sac.critics = " + number(s.sac.critics) + "; lower it or have more critics"};
  constexpr int64_t kMostPairs = 1000000;
  if (static_cast<int64_t>(s.eps.masks) * s.eps.rollouts > kMostPairs)
    return Error{"eps.masks x eps.rollouts = " + number(s.eps.masks) + " x " + number(s.eps.rollouts) +
                 " is more than a million imagined episodes of each policy; lower one of them"};
  if (s.env.horizon > 0 && s.mb.mode == "dreamer" && s.run.agent != "sac" && s.mb.imagination > s.env.horizon)
    return Error{"mb.imagination = " + number(s.mb.imagination) +
                 " is longer than an episode, env.horizon = " + number(s.env.horizon)};
  return {};
}

}  // namespace equipoise::config
