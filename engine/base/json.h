// json.h: JSON without losing a number.
//
// Doubles are written with the shortest digits that read back as the same bits, a float32 with the few digits that it
// needs. A number that is missing (NaN) is null, as every reader of JSON expects. JSON has no word for infinity, and
// null would make a return that diverged look like one that was never measured: it is written as the string "Infinity"
// or "-Infinity". Readers take those, null, and "NaN", which older files hold. Keys keep the order in which they were
// put. Readers throw FormatError, naming the key.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/archive.h"
#include "engine/base/result.h"

namespace equipoise {

using Json = nlohmann::ordered_json;

Json ToJson(double value);
Json ToJson(float value);
Json ToJson(const std::vector<double>& values);
Json ToJson(const std::vector<float>& values);

double RealFrom(const Json& json, const std::string& key);  // key of a member of the object `json`
int64_t IntFrom(const Json& json, const std::string& key);
bool BoolFrom(const Json& json, const std::string& key);
std::string TextFrom(const Json& json, const std::string& key);
std::vector<double> RealsFrom(const Json& json, const std::string& key);
std::vector<float> FloatsFrom(const Json& json, const std::string& key);
const Json& MemberOf(const Json& json, std::string_view key);

// The number that an element stands for; `key` stands in the error.
double RealOf(const Json& element, const std::string& key);

// One line, without a line break at its end. Bytes that are not UTF-8 are replaced, never an exception.
std::string OneLine(const Json& json);
// `origin` (file, or file:line) stands in the error.
Result<Json> ParseJson(const std::string& text, const std::string& origin);

}  // namespace equipoise
