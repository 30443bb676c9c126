#include "engine/store/checked_log.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/checksum.h"
#include "engine/base/json.h"

namespace equipoise::store {
namespace {

constexpr char kMember[] = "\"check\":\"";
constexpr size_t kDigits = 8;
// ,"check":"5d41402a"}
constexpr size_t kTailBytes = 1 + sizeof(kMember) - 1 + kDigits + 2;

std::string Hex(uint32_t check) {
  char text[kDigits + 1];
  std::snprintf(text, sizeof text, "%08x", check);
  return text;
}

uint32_t Chain(uint32_t before, const std::string& body) {
  const std::string bytes = Hex(before) + body;
  return Crc32(bytes.data(), bytes.size());
}

std::string WithDigits(const std::string& body, uint32_t check) {
  return body.substr(0, body.size() - 1) + (body.size() > 2 ? "," : "") + kMember + Hex(check) + "\"}";
}

// The line without its check, and the check's digits; nothing when it has none.
struct Parts {
  std::string body, digits;
};
std::optional<Parts> Split(const std::string& line) {
  if (line.size() < kTailBytes || line.compare(line.size() - 2, 2, "\"}") != 0) return {};
  const size_t tail = line.size() - kTailBytes;
  if (line.compare(tail + 1, sizeof(kMember) - 1, kMember) != 0) return {};
  const std::string digits = line.substr(line.size() - 2 - kDigits, kDigits);
  if (line[tail] == ',') return Parts{line.substr(0, tail) + "}", digits};
  if (line[tail] == '{') return Parts{line.substr(0, tail) + "{}", digits};
  return {};
}

// Without a check only the form can tell: a blank more, another order of digits, half a line.
bool IsAsWritten(const std::string& line) {
  const Result<Json> json = ParseJson(line, "");
  return json.ok() && json.value().is_object() && OneLine(json.value()) == line;
}

// What stood in a line whose form was changed: as the program writes JSON, when the check agrees.
std::optional<std::string> Reformed(const std::string& line, uint32_t before) {
  const size_t tail = line.rfind(std::string(",") + kMember);
  if (tail != std::string::npos && line.size() < tail + kTailBytes) {  // the last bytes are missing
    const std::string body = line.substr(0, tail) + "}";
    uint32_t check = 0;
    if (ParseJson(body, "").ok() && WithCheck(body, before, &check).compare(0, line.size(), line) == 0) return body;
    return {};
  }
  Result<Json> parsed = ParseJson(line, "");
  if (!parsed || !parsed.value().is_object()) return {};
  Json json = std::move(parsed).value();
  const auto check = json.find("check");
  if (check == json.end() || !check->is_string()) return {};
  const std::string digits = check->get<std::string>();
  json.erase("check");
  const std::string body = OneLine(json);
  if (digits != Hex(Chain(before, body))) return {};
  return body;
}

// The line without what editors add: the mark of a text's encoding, the carriage return of other systems.
std::string Stripped(std::string line, bool first) {
  if (first && line.compare(0, 3, "\xEF\xBB\xBF") == 0) line.erase(0, 3);
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
  return line;
}

}  // namespace

Result<std::vector<LogLine>> ExamineLog(const std::string& path) {
  std::vector<LogLine> out;
  std::error_code absent;
  if (!std::filesystem::exists(path, absent)) return out;
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  std::istringstream in(std::move(text).value());
  uint32_t before = 0;
  bool checked = false;  // a line before carried one
  LogLine line;
  for (line.number = 1; std::getline(in, line.raw); ++line.number) {
    const std::string stripped = Stripped(line.raw, line.number == 1);
    if (stripped.empty()) continue;
    const std::optional<Parts> parts = Split(stripped);
    line.checked = true;
    line.state = LogLine::State::kRestored;
    if (parts && parts->digits == Hex(Chain(before, parts->body))) {
      line.body = parts->body;
    } else if (const std::optional<std::string> body = Reformed(stripped, before)) {
      line.body = *body;
    } else {
      Result<Json> json = ParseJson(stripped, "");
      const bool object = json.ok() && json.value().is_object();
      line.checked = object && json.value().contains("check");
      if (object && !line.checked && !checked) {  // an older version's
        line.body = OneLine(json.value());
      } else if (object && line.checked && parts) {
        line.body = parts->body;
        line.state = LogLine::State::kUnproved;
      } else {
        line.body.clear();
        line.state = LogLine::State::kLost;
      }
    }
    if (line.state == LogLine::State::kRestored) {
      before = Chain(before, line.body);
      if (line.raw == (line.checked ? WithDigits(line.body, before) : line.body) && !in.eof())
        line.state = LogLine::State::kWhole;
    } else {  // what follows was chained to what this line says of itself
      before = parts ? static_cast<uint32_t>(std::strtoul(parts->digits.c_str(), nullptr, 16)) : 0;
    }
    checked = checked || line.checked;
    line.check = before;
    out.push_back(line);
  }
  return out;
}

std::string ComposeLog(const std::vector<LogLine>& lines, std::vector<LogMark>* marks) {
  std::string out;
  uint32_t check = 0;
  for (const LogLine& line : lines) {
    EQ_CHECK(line.state != LogLine::State::kLost, "a lost line has nothing to be composed of");
    if (line.checked) {
      out += WithCheck(line.body, check, &check);
    } else {
      check = Chain(check, line.body);
      out += line.body;
    }
    out += '\n';
    if (marks != nullptr) marks->push_back({static_cast<int64_t>(out.size()), check});
  }
  return out;
}

std::string WithCheck(const std::string& json_line, uint32_t before, uint32_t* check) {
  EQ_CHECK(json_line.size() >= 2 && json_line.back() == '}', "a log line is a JSON object");
  *check = Chain(before, json_line);
  return WithDigits(json_line, *check);
}

std::optional<LogMark> LogReport::At(int64_t at) const {
  if (at == 0) return LogMark{};
  const auto mark =
      std::lower_bound(lines.begin(), lines.end(), at, [](const LogMark& m, int64_t b) { return m.bytes < b; });
  if (mark == lines.end() || mark->bytes != at) return {};
  return *mark;
}

namespace {

LogReport Verify(std::istream& in) {
  LogReport report;
  LogMark mark;
  bool checked = false;
  const auto damaged = [&](const std::string& what) {
    report.damage = LogDamage{static_cast<int64_t>(report.lines.size()) + 1, what};
  };
  for (std::string line; !report.damage && std::getline(in, line);) {
    if (in.eof()) {  // no line break behind it
      damaged("the line is cut off");
      break;
    }
    const std::optional<Parts> parts = Split(line);
    const uint32_t check = Chain(mark.check, parts ? parts->body : line);
    if (parts ? parts->digits != Hex(check) : !IsAsWritten(line))
      damaged("the line, or one before it, was changed or removed: its check does not match");
    else if (!parts && checked)
      damaged("the line has no check, while those before it do");
    if (report.damage) break;
    checked = parts.has_value();
    mark = {mark.bytes + static_cast<int64_t>(line.size()) + 1, check};
    report.lines.push_back(mark);
  }
  return report;
}

}  // namespace

Result<LogReport> VerifyLog(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return LogReport();
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{"cannot read " + path};
  LogReport report = Verify(in);
  report.bytes = static_cast<int64_t>(std::filesystem::file_size(path, error));
  if (error || in.bad()) return Error{"cannot read " + path};
  return report;
}

LogReport VerifyLogText(const std::string& text) {
  std::istringstream in(text);
  LogReport report = Verify(in);
  report.bytes = static_cast<int64_t>(text.size());
  return report;
}

Result<CheckedLog> CheckedLog::Open(const std::string& path, const LogMark& from) {
  Result<AppendFile> file = AppendFile::Open(path, from.bytes);
  if (!file) return file.error();
  CheckedLog log;
  log.file_ = std::move(file).value();
  log.check_ = from.check;
  return log;
}

Status CheckedLog::Append(const std::string& json_line) {
  uint32_t check = 0;
  const std::string line = WithCheck(json_line, check_, &check);
  if (Status status = file_.Append(line + "\n"); !status) return status;
  check_ = check;
  return {};
}

}  // namespace equipoise::store
