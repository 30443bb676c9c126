#include "engine/base/json.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace equipoise {
namespace {

[[noreturn]] void Expected(const std::string& key, const char* what) {
  throw FormatError("\"" + key + "\" should be " + what);
}

}  // namespace

Json ToJson(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

Json ToJson(float value) {
  if (!std::isfinite(value)) return ToJson(static_cast<double>(value));
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  double shortest = 0;
  std::from_chars(digits, end, shortest);
  // Rounding twice (decimal to double to float) could in rare cases miss; then all digits are kept.
  return static_cast<float>(shortest) == value ? shortest : static_cast<double>(value);
}

template <class T>
static Json ArrayOf(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T value : values) array.push_back(ToJson(value));
  return array;
}
Json ToJson(const std::vector<double>& values) { return ArrayOf(values); }
Json ToJson(const std::vector<float>& values) { return ArrayOf(values); }

double RealOf(const Json& element, const std::string& key) {
  if (element.is_number()) return element.get<double>();
  if (element.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (element.is_string()) {
    const std::string& text = element.get_ref<const std::string&>();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  Expected(key, "a number, null, \"Infinity\" or \"-Infinity\"");
}

const Json& MemberOf(const Json& json, std::string_view key) {
  if (!json.is_object()) throw FormatError("an object with \"" + std::string(key) + "\" was expected");
  const auto it = json.find(key);
  if (it == json.end()) throw FormatError("\"" + std::string(key) + "\" is missing");
  return *it;
}

double RealFrom(const Json& json, const std::string& key) { return RealOf(MemberOf(json, key), key); }

int64_t IntFrom(const Json& json, const std::string& key) {
  const Json& member = MemberOf(json, key);
  if (!member.is_number_integer()) Expected(key, "a whole number");
  return member.get<int64_t>();
}

bool BoolFrom(const Json& json, const std::string& key) {
  const Json& member = MemberOf(json, key);
  if (!member.is_boolean()) Expected(key, "true or false");
  return member.get<bool>();
}

std::string TextFrom(const Json& json, const std::string& key) {
  const Json& member = MemberOf(json, key);
  if (!member.is_string()) Expected(key, "a text");
  return member.get<std::string>();
}

std::vector<double> RealsFrom(const Json& json, const std::string& key) {
  const Json& member = MemberOf(json, key);
  if (!member.is_array()) Expected(key, "an array of numbers");
  std::vector<double> out;
  out.reserve(member.size());
  for (const Json& element : member) out.push_back(RealOf(element, key));
  return out;
}

std::vector<float> FloatsFrom(const Json& json, const std::string& key) {
  const std::vector<double> reals = RealsFrom(json, key);
  return std::vector<float>(reals.begin(), reals.end());
}

std::string OneLine(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Json> ParseJson(const std::string& text, const std::string& origin) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& problem) {
    return Error{origin + ": not valid JSON: " + problem.what()};
  }
}

}  // namespace equipoise
