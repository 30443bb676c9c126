#include "engine/run/same_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>

#include "engine/base/json.h"
#include "engine/record/records.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

using Lines = std::vector<std::string>;

// Part of the run's course?
bool Counts(const Event& e) {
  if (e.kind == Event::Kind::kError || e.kind == Event::Kind::kLifecycle) return false;
  return e.kind != Event::Kind::kNote || !e.key.empty();
}

std::string Short(const std::string& text) {
  constexpr size_t kMost = 120;
  return text.size() <= kMost ? text : text.substr(0, kMost) + "...";
}

// Which of their members it is, and what each says of it.
std::string MemberThatDiffers(const std::string& a, const std::string& b) {
  const Result<Json> was = ParseJson(a, ""), is = ParseJson(b, "");
  if (!was || !is) return "was " + Short(a) + " and now is " + Short(b);
  const Json patch = Json::diff(was.value(), is.value());
  const std::string path = patch.empty() ? "" : patch[0]["path"].get<std::string>();
  const auto value = [&path](const Json& all) {
    const Json::json_pointer at(path);
    return all.contains(at) ? Short(all[at].dump()) : std::string("nothing");
  };
  return "differs in " + path.substr(std::min<size_t>(1, path.size())) + ": was " + value(was.value()) +
         " and now is " + value(is.value());
}

}  // namespace

Result<Lines> EpisodeRecords(const std::string& path) {
  auto lines = store::ReadLines(path);
  if (!lines) return lines.error();
  Lines kept;
  for (const std::string& line : lines.value()) {
    auto record = WithoutClock(line);
    if (!record) return record.error();
    kept.push_back(std::move(record).value());
  }
  return kept;
}

Result<Lines> EventRecords(const std::string& path) {
  auto lines = store::ReadLines(path);
  if (!lines) return lines.error();
  Lines kept;
  for (const std::string& line : lines.value()) {
    auto event = EventFromLine(line, path);
    if (!event) return event.error();
    if (!Counts(event.value())) continue;
    auto record = WithoutClock(line);
    if (!record) return record.error();
    kept.push_back(std::regex_replace(record.value(), std::regex("rolled-back-[0-9]+"), "rolled-back"));
  }
  return kept;
}

std::string FirstDifference(const Lines& was, const Lines& is, const std::string& of, size_t first) {
  for (size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
    if (i < was.size() && i < is.size() && was[i] == is[i]) continue;
    const std::string where = of + ": record " + std::to_string(first + i);
    if (i >= was.size()) return where + " is new: " + Short(is[i]);
    if (i >= is.size()) return where + " is missing: " + Short(was[i]);
    return where + " " + MemberThatDiffers(was[i], is[i]) + ".";
  }
  return "";
}

}  // namespace equipoise::run
