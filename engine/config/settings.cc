#include "engine/config/settings.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "engine/base/nearest.h"
#include "engine/config/section.h"
#include "engine/config/task_name.h"

namespace equipoise::config {
namespace {

// Where a key is described.
struct Place {
  const Section* section;
  size_t index;  // within it
  const Spec& spec() const { return section->specs[index]; }
};

const std::vector<Place>& Fields() {
  static const std::vector<Place> fields = [] {
    std::vector<Place> out;
    for (const Section& section : Sections())
      for (size_t i = 0; i < section.specs.size(); ++i) out.push_back({&section, i});
    return out;
  }();
  return fields;
}

const Place* FindField(std::string_view key) {
  const std::vector<Place>& fields = Fields();
  const auto it = std::find_if(fields.begin(), fields.end(), [&](const Place& f) { return f.spec().key == key; });
  return it == fields.end() ? nullptr : &*it;
}

// Longer than any name; what somebody put in its place is not compared letter by letter with all of them, nor shown.
constexpr size_t kLongestName = 100;

Error UnknownKey(std::string_view key) {
  const bool longer = key.size() > kLongestName;
  return Error{"unknown setting " + std::string(key.substr(0, kLongestName)) + (longer ? "..." : "") +
               "; the nearest known one is " + NearestKey(key)};
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
  if (spec.key == kTaskKey && NamesTaskFile(text)) return {};
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
    for (const Place& field : Fields()) out.push_back(field.spec());
    return out;
  }();
  return table;
}

const Spec* FindSpec(std::string_view key) {
  const Place* field = FindField(key);
  return field == nullptr ? nullptr : &field->spec();
}

std::string NearestKey(std::string_view key) {
  key = key.substr(0, kLongestName);
  const size_t dot = key.find('.');
  const std::string_view name = dot == std::string_view::npos ? key : key.substr(dot + 1);
  int best = 1 << 30;
  std::string nearest;
  for (const Place& field : Fields()) {
    const std::string& known = field.spec().key;
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

Settings DefaultsOf(const std::string& agent) {
  Settings settings;
  for (const auto& [key, text] : SettingsOfAgent(agent)) {
    const Status status = SetFromText(settings, key, text);
    EQ_CHECK(status.ok(), agent + " sets what cannot be set: " + (status.ok() ? "" : status.error().message));
  }
  const std::vector<std::string>& known = FindSpec("run.agent")->choices;
  if (std::find(known.begin(), known.end(), agent) != known.end()) settings.run.agent = agent;
  return settings;
}

Value Get(const Settings& settings, std::string_view key) {
  const Place* field = FindField(key);
  EQ_CHECK(field != nullptr, "no setting " + std::string(key));
  return field->section->get(settings, field->index);
}

Status Set(Settings& settings, std::string_view key, const Value& value) {
  const Place* field = FindField(key);
  if (field == nullptr) return UnknownKey(key);
  const Spec& spec = field->spec();
  const auto wrong_type = [&] { return Error{spec.key + " = " + ToText(value) + " should be " + Wanted(spec.type)}; };
  const auto outside = [&] { return Error{spec.key + " = " + ToText(value) + " is outside " + Range(spec)}; };
  const auto put = [&](const Value& fitting) {
    field->section->put(settings, field->index, fitting);
    return Status();
  };
  switch (spec.type) {
    case Spec::Type::kInt: {
      const int* number = std::get_if<int>(&value);
      if (number == nullptr) return wrong_type();
      return *number < spec.lowest || *number > spec.highest ? Status(outside()) : put(value);
    }
    case Spec::Type::kReal: {
      if (!std::holds_alternative<int>(value) && !std::holds_alternative<double>(value)) return wrong_type();
      const int* whole = std::get_if<int>(&value);
      const double number = whole != nullptr ? *whole : std::get<double>(value);
      if (!std::isfinite(number))
        return Error{spec.key + " = " + ToText(value) + " is not a finite number; it must lie in " + Range(spec)};
      return number < spec.lowest || number > spec.highest ? Status(outside()) : put(number);
    }
    case Spec::Type::kBool:
      return std::holds_alternative<bool>(value) ? put(value) : Status(wrong_type());
    case Spec::Type::kChoice:
    case Spec::Type::kText: {
      const std::string* text = std::get_if<std::string>(&value);
      if (text == nullptr) return wrong_type();
      if (spec.type == Spec::Type::kChoice)
        if (Status status = CheckChoice(spec, *text); !status) return status;
      return put(value);
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

Status Validate(const Settings& settings) {
  for (const Section* section : SectionsOf(settings))
    if (Status status = section->validate(settings); !status) return status;
  return {};
}

}  // namespace equipoise::config
